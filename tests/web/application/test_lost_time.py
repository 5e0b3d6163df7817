"""A time that was lost while the application was written: what is offered, and that the text stays."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from diia_videoreception.models import Draft, Occupancy, Official
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import holds
from tests.factories import NOW, ApplicationFactory
from tests.harness.captcha import solved_captcha
from tests.harness.clock import START
from tests.harness.html import Page
from tests.steps.application import ANSWERS, hold_time, url, write_draft


def test_an_expired_time_that_is_free__can_be_reserved_again(
    client: Client, hold: Occupancy, draft: Draft, clock: Callable[[timedelta], None]
) -> None:
    clock(timedelta(minutes=16))

    page = Page(client.get(url("application")))

    assert "Резерв часу скасовано" in page.text
    assert "Усе, що Ви написали, збережено." in page.text
    assert (
        "Цей час ще вільний: вівторок, 1 грудня 2026 року, 10:30 за київським часом." in page.text
    )
    assert "Зарезервувати цей час ще раз" in page.form(url("reserve")).buttons()
    assert page.form(url("reserve")).hidden()["time"] == "2026-12-01T08:30Z"
    assert draft.topic in client.get(url("application") + "?write").content.decode()


def test_going_on_after_the_hold_has_ended__keeps_the_text_and_says_so(
    client: Client, hold: Occupancy, clock: Callable[[timedelta], None]
) -> None:
    clock(timedelta(minutes=16))

    response = client.post(url("application"), {"topic": "Останні слова", "phone": "0"})

    assert response["Location"] == url("application")
    assert Draft.objects.get().topic == "Останні слова"


def test_a_time_that_somebody_else_took__is_not_offered(
    client: Client, hold: Occupancy, official: Official, clock: Callable[[timedelta], None]
) -> None:
    Occupancy.objects.all().delete()
    ApplicationFactory(official=official, start=hold.start)
    clock(timedelta(minutes=16))

    page = client.get(url("application")).content.decode()

    assert "Цей час уже не можна зарезервувати." in page
    assert "Зарезервувати цей час ще раз" not in page
    assert "Вибрати інший час" in page


def test_after_two_lost_holds__the_moment_of_the_next_is_told(
    client: Client,
    person: SignedIn,
    official: Official,
    hold: Occupancy,
    clock: Callable[[timedelta], None],
) -> None:
    clock(timedelta(minutes=16))
    holds.reserve(
        actor=person,
        official_id=official.pk,
        start=hold.start,
        captcha=solved_captcha(),
        now=NOW + timedelta(minutes=16),
    )
    clock(timedelta(minutes=32))

    page = client.get(url("application")).content.decode()

    assert "зараз його не можна зарезервувати знову" in page
    assert "11:01" in page, "30 minutes after the second hold ended at 10:31"
    assert "Зарезервувати цей час ще раз" not in page


def test_a_hold_that_was_lost_days_ago__does_not_stand_in_the_way(
    client: Client, hold: Occupancy, clock: Callable[[timedelta], None]
) -> None:
    clock(timedelta(days=2))

    assert "Час ще не вибрано." in client.get(url("application")).content.decode()


def test_the_draft__survives_the_hold(
    client: Client, person: SignedIn, clock: Callable[[timedelta], None]
) -> None:
    write_draft(person, companion="Син", needs=["companion"], prior_number="ВП-1")
    clock(timedelta(hours=5))

    page = Page(client.get(url("application")))

    assert page.field("topic").value == ANSWERS["topic"]
    assert page.field("companion").value == "Син"
    assert page.field("prior_number").value == "ВП-1"


def test_the_last_minute__promises_a_second_hold_only_once(
    client: Client, person: SignedIn, official: Official, clock: Callable[[timedelta], None]
) -> None:
    again = "Ви зможете зарезервувати його ще раз"
    hold_time(person, official)
    assert again in client.get(url("application")).text

    clock(timedelta(minutes=16))
    holds.reserve(
        actor=person,
        official_id=official.pk,
        start=START,
        captcha=solved_captcha(),
        now=NOW + timedelta(minutes=16),
    )

    page = client.get(url("application")).text
    assert again not in page
    assert "зарезервувати цей час одразу ще раз не можна" in page
