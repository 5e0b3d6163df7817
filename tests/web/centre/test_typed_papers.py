"""The pages of a signature on paper: printed, scanned, sent at once or from the list of visits."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diia_videoreception import models
from diia_videoreception.rules.mandates import ConsentMethod, MandateTerm
from diia_videoreception.rules.visits import VisitMode, VisitPhase
from diia_videoreception.services.assistance import visits
from tests.factories import ConsentTextFactory, ScheduleRuleFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.centres import CentreWorld
from tests.steps.inspection import examine_inside
from tests.steps.mandates import TODAY, by, may_act, sealed, takes_texts
from tests.steps.samples import png
from tests.steps.second_factor import with_app
from tests.steps.typed_papers import printed, scanned
from tests.steps.typing import TOPIC, typed
from tests.steps.visits import at, shown

pytestmark = pytest.mark.any_database
UNTIL_RECEPTION = by(ConsentMethod.SMS_CODE, term=MandateTerm.UNTIL_RECEPTION)
TIME = "2026-12-01T08:30Z"


@pytest.fixture
def official(db: None) -> models.Official:
    ConsentTextFactory(body="Умови для паперу.")
    return ScheduleRuleFactory().official


@pytest.fixture
def client(world: CentreWorld) -> Client:
    return world.proven_client("administrator")


@pytest.fixture
def visit(
    world: CentreWorld,
    client: Client,
    official: models.Official,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> models.CentreVisit:
    examine_inside(monkeypatch)
    takes_texts(settings, tmp_path)
    staff = may_act(world.administrator)
    if not staff.totpdevice_set.exists():
        with_app(staff)
    found = at(VisitPhase.WORK, world, VisitMode.PAPER)
    sealed(found, staff, consent=UNTIL_RECEPTION)
    typed(found, staff)
    return found


def url(visit: models.CentreVisit, name: str) -> str:
    args = [visit.centre.public_id, visit.public_id]
    return reverse(f"diia_videoreception:centre_{name}", args=args)


def send(client: Client, visit: models.CentreVisit, name: str, **sent: Any) -> Page:
    return Page(
        client.post(url(visit, name), {"version": shown(visit).version, **sent}, follow=True)
    )


def signed(client: Client, visit: models.CentreVisit, **change: Any) -> Page:
    """Add the scan of the paper that is printed now."""
    code = models.TypedPaper.objects.get(application=None).code
    scan = SimpleUploadedFile("Заявка.png", png())
    sent = {"code": code, "signed_on": f"{TODAY:%d.%m.%Y}", "scan": scan} | change
    return send(client, visit, "typed_paper", act="scan", **sent)


def test_in_a_paper_visit__the_application_is_printed_signed_and_sent_with_its_time(
    visit: models.CentreVisit, client: Client, official: models.Official
) -> None:
    work = Page(client.get(url(visit, "visit")))
    assert work.has(f'a[href="{url(visit, "typed")}"]')
    assert work.has(f'a[href="{url(visit, "paper_form")}"]')
    send(client, visit, "typed_time", official=official.pk, time=TIME)
    assert Page(client.get(url(visit, "typed_check"))).has(f'a[href="{url(visit, "typed_paper")}"]')
    page = send(client, visit, "typed_paper", act="print")
    code = models.TypedPaper.objects.get().code
    assert f"{code[:4]}-{code[4:]}" in page.text
    sheet = Page(client.get(url(visit, "typed_sheet"))).text
    for words in (
        f"{code[:4]}-{code[4:]}",
        TOPIC,
        "Шевчук Петро Іванович",
        official.full_name,
        "10:30",
        "Умови для паперу.",
        "Дата і підпис",
    ):
        assert words in sheet, words
    page = signed(client, visit, code="ABCD-2345")
    assert page.has("#code_error")
    page = signed(client, visit)
    assert "Усе гаразд. Можна надсилати." in page.text
    answer = client.get(url(visit, "typed_scan"))
    assert answer["Content-Disposition"].startswith("attachment")
    assert models.JournalRecord.objects.filter(act="visit.paper_viewed").count() == 1
    page = send(client, visit, "typed_paper", act="file")
    application = models.Application.objects.get()
    assert application.number in page.text
    assert client.get(url(visit, "typed_paper"))["Location"] == url(visit, "visit")


def test_without_a_time__it_is_sent_from_the_list_and_told_when_it_is_late(
    visit: models.CentreVisit,
    client: Client,
    official: models.Official,
    world: CentreWorld,
    time_machine: Any,
) -> None:
    send(client, visit, "typed_paper", act="print")
    sheet = Page(client.get(url(visit, "typed_sheet"))).text
    assert "Дні й години, які Вам зручні" in sheet
    assert "Людина може йти" in signed(client, visit).text
    outcome = models.CentreVisit.Outcome.PAPER_FORM
    done = models.CentreVisit.EndReason.DONE
    who = {"staff": may_act(world.administrator), "now": NOW}
    visits.end(shown(visit), reason=done, outcome=outcome, **who)
    panel = reverse("diia_videoreception:centre_visits", args=[world.centre.public_id])
    paper = models.TypedPaper.objects.get()
    page = Page(client.get(panel))
    assert "треба надіслати" in page.text
    assert "не надіслано вчасно" not in page.text
    assert paper.code[:4] not in Page(world.proven_client("consultant").get(panel)).text
    time_machine.move_to(NOW + timedelta(days=7), tick=False)
    head = Page(world.proven_client("head").get(panel))
    assert "1 підписану заявку не надіслано вчасно" in head.text
    assert world.administrator.get_full_name() in head.text
    assert not head.has("button[name=paper]")
    time_machine.move_to(NOW, tick=False)
    answer = client.post(panel, {"paper": str(paper.public_id)})
    second = models.CentreVisit.objects.latest("pk")
    assert answer["Location"] == url(second, "typed_paper")
    send(client, second, "typed_time", official=official.pk, time=TIME)
    send(client, second, "typed_paper", act="file")
    assert models.Application.objects.get().confirmed_with == "paper"
    assert "треба надіслати" not in Page(client.get(panel)).text


def test_what_is_typed_otherwise__has_no_sheet_until_it_is_printed_anew(
    visit: models.CentreVisit, client: Client
) -> None:
    send(client, visit, "typed_paper", act="print")
    send(client, visit, "typed", topic="Зовсім інше питання.", phone="050 123 45 18")
    assert client.get(url(visit, "typed_sheet"))["Location"] == url(visit, "typed_paper")
    page = Page(client.get(url(visit, "typed_paper")))
    assert "Надруковане раніше вже не підходить" in page.text
    assert "Після друку щось змінено" in signed(client, visit).one("[role=alert]").text


def test_the_paper__is_there_for_nobody_else(
    visit: models.CentreVisit, client: Client, world: CentreWorld
) -> None:
    staff = may_act(world.administrator)
    paper = scanned(visit, staff, printed(visit, staff).code)
    panel = reverse("diia_videoreception:centre_visits", args=[world.centre.public_id])
    for stranger in ("head", "consultant", "foreign_head"):
        other = world.proven_client(stranger)
        for name in ("typed_paper", "typed_sheet", "typed_scan"):
            assert other.get(url(visit, name)).status_code == 404
        before = models.CentreVisit.objects.count()
        other.post(panel, {"paper": str(paper.public_id)})
        assert models.CentreVisit.objects.count() == before
    foreign = reverse("diia_videoreception:centre_visits", args=[world.foreign.public_id])
    assert client.post(foreign, {"paper": str(paper.public_id)}).status_code == 404
