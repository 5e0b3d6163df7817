"""The pages of a consent: from the name of the person to the seal, on paper, refused, revoked."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diia_videoreception import models
from tests.harness.html import Page
from tests.steps.centres import MARKER, CentreWorld
from tests.steps.inspection import examine_inside
from tests.steps.mandates import (
    RNOKPP,
    TODAY,
    given_by_sms,
    may_act,
    sealed,
    sent_code,
    takes_texts,
    visit_for,
)
from tests.steps.people import sign_in
from tests.steps.samples import png
from tests.steps.second_factor import code_of, device_of, with_app
from tests.steps.visits import begun, shown

pytestmark = pytest.mark.any_database
PERSON = {
    "last_name": "Шевчук",
    "first_name": "Петро",
    "patronymic": "Іванович",
    "source": "document_shown",
    "document_kind": "passport",
    "document_number": "АВ 123456",
    "rnokpp": RNOKPP,
    "phone": "050 123 45 18",
}
ASKED = {"language": "uk", "scopes": ["book_reception"], "term": "this_visit", "method": "sms_code"}


@pytest.fixture
def visit(world: CentreWorld, settings: Any, tmp_path: Path) -> models.CentreVisit:
    takes_texts(settings, tmp_path)
    with_app(world.administrator)
    may_act(world.administrator)
    return visit_for(world)


@pytest.fixture
def client(world: CentreWorld, visit: models.CentreVisit) -> Client:
    return world.proven_client("administrator")


def url(visit: models.CentreVisit, name: str = "consent") -> str:
    args = [visit.centre.public_id, visit.public_id]
    return reverse(f"diia_videoreception:centre_{name}", args=args)


def send(client: Client, visit: models.CentreVisit, act: str, **data: Any) -> Page:
    """Press a button of the page as it is now, and read what follows."""
    sent = {"act": act, "version": shown(visit).version, **data}
    return Page(client.post(url(visit), sent, follow=True))


def own_code(world: CentreWorld) -> str:
    return code_of(device_of(world.administrator))


def test_a_consent_by_sms__goes_from_the_name_to_the_seal(
    client: Client, world: CentreWorld, visit: models.CentreVisit
) -> None:
    work = Page(client.get(url(visit, "visit")))
    assert work.has(f'a[href="{url(visit)}"]')
    assert "Кому ми допомагаємо?" in Page(client.get(url(visit))).text

    page = send(client, visit, "identify", **PERSON)
    assert "На що згода" in page.text
    page = send(client, visit, "ask", **ASKED)
    for words in ("Я, Шевчук Петро Іванович, погоджуюся", "записати на прийом", MARKER):
        assert words in page.one(".vr-text").text
    assert "••• •• 18" in page.text
    assert not page.has("[name=code]")
    page = send(client, visit, "send")
    mandate = models.Mandate.objects.get()
    page = send(client, visit, "code", code="000 00")
    assert page.has("#code_error")
    page = send(client, visit, "code", code=sent_code(mandate))
    assert "Ваш код із застосунку" in page.text
    page = send(client, visit, "seal", own_code="12")
    assert page.has("#own_code_error")
    page = send(client, visit, "seal", own_code=own_code(world))
    assert "Згода діє" in page.text
    assert mandate.reference in page.text
    assert "Згода діє" in Page(client.get(url(visit, "visit"))).text


def test_a_paper__is_printed_signed_scanned_and_looked_at(
    client: Client,
    world: CentreWorld,
    visit: models.CentreVisit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    examine_inside(monkeypatch)
    send(client, visit, "identify", **PERSON | {"phone": ""})
    page = send(client, visit, "ask", **ASKED | {"method": "paper_scan"})
    printed = Page(client.get(url(visit, "consent_text")))
    mandate = models.Mandate.objects.get()
    assert mandate.reference in printed.text
    assert "Дата і підпис" in printed.text
    paper = {"reference": mandate.reference, "signed_on": f"{TODAY:%d.%m.%Y}"}
    page = send(client, visit, "scan", **paper)
    assert page.has("#scan_error")
    scan = SimpleUploadedFile("Згода.png", png())
    page = send(client, visit, "scan", **paper | {"reference": "ЗГ-2026-000999-1"}, scan=scan)
    assert page.has("#reference_error")
    page = send(client, visit, "scan", **paper, scan=SimpleUploadedFile("Згода.png", png()))
    assert "Людина погодилася" in page.text
    send(client, visit, "seal", own_code=own_code(world))
    answer = client.get(url(visit, "consent_scan"))
    assert answer["Content-Disposition"].startswith("attachment")
    assert models.JournalRecord.objects.filter(act="mandate.scan_viewed").count() == 1


def test_what_is_missing_of_the_person__is_shown_at_the_form(
    client: Client, visit: models.CentreVisit
) -> None:
    page = send(client, visit, "identify", **PERSON | {"rnokpp": "123", "first_name": ""})
    assert page.has("#first_name_error")
    page = send(client, visit, "identify", **PERSON | {"rnokpp": "123"})
    assert page.has("#rnokpp_error")
    assert page.one("[name=last_name]").attribute("value") == "Шевчук"


def test_a_refusal__is_told_and_another_consent_may_be_asked(
    client: Client, visit: models.CentreVisit
) -> None:
    send(client, visit, "identify", **PERSON)
    send(client, visit, "ask", **ASKED)
    page = send(client, visit, "refuse")
    assert "Людина відмовилася" in page.text
    assert "Кому ми допомагаємо?" in Page(client.get(f"{url(visit)}?change=person")).text


def test_an_old_page__changes_nothing(client: Client, visit: models.CentreVisit) -> None:
    send(client, visit, "identify", **PERSON)
    page = Page(client.post(url(visit), {"act": "ask", "version": 1, **ASKED}, follow=True))
    assert "змінено на іншій сторінці" in page.one("[role=alert]").text
    assert models.Mandate.objects.get().state == "draft"


def test_another_way_to_help__has_no_consent_page(
    client: Client, world: CentreWorld, visit: models.CentreVisit
) -> None:
    other = begun(world)
    assert client.get(url(other))["Location"] == url(other, "visit")
    assert client.post(url(other), {"act": "identify", **PERSON}).status_code == 303
    assert not models.Mandate.objects.exists()


def test_who_lost_the_right__sees_nobodys_consent(
    client: Client, world: CentreWorld, visit: models.CentreVisit
) -> None:
    given_by_sms(visit, world.administrator)
    models.CentreAccreditation.objects.filter(kind="test").delete()
    for name in ("consent", "consent_text", "consent_scan"):
        answer = client.get(url(visit, name))
        assert answer.status_code == 403
        assert "Шевчук" not in answer.content.decode()


def test_with_a_citizen_signed_in__nobody_is_named(
    client: Client, visit: models.CentreVisit
) -> None:
    sign_in(client)
    page = send(client, visit, "identify", **PERSON)
    assert "У цьому браузері увійшов заявник" in page.one("[role=alert]").text
    assert not models.Mandate.objects.exists()


# --- Taking it back ---------------------------------------------------------------------------


def test_in_the_visit__it_is_taken_back(
    client: Client, world: CentreWorld, visit: models.CentreVisit
) -> None:
    sealed(visit, world.administrator)
    page = send(client, visit, "revoke")
    assert "Згоду відкликано" in page.text
    assert models.Mandate.objects.get().ended_by == "person"


def revoke(client: Client, world: CentreWorld, mandate: models.Mandate, **changes: str) -> Page:
    at = changes.pop("at", "")
    centre = getattr(world, at or "centre")
    sent = {"way": "here", "reference": mandate.reference, "last_name": "шевчук"} | changes
    address = reverse("diia_videoreception:centre_revoke", args=[centre.public_id])
    return Page(client.post(address, sent, follow=True))


def test_at_any_centre__it_is_taken_back_by_reference_and_name(
    world: CentreWorld, visit: models.CentreVisit
) -> None:
    mandate = sealed(visit, world.administrator)
    elsewhere = world.proven_client("foreign_head")
    for wrong in ({"last_name": "Мельник"}, {"reference": "ЗГ-2026-000999-1"}, {"way": "phone"}):
        page = revoke(elsewhere, world, mandate, at="foreign", **wrong)
        assert "Немає чинної згоди" in page.one("[role=alert]").text
    page = revoke(elsewhere, world, mandate, at="foreign")
    assert "Згоду відкликано" in page.text
    assert not re.search("Петро|Іванович", page.text)
    mandate.refresh_from_db()
    assert (mandate.state, mandate.ended_by) == ("revoked", "other_centre")
