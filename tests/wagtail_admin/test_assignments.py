"""Who sees to a case: it is taken, handed over with a note, given back; nobody is kept from deciding."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse

from diia_videoreception.errors import NotAModerator, NotFound, WrongState
from diia_videoreception.models import (
    AgencyModerator,
    Application,
    CaseAssignment,
    CaseNote,
    JournalRecord,
    Letter,
)
from diia_videoreception.services.accounts import staff_rights
from diia_videoreception.services.booking import assignments
from diia_videoreception.services.letters.delivery import deliver_due
from diia_videoreception.wagtail_admin.cases import assigning
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import MARKER, World, staff

pytestmark = pytest.mark.any_database


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


@pytest.fixture
def colleague(world: World) -> Any:
    user = staff("kolega", world.agency, last_name="Дяченко")
    user.email = "kolega@example.gov.ua"
    user.save()
    return user


def url(name: str, application: Application) -> str:
    return reverse(f"videoreception_applications:{name}", args=[application.public_id])


def right_of(world: World, user: Any) -> AgencyModerator:
    return AgencyModerator.objects.get(agency=world.agency, user=user)


def take(world: World, user: Any, *, seen: int = 0) -> CaseAssignment:
    public_id = world.submitted.public_id
    assignments.take(moderator=user, public_id=public_id, seen=seen, now=NOW)
    return CaseAssignment.objects.get()


def hand_over(world: World, to: AgencyModerator, **changes: Any) -> CaseAssignment:
    how: dict[str, Any] = {
        "moderator": world.moderator,
        "public_id": world.submitted.public_id,
        "colleague": to.pk,
        "note": "",
        "seen": 0,
        "now": NOW,
    }
    assignments.hand_over(**how | changes)
    return CaseAssignment.objects.get()


def listed(client: Client, whose: str) -> set[str]:
    page = Page(client.get(reverse("videoreception_applications:index"), {"whose": whose}))
    return {one.text for one in page.all("td.vr-row__number a")}


def records() -> list[tuple[str, dict[str, Any]]]:
    acts = ("application.take", "application.hand_over", "application.give_back")
    found = JournalRecord.objects.filter(act__in=acts)
    return list(found.values_list("act", "details"))


def test_a_moderator__takes_a_case_and_gives_it_back(world: World, moderator: Client) -> None:
    page = Page(moderator.get(url("inspect", world.submitted)))
    assert "За заявку ще ніхто не відповідає." in page.text

    moderator.post(url("take", world.submitted), {"seen": 0})

    page = Page(moderator.get(url("inspect", world.submitted)))
    assert "За заявку відповідаєте Ви." in page.text
    seen = page.form(url("give_back", world.submitted)).field("seen").value
    assert listed(moderator, "mine") == {world.submitted.number}
    assert world.submitted.number not in listed(moderator, "free")
    other = Page(world.client("head").get(url("inspect", world.submitted)))
    assert f"Відповідає: {world.moderator.get_full_name()}." in other.text
    assert Application.objects.get(pk=world.submitted.pk).version == 1, (
        "nobody is kept from deciding"
    )

    moderator.post(url("give_back", world.submitted), {"seen": seen})

    assert not CaseAssignment.objects.exists()
    assert listed(moderator, "mine") == set()
    own = world.moderator.pk
    assert records() == [
        ("application.take", {"was": None, "user": own}),
        ("application.give_back", {"was": own, "user": None}),
    ]
    assert not Letter.objects.filter(kind="staff_case").exists()


def test_handing_over__tells_the_colleague_without_a_word_about_the_citizen(
    world: World, moderator: Client, colleague: Any
) -> None:
    to = right_of(world, colleague)
    page = Page(moderator.get(url("hand_over", world.submitted)))
    assert f"{colleague.get_full_name()}: 0 заявок у роботі" in page.text
    sent = {"seen": 0, "colleague": to.pk, "note": "Просить говорити повільніше."}

    moderator.post(url("hand_over", world.submitted), sent)

    assert CaseAssignment.objects.get().right == to
    note = CaseNote.objects.get()
    assert (note.text, note.record.act) == ("Просить говорити повільніше.", "application.hand_over")
    shown = Page(world.client("head").get(url("inspect", world.submitted))).text
    assert "Просить говорити повільніше." in shown
    deliver_due(now=NOW)
    (letter,) = [one for one in mail.outbox if one.to == ["kolega@example.gov.ua"]]
    assert letter.subject == f"Заявку № {world.submitted.number} передано Вам"
    assert f"/admin/videoreception/applications/{world.submitted.public_id}/" in letter.body
    for personal in (world.submitted.citizen.last_name, world.submitted.phone, "повільніше"):
        assert personal not in letter.body
    assert world.submitted.topic not in letter.body


def test_who_had_the_case__is_told_that_somebody_else_has_it(world: World, colleague: Any) -> None:
    first = take(world, colleague)

    take(world, world.moderator, seen=first.pk)

    letter = Letter.objects.get(kind="staff_case")
    assert letter.address == colleague.email
    assert letter.facts["news"] == "taken"
    deliver_due(now=NOW)
    assert any("тепер веде колега" in one.subject for one in mail.outbox)


def test_two_who_take_at_once__the_second_sees_the_first(
    world: World, moderator: Client, colleague: Any
) -> None:
    take(world, colleague)

    answer = moderator.post(url("take", world.submitted), {"seen": 0}, follow=True)

    assert "Заявка змінилася" in Page(answer).text
    assert CaseAssignment.objects.get().right.user == colleague
    with pytest.raises(WrongState):
        assignments.give_back(
            moderator=world.moderator, public_id=world.submitted.public_id, seen=0, now=NOW
        )


def test_taking_twice__changes_nothing_more(world: World) -> None:
    first = take(world, world.moderator)

    assert take(world, world.moderator) == first
    assert len(records()) == 1


def test_handing_over_what_another_has_got__is_asked_again_with_the_note(
    world: World, moderator: Client, colleague: Any
) -> None:
    taken = take(world, world.head)
    sent = {"seen": 0, "colleague": right_of(world, colleague).pk, "note": "Слова."}

    answer = moderator.post(url("hand_over", world.submitted), sent)

    assert answer.status_code == 409
    page = Page(answer)
    assert "Заявка змінилася" in page.text
    assert page.field("note").value.strip() == "Слова."
    assert page.field("seen").value == str(taken.pk)
    assert not CaseNote.objects.exists()


def test_only_moderators_of_the_agency__can_be_handed_a_case(world: World, colleague: Any) -> None:
    foreign = AgencyModerator.objects.get(user=world.foreigner)
    closed = right_of(world, colleague)
    colleague.is_active = False
    colleague.save()

    for to in (foreign, closed):
        with pytest.raises(NotAModerator):
            hand_over(world, to)
    with pytest.raises(NotFound):
        hand_over(world, closed, moderator=world.foreigner)
    with pytest.raises(NotAModerator):
        take(world, world.superuser)
    assert not CaseAssignment.objects.exists()


def test_who_loses_the_right__has_no_case_any_more(
    world: World, moderator: Client, colleague: Any
) -> None:
    hand_over(world, right_of(world, colleague))
    assert world.submitted.number not in listed(moderator, "free")

    staff_rights.take_moderator(right_of(world, colleague), staff=world.head, now=NOW)

    assert not CaseAssignment.objects.exists()
    assert world.submitted.number in listed(moderator, "free")
    assert Application.objects.filter(pk=world.submitted.pk).exists()


def test_whose_account_is_closed__has_no_case_any_more(
    world: World, moderator: Client, colleague: Any
) -> None:
    hand_over(world, right_of(world, colleague))
    get_user_model().objects.filter(pk=colleague.pk).update(is_active=False)

    page = Page(moderator.get(url("inspect", world.submitted)))

    assert "За заявку ще ніхто не відповідає." in page.text
    assert world.submitted.number in listed(moderator, "free")
    assert take(world, world.moderator).right.user == world.moderator


def test_a_colleague_who_loses_the_right_at_this_moment__is_told_of_and_not_handed_it(
    world: World, moderator: Client, colleague: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = right_of(world, colleague)
    sent = {"seen": 0, "colleague": right.pk, "note": "Слова."}
    offered = [right]
    monkeypatch.setattr(assigning, "colleagues_in", lambda *_agency, **_how: offered)
    AgencyModerator.objects.filter(pk=right.pk).delete()

    answer = moderator.post(url("hand_over", world.submitted), sent)

    assert answer.status_code == 409
    assert "лише модератор цієї установи" in Page(answer).text
    assert not CaseAssignment.objects.exists()


def test_a_superuser_without_the_right__is_told_so(world: World) -> None:
    answer = world.client("superuser").post(url("take", world.submitted), {"seen": 0}, follow=True)

    assert "лише модератор цієї установи" in Page(answer).text
    assert not CaseAssignment.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"colleague": "x"}, {"colleague": "999999"}])
def test_without_a_colleague__nothing_is_handed_over(
    world: World, moderator: Client, sent: dict[str, str]
) -> None:
    answer = moderator.post(url("hand_over", world.submitted), {"seen": 0, "note": "а"} | sent)

    assert answer.status_code == 422
    assert not CaseAssignment.objects.exists()
    assert MARKER in Page(answer).text
