"""The pages of visits: from the greeting to the end, and what is shown to whom."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception import models
from diia_videoreception.rules.visits import LETTERS, EidAnswer, VisitMode, VisitPhase
from diia_videoreception.services.assistance.visits import StatedNeed
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.centres import CentreWorld, member, user
from tests.steps.visits import NEED, SAID, at, begun, self_service_place, shown

pytestmark = pytest.mark.any_database


@pytest.fixture
def client(world: CentreWorld) -> Client:
    return world.proven_client("administrator")


def of(world: CentreWorld, name: str, *args: object) -> str:
    return reverse(f"diia_videoreception:centre_{name}", args=[world.centre.public_id, *args])


def page_of(client: Client, world: CentreWorld, visit: models.CentreVisit) -> Page:
    return Page(client.get(of(world, "visit", visit.public_id)))


def send(
    client: Client, world: CentreWorld, visit: models.CentreVisit, act: str, **data: Any
) -> Page:
    """Press a button of the page as it is now, and read what follows."""
    sent = {"act": act, "version": shown(visit).version, **data}
    return Page(client.post(of(world, "visit", visit.public_id), sent, follow=True))


def test_a_visit__goes_from_the_greeting_to_the_end(client: Client, world: CentreWorld) -> None:
    began = client.post(of(world, "visits"), follow=True)
    visit = models.CentreVisit.objects.get()
    assert began.redirect_chain[-1][0] == of(world, "visit", visit.public_id)
    page = Page(began)
    assert "Привітайтеся і вислухайте" in page.text
    assert "Чим ми можемо Вам допомогти?" in page.text

    page = send(client, world, visit, "greeting", need=SAID, language="uk")
    assert "У Вас є електронний підпис?" in page.text
    assert not page.has("button[value=confirm]")
    page = send(client, world, visit, "need", purpose="reception", agency_name="Мінпраці", eid="no")
    for words in (SAID, "Мінпраці", "Правильно ми зрозуміли?"):
        assert words in page.one("section blockquote").text
    page = send(client, world, visit, "confirm")
    assert "Без підпису є три шляхи" in page.text
    page = send(client, world, visit, "decide", mode="side_by_side")
    assert "Допомогти поруч" in page.text
    page = send(client, world, visit, "on")
    assert "Усе гаразд. Можна надсилати." in page.text
    page = send(client, world, visit, "on")
    assert page.has('a[href="https://osvita.diia.gov.ua/"]')
    page = send(client, world, visit, "end", outcome="sent")

    assert "Візит завершено" in page.text
    visit.refresh_from_db()
    assert (visit.end_reason, visit.outcome, visit.need) == ("done", "sent", "")
    assert SAID not in page_of(client, world, visit).text


def test_the_panel__shows_the_own_visits_with_letter_and_colour(
    client: Client, world: CentreWorld
) -> None:
    at(VisitPhase.WORK, world)
    begun(world)
    begun(world, world.consultant)
    page = Page(client.get(of(world, "visits")))
    letters = [letter.text for letter in page.all(".vr-visit .vr-letter")]
    assert letters == ["Візит А", "Візит Б"]
    assert page.has(".vr-letter--a")
    assert page.has(".vr-letter--b")
    assert "Допомога поруч" in page.text


def test_with_all_letters_given__none_is_offered(client: Client, world: CentreWorld) -> None:
    for _ in LETTERS:
        begun(world)
    page = Page(client.get(of(world, "visits")))
    assert "Почати візит" not in page.text
    assert "найбільша кількість: 8" in Page(client.post(of(world, "visits"), follow=True)).text


def test_with_a_signature__nothing_is_said_of_getting_one(
    client: Client, world: CentreWorld
) -> None:
    need = StatedNeed(NEED.purpose, "", None, EidAnswer.YES)
    page = page_of(client, world, at(VisitPhase.DECISION, world, need=need))
    assert "Без підпису" not in page.text


def test_the_decision__offers_what_the_centre_has(client: Client, world: CentreWorld) -> None:
    visit = at(VisitPhase.DECISION, world)

    def offered() -> list[str]:
        page = page_of(client, world, visit)
        return [str(one.tree["value"]) for one in page.all("[name=mode]")]

    assert offered() == ["side_by_side", "on_behalf", "paper", "consultation"]
    place = self_service_place(world)
    assert offered() == [
        "side_by_side",
        "self_service",
        "on_behalf",
        "paper",
        "consultation",
    ]
    page = send(client, world, visit, "decide", mode="self_service")
    assert "Виберіть місце, яке працює." in page.one("[role=alert]").text
    chosen = {"mode": "self_service", "workplace": place.public_id}
    page = send(client, world, visit, "decide", **chosen)
    assert "Місце № 1" in page.text
    visit.refresh_from_db()
    assert visit.mode == VisitMode.SELF_SERVICE


def test_acting_on_behalf__is_not_offered_to_who_may_not(
    client: Client, world: CentreWorld
) -> None:
    visit = at(VisitPhase.DECISION, world)
    models.CentreAccreditation.objects.all().delete()
    assert not page_of(client, world, visit).has("[name=mode][value=on_behalf]")
    page = send(client, world, visit, "decide", mode="on_behalf")
    assert page.has("[role=alert]")
    visit.refresh_from_db()
    assert visit.phase == VisitPhase.DECISION


def test_what_another_page_has_changed__is_told_and_not_done(
    client: Client, world: CentreWorld
) -> None:
    visit = begun(world)
    here = of(world, "visit", visit.public_id)
    sent = {"act": "greeting", "version": 1, "need": "Перше", "language": "uk"}
    client.post(here, sent)
    page = Page(client.post(here, sent | {"need": "Друге"}, follow=True))
    assert "змінено на іншій сторінці" in page.one("[role=alert]").text
    visit.refresh_from_db()
    assert visit.need == "Перше"


@pytest.mark.parametrize("version", ["", "-1", "1e3", "²", "9" * 30, "x"])
def test_a_version_that_no_page_has_sent__changes_nothing(
    client: Client, world: CentreWorld, version: str
) -> None:
    visit = begun(world)
    here = of(world, "visit", visit.public_id)
    sent = {"act": "greeting", "version": version, "need": "Так", "language": "uk"}
    assert client.post(here, sent).status_code == 303
    visit.refresh_from_db()
    assert visit.phase == VisitPhase.GREETING


def test_a_button_that_there_is_not__is_not_found(client: Client, world: CentreWorld) -> None:
    visit = begun(world)
    here = of(world, "visit", visit.public_id)
    assert client.post(here, {"act": "fly", "version": 1}).status_code == 404


def test_a_call__is_noted_and_shown_until_the_end(client: Client, world: CentreWorld) -> None:
    visit = at(VisitPhase.WORK, world)
    page = send(client, world, visit, "call", result="no_answer", note="Ще раз о 15:00")
    assert "Дзвінок записано." in page.text
    assert "Ще раз о 15:00" in page.text
    send(client, world, visit, "stop", reason="left")
    assert visit.calls.get().note == ""


def test_ending_before_the_last_stage__says_why(client: Client, world: CentreWorld) -> None:
    visit = at(VisitPhase.NEED, world)
    assert send(client, world, visit, "stop").has("[role=alert]")
    assert send(client, world, visit, "stop", reason="idle").has("[role=alert]")
    send(client, world, visit, "stop", reason="declined")
    visit.refresh_from_db()
    assert (visit.end_reason, visit.outcome) == ("declined", "nothing")


def test_open_visits__are_handed_over_to_a_colleague(client: Client, world: CentreWorld) -> None:
    colleague = member(world.centre, user("colleague", last_name="Бойко"))
    visit = at(VisitPhase.WORK, world)
    here = of(world, "hand_over")
    assert "Бойко" in Page(client.get(here)).text
    held = {"holder": world.member.public_id}
    assert Page(client.post(here, held, follow=True)).has("[role=alert]")
    page = Page(client.post(here, held | {"taker": colleague.public_id}, follow=True))
    assert "Передано." in page.text
    assert client.get(of(world, "visit", visit.public_id)).status_code == 404


def test_what_is_printed__has_nothing_of_the_person(client: Client, world: CentreWorld) -> None:
    visit = at(VisitPhase.WORK, world, VisitMode.PAPER)
    for name in ("leaflet", "paper_form"):
        page = Page(client.get(of(world, name, visit.public_id)))
        assert world.centre.phone in page.text
        assert SAID not in page.text
        assert NEED.agency_name not in page.text
    assert (
        "https://osvita.diia.gov.ua/"
        in Page(client.get(of(world, "leaflet", visit.public_id))).text
    )


def test_fifty_open_visits_in_the_centre__cost_the_panel_no_more(
    client: Client, world: CentreWorld, django_assert_max_num_queries: Any
) -> None:
    for number in range(50):
        holder = world.member if number % 7 == 0 else member(world.centre, user(f"m{number}"))
        models.CentreVisit.objects.create(
            centre=world.centre, member=holder, letter=number // 7, started_at=NOW, changed_at=NOW
        )
    self_service_place(world)
    client.get(of(world, "visits"))
    with django_assert_max_num_queries(8):
        assert client.get(of(world, "visits")).status_code == 200
