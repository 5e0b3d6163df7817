"""Internal notes: moderators of the agency write and read them; nothing that a citizen gets has them."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.test import APIClient

from diia_videoreception.errors import Incomplete, NoteLimit, NotFound
from diia_videoreception.models import Application, CaseNote, JournalRecord, Letter
from diia_videoreception.rules.notes import MAX_NOTE, MAX_NOTES
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.services.booking import moderation, notes
from diia_videoreception.services.letters.rendering import render_letter
from tests.factories import CitizenFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import World
from tests.steps.people import sign_in

pytestmark = pytest.mark.any_database

TEXT = "Телефоном уточнила: ПОТАЄМНЕ."
SECRET = "ПОТАЄМНЕ"


@pytest.fixture
def moderator(world: World) -> Client:
    return world.client("moderator")


def url(name: str, application: Application) -> str:
    return reverse(f"videoreception_applications:{name}", args=[application.public_id])


def add(world: World, application: Application | None = None, **changes: Any) -> CaseNote:
    how: dict[str, Any] = {
        "moderator": world.moderator,
        "public_id": (application or world.submitted).public_id,
        "text": TEXT,
        "key": uuid.uuid4(),
        "now": NOW,
    }
    return notes.add_note(**how | changes)


def test_a_note__tells_colleagues_who_wrote_what_and_when(world: World, moderator: Client) -> None:
    page = Page(moderator.get(url("inspect", world.submitted)))
    sent = {"key": page.field("key").value, "text": f" {TEXT}\r\nДруге.\u202e "}

    moderator.post(url("note", world.submitted), sent)

    shown = Page(world.client("head").get(url("inspect", world.submitted))).text
    assert TEXT in shown
    assert f"{world.moderator.get_full_name()}, 23.11.2026, 10:00" in shown
    assert CaseNote.objects.get().text == f"{TEXT}\nДруге."
    record = JournalRecord.objects.get(act="application.add_note")
    assert record.actor_id == str(world.moderator.pk)
    assert record == CaseNote.objects.get().record
    assert Application.objects.get(pk=world.submitted.pk).version == 1, "nobody's act is disturbed"


def test_the_newest_note__comes_first(world: World, moderator: Client) -> None:
    add(world, text="Перша.")
    add(world, text="Друга.")

    shown = Page(moderator.get(url("inspect", world.submitted))).text

    assert shown.index("Друга.") < shown.index("Перша.")


def test_a_note_sent_twice__is_written_once(world: World, moderator: Client) -> None:
    sent = {"key": str(uuid.uuid4()), "text": TEXT}

    moderator.post(url("note", world.submitted), sent)
    moderator.post(url("note", world.submitted), sent)

    assert CaseNote.objects.count() == 1
    assert JournalRecord.objects.filter(act="application.add_note").count() == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [(" \u200b\n", "Напишіть нотатку."), ("я" * (MAX_NOTE + 1), f"{MAX_NOTE}")],
)
def test_no_text_or_too_much__is_handed_back(
    world: World, moderator: Client, text: str, told: str
) -> None:
    response = moderator.post(
        url("note", world.submitted), {"key": str(uuid.uuid4()), "text": text}
    )

    assert response.status_code == 409
    page = Page(response)
    assert told in page.text
    assert page.field("text").value.strip() == text.strip()
    assert not CaseNote.objects.exists()


def test_a_form_that_the_page_did_not_write__adds_nothing(world: World, moderator: Client) -> None:
    response = moderator.post(url("note", world.submitted), {"key": "1", "text": TEXT})

    assert response.status_code == 409
    assert not CaseNote.objects.exists()


def test_notes__are_bounded(world: World) -> None:
    for _ in range(MAX_NOTES):
        add(world)

    with pytest.raises(NoteLimit):
        add(world)


def test_strangers__neither_write_nor_read(world: World) -> None:
    add(world)

    for stranger in (world.foreigner, world.receiver):
        with pytest.raises(NotFound):
            add(world, moderator=stranger)
    with pytest.raises(Incomplete):
        add(world, text="")
    assert CaseNote.objects.count() == 1


def test_what_is_stored__cannot_be_read(world: World) -> None:
    note = add(world)

    assert SECRET not in note.text_encrypted
    assert SECRET not in repr(note)
    assert SECRET not in json.dumps(list(JournalRecord.objects.values_list("details", flat=True)))


# --- What the citizen gets --------------------------------------------------------------------------


def _patterns(resolver: URLResolver) -> list[URLPattern]:
    found: list[URLPattern] = []
    for one in resolver.url_patterns:
        found += _patterns(one) if isinstance(one, URLResolver) else [one]
    return found


def _addresses(values: dict[str, Any]) -> set[str]:
    """Return every address of ours for others than moderators, with what is real in it."""
    ours = get_resolver().namespace_dict["diia_videoreception"][1]
    found = set()
    for pattern in _patterns(ours):
        kwargs = {name: values.get(name, "uk") for name in pattern.pattern.converters}
        for namespace in ("diia_videoreception", "diia_videoreception:api", "api"):
            try:
                found.add(reverse(f"{namespace}:{pattern.name}", kwargs=kwargs))
            except Exception:  # noqa: BLE001 - of another namespace
                continue
    return found


def test_nothing_that_a_citizen_or_an_official_gets__has_a_note(world: World) -> None:
    cases = [world.submitted, world.confirmed, world.held]
    citizen = CitizenFactory()
    Application.objects.filter(pk__in=[one.pk for one in cases]).update(citizen=citizen)
    for one in cases:
        add(world, one)
    moderation.confirm(
        moderator=world.moderator, public_id=world.submitted.public_id, version=1, now=NOW
    )
    moderation.decline(
        moderator=world.moderator,
        public_id=world.submitted.public_id,
        version=2,
        refusal=Refusal("Причина."),
        now=NOW,
    )
    browser, program = Client(), APIClient()
    sign_in(browser, citizen)
    sign_in(program, citizen)
    official = world.proven_client("receiver")

    addresses = set[str]()
    for case in cases:
        letter = Letter.objects.filter(application=case).first()
        addresses |= _addresses(
            {
                "public_id": case.public_id,
                "application_id": case.public_id,
                "letter_id": letter.public_id if letter else "",
            }
        )
    met = set[str]()
    for address in sorted(addresses):
        for client in (browser, program, official):
            answer = client.get(address)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert SECRET not in content.decode(errors="replace"), address
            met |= {
                case.number
                for case in cases
                if answer.status_code == 200 and case.number.encode() in content
            }
    assert len(met) == len(cases), "the walk meets the pages of every case"
    letters = Letter.objects.filter(application__in=cases)
    assert letters.count() >= 2
    for letter in letters:
        rendered = render_letter(letter, for_sending=True, now=NOW)
        assert SECRET not in f"{rendered.subject}{rendered.text}{rendered.html}"


def test_only_the_moderators_screens__know_of_notes() -> None:
    package = Path(notes.__file__).parents[2]
    named = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if re.search(
            r"CaseNote|case_note|booking\.notes|booking import (\([^)]*|.*)\bnotes\b",
            path.read_text(),
        )
        and "migrations" not in path.parts
    }

    assert named == {
        "models/__init__.py",
        "models/notes.py",
        "services/booking/assignments.py",
        "services/booking/notes.py",
        "services/booking/retention.py",
        "wagtail_admin/cases/acts.py",
        "wagtail_admin/cases/history.py",
    }
