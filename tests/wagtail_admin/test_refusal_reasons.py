"""«Причини відмови»: the head of an agency keeps them, its moderators pick from them, people read them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.errors import NotFound, ReasonChanged
from diia_videoreception.models import Application, JournalRecord, Letter, RefusalReason
from diia_videoreception.rules.refusals import MAX_LISTED, ListedReason, Refusal
from diia_videoreception.services.booking import moderation, refusal_reasons
from diia_videoreception.services.letters.rendering import render_letter
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import World

pytestmark = pytest.mark.any_database

WORDS = "Виплату призначає громада."
TYPED = {
    "text": "Питання належить до іншої установи.",
    "legal_ground": "Стаття 7 Закону.",
    "whom_to_ask": "Управління громади, 0 800 000 015",
    "next_step": "any",
    "position": 1,
}


@pytest.fixture
def head(world: World) -> Client:
    return world.client("head")


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


def url(name: str, *args: Any) -> str:
    return reverse(f"videoreception_refusal_reasons:{name}", args=args)


def decline_url(application: Application) -> str:
    return reverse("videoreception_applications:decline", args=[application.public_id])


def reason_of(world: World, **changes: Any) -> RefusalReason:
    reason = RefusalReason(agency=world.agency, **{**TYPED, **changes})
    return refusal_reasons.save_reason(reason, staff=world.head, now=NOW)


def picked(reason: RefusalReason, step: str, **changes: Any) -> dict[str, Any]:
    name = f"listed-{reason.pk}-{reason.version}"
    return {"version": 1, "suggestion": name, "words": WORDS, "step": step} | changes


def decline(world: World, moderator: Client, reason: RefusalReason, **changes: Any) -> Application:
    response = moderator.post(decline_url(world.submitted), picked(reason, "decline", **changes))
    assert response.status_code == 302
    return Application.objects.get(pk=world.submitted.pk)


def test_a_head__keeps_the_reasons_that_moderators_pick_from(
    world: World, head: Client, moderator: Client
) -> None:
    before = Page(moderator.get(decline_url(world.submitted)))
    assert "не належить до повноважень установи" in before.text, "the portal's own"

    answer = head.post(url("add"), {"agency": world.agency.pk, **TYPED})

    assert answer.status_code == 302
    page = Page(moderator.get(decline_url(world.submitted)))
    assert TYPED["text"] in page.text
    assert "не належить до повноважень установи" not in page.text
    elsewhere = Page(world.client("foreigner").get(decline_url(world.foreign)))
    assert TYPED["text"] not in elsewhere.text
    record = JournalRecord.objects.get(act="agency.refusal_reasons_changed")
    reason = RefusalReason.objects.get(is_archived=False)
    assert record.actor_id == str(world.head.pk)
    assert record.details == {
        "reason": reason.pk,
        "what": "saved",
        "version": 1,
        "offered": True,
    }


def test_what_was_picked__is_read_before_and_after_it_is_sent(
    world: World, moderator: Client
) -> None:
    reason = reason_of(world)

    page = Page(moderator.post(decline_url(world.submitted), picked(reason, "preview")))
    declined = decline(world, moderator, reason)

    assert declined.reason == f"{TYPED['text']}\n{WORDS}"
    assert declined.legal_ground == TYPED["legal_ground"]
    assert declined.whom_to_ask == TYPED["whom_to_ask"]
    assert declined.next_step == "any"
    letter = Letter.objects.get(application=declined, kind="declined")
    rendered = render_letter(letter, for_sending=False, now=NOW).text
    for told in (TYPED["text"], WORDS, TYPED["legal_ground"], TYPED["whom_to_ask"]):
        assert told in rendered
        assert told in page.one("blockquote.vr-preview").text
    case = reverse("videoreception_applications:inspect", args=[declined.public_id])
    assert TYPED["whom_to_ask"] in Page(moderator.get(case)).text
    record = JournalRecord.objects.get(act="application.decline")
    assert record.details == {"listed": reason.pk}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({}, "Стаття 7 Закону."),
        ({"legal_ground": "Звичайна."}, "Стаття 7 Закону."),
        ({"legal_ground": "Власна."}, "Власна."),
    ],
)
def test_the_ground_of_the_reason__gives_way_only_to_one_that_is_typed(
    world: World, moderator: Client, typed: dict[str, str], expected: str
) -> None:
    world.agency.refusal_ground = "Звичайна."
    world.agency.save()

    declined = decline(world, moderator, reason_of(world), **typed)

    assert declined.legal_ground == expected


def test_whom_to_ask__is_the_moderators_to_change(world: World, moderator: Client) -> None:
    declined = decline(world, moderator, reason_of(world), whom_to_ask="До суду.")

    assert declined.whom_to_ask == "До суду."


@pytest.mark.parametrize("change", [{"text": "Інші слова."}, {"is_archived": True}])
def test_a_reason_changed_meanwhile__is_not_sent(
    world: World, moderator: Client, change: dict[str, Any]
) -> None:
    reason = reason_of(world)
    sent = picked(reason, "decline")
    for name, value in change.items():
        setattr(reason, name, value)
    refusal_reasons.save_reason(reason, staff=world.head, now=NOW)

    response = moderator.post(decline_url(world.submitted), sent)

    assert response.status_code == 422
    page = Page(response)
    assert "Цю причину тим часом змінили." in page.text
    assert page.field("words").value.strip() == WORDS, "what was written stays"
    assert Application.objects.get(pk=world.submitted.pk).state == "submitted"


def test_a_reason_of_another_agency__declines_nothing(world: World) -> None:
    reason = reason_of(world)
    refusal = Refusal("Слова.", listed=ListedReason(reason.pk, reason.version))

    with pytest.raises(ReasonChanged):
        moderation.decline(
            moderator=world.foreigner,
            public_id=world.foreign.public_id,
            version=1,
            refusal=refusal,
            now=NOW,
        )

    assert Application.objects.get(pk=world.foreign.pk).state == "submitted"
    assert not RefusalReason.objects.filter(is_used=True).exists()


def test_a_used_reason__is_archived_and_never_deleted(
    world: World, head: Client, moderator: Client
) -> None:
    used, unused = reason_of(world), reason_of(world, text="Відповідь уже надано.")
    decline(world, moderator, used)

    refused = head.post(url("delete", used.pk), follow=True)
    head.post(url("delete", unused.pk))

    assert "позначте, що її більше не пропонуєте" in Page(refused).text
    assert set(RefusalReason.objects.all()) == {used, world.reason}
    head.post(url("edit", used.pk), {**TYPED, "is_archived": "on"})
    used.refresh_from_db()
    assert (used.is_archived, used.is_used, used.version) == (True, True, 2)
    assert TYPED["text"] not in Page(moderator.get(decline_url(world.submitted))).text


def test_what_was_declined__keeps_its_words(world: World, head: Client, moderator: Client) -> None:
    reason = reason_of(world)
    decline(world, moderator, reason)

    head.post(url("edit", reason.pk), {**TYPED, "text": "Зовсім інше."})

    assert Application.objects.get(pk=world.submitted.pk).reason.startswith(TYPED["text"])


def test_a_reason__stays_with_its_agency(world: World) -> None:
    reason = reason_of(world)
    reason.agency = world.foreign.agency

    with pytest.raises(NotFound):
        refusal_reasons.save_reason(reason, staff=world.head, now=NOW)
    with pytest.raises(NotFound):
        refusal_reasons.remove_reason(reason_of(world), staff=world.foreigner, now=NOW)
    with pytest.raises(NotFound):
        refusal_reasons.save_reason(
            RefusalReason(agency=world.agency, **TYPED), staff=world.moderator, now=NOW
        )


def test_the_list__is_bounded(world: World, head: Client) -> None:
    for number in range(MAX_LISTED):
        reason_of(world, text=f"Причина {number}.")

    refused = head.post(url("add"), {"agency": world.agency.pk, **TYPED})
    archived = head.post(url("add"), {"agency": world.agency.pk, **TYPED, "is_archived": "on"})

    assert f"не більше {MAX_LISTED} причин" in Page(refused).text
    assert archived.status_code == 302


def test_without_a_reason__nothing_is_declined(world: World, moderator: Client) -> None:
    reason_of(world)

    response = moderator.post(
        decline_url(world.submitted), {"version": 1, "suggestion": "", "words": " "}
    )

    assert response.status_code == 422
    assert "Напишіть причину" in Page(response).text
