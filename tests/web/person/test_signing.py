"""A consent signed with КЕП on the own screen: by whom it names, over what they read, once; and kept."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diia_videoreception import models
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.rules.mandates import ConsentMethod, HelpScope
from diia_videoreception.services.assistance import kep_consents, mandates, person_view
from integrations.kep.cms import read_signed_data
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.authority import signature
from tests.steps.centres import CentreWorld
from tests.steps.mandates import SHEVCHUK, asked, by, may_act, seal, visit_for
from tests.steps.people import page_after, sign_in
from tests.steps.second_factor import with_app
from tests.steps.signing import NUMBER, install, new_olena
from tests.steps.typing import typed
from tests.steps.visits import shown

pytestmark = pytest.mark.any_database
OLENA = replace(
    SHEVCHUK, last_name="Вербицька", first_name="Олена", patronymic="Ігорівна", rnokpp=NUMBER
)
KEP = by(ConsentMethod.KEP_SIGNATURE)


@pytest.fixture(autouse=True)
def kep(world: CentreWorld, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    install(settings, monkeypatch)


@pytest.fixture
def staff(world: CentreWorld) -> Any:
    if not world.administrator.totpdevice_set.exists():
        with_app(world.administrator)
    return may_act(world.administrator)


@pytest.fixture
def visit(world: CentreWorld, staff: Any) -> models.CentreVisit:
    found = visit_for(world)
    asked(found, staff, KEP, said=OLENA)
    return found


def url(name: str) -> str:
    return reverse(f"diia_videoreception:person_{name}")


def own_browser(visit: models.CentreVisit, staff: Any) -> Client:
    """The browser of the person, which has the code and has found the number."""
    view = person_view.offer(shown(visit), staff=staff, now=NOW)
    browser = Client()
    browser.post(url("join"), {"code": person_view.secret_of(view)})
    browser.post(url("match"), {"number": view.number})
    return browser


def text_now() -> bytes:
    return kep_consents.document_of(models.Mandate.objects.latest("pk")).encode()


def sent(browser: Client, data: bytes, challenge: str = "") -> Any:
    key = challenge or Page(browser.get(url("consent"))).field("challenge").value
    file = SimpleUploadedFile("consent.p7s", data)
    return browser.post(url("consent"), {"challenge": key, "file": file})


def given() -> bool:
    return models.ConsentEvidence.objects.exists()


def test_a_consent__is_read_signed_kept_and_lets_the_centre_go_on(
    visit: models.CentreVisit, staff: Any
) -> None:
    browser = own_browser(visit, staff)
    page = Page(browser.get(url("consent")))
    assert "Я, Вербицька Олена Ігорівна, погоджуюся" in page.text
    assert sent(browser, signature("olena", text_now()))["Location"] == url("done")
    mandate = models.Mandate.objects.get()
    assert (mandate.evidence.method, mandate.evidence.level) == ("kep_signature", "high")
    assert (mandate.evidence.signer, mandate.level) == ("Вербицька Олена Ігорівна", "high")
    record = models.JournalRecord.objects.get(act="mandate.given")
    assert record.details["method"] == "kep_signature"
    assert "Вербицька" not in str(record.details)
    assert Page(browser.get(url("done"))).has(f'a[href="{url("signed")}"]')
    kept = browser.get(url("signed"))
    assert kept["Content-Disposition"].startswith("attachment")
    assert read_signed_data(kept.getvalue()).content == text_now()
    assert Client().get(url("signed")).status_code != 200
    seal(visit, staff)
    visit.refresh_from_db()
    assert mandates.require_scope(visit, HelpScope.BOOK_RECEPTION, now=NOW) == mandate
    assert typed(visit, staff).mandate == mandate


def test_the_signed_consent__stands_in_the_account_of_the_same_number_alone(
    visit: models.CentreVisit, staff: Any
) -> None:
    sent(own_browser(visit, staff), signature("olena", text_now()))
    seal(visit, staff)
    mandate = models.Mandate.objects.get()
    there = reverse("diia_videoreception:consent_signed", args=[mandate.public_id])
    own, other = Client(), Client()
    sign_in(own, new_olena())
    sign_in(other)
    assert Page(own.get(reverse("diia_videoreception:consents"))).has(f'a[href="{there}"]')
    assert own.get(there)["Content-Disposition"].startswith("attachment")
    assert other.get(there).status_code == 404


def test_the_number_of_the_key__is_kept_where_none_was_told(world: CentreWorld, staff: Any) -> None:
    visit = visit_for(world)
    asked(visit, staff, KEP, said=replace(OLENA, rnokpp=""))
    sent(own_browser(visit, staff), signature("olena", text_now()))
    helped = models.HelpedPerson.objects.get()
    assert helped.claimed_hash == lookup_hash("rnokpp", NUMBER)


@pytest.mark.parametrize(
    ("slug", "change"),
    [("taras", {}), ("olena", {"last_name": "Інша"}), ("olena", {"rnokpp": SHEVCHUK.rnokpp})],
)
def test_the_key_of_another_person__confirms_nothing(
    world: CentreWorld, staff: Any, slug: str, change: dict[str, str]
) -> None:
    visit = visit_for(world)
    asked(visit, staff, KEP, said=replace(OLENA, **change))
    answer = sent(own_browser(visit, staff), signature(slug, text_now()))
    assert answer.status_code == 403
    assert "Цей ключ належить іншій особі" in answer.content.decode()
    assert not given()


def test_an_administrator__does_not_sign_for_their_own_help(
    visit: models.CentreVisit, staff: Any
) -> None:
    own = lookup_hash("staff_key", f"{staff.pk}\0rnokpp:{NUMBER}")
    models.StaffKey.objects.create(user=staff, identifier_hash=own, label="АЦСК", bound_at=NOW)
    answer = sent(own_browser(visit, staff), signature("olena", text_now()))
    assert answer.status_code == 403
    assert not given()


def test_another_text__is_no_consent(visit: models.CentreVisit, staff: Any) -> None:
    browser = own_browser(visit, staff)
    answer = sent(browser, signature("olena", text_now() + b"x"))
    assert "Підписано інший текст" in answer.content.decode()
    assert not given()


def test_a_signature_of_an_earlier_asking__is_not_taken_again(
    visit: models.CentreVisit, staff: Any, world: CentreWorld, time_machine: Any
) -> None:
    before = signature("olena", text_now())
    time_machine.move_to(NOW + timedelta(minutes=1), tick=False)
    mandates.ask(shown(visit), KEP, staff=staff, now=NOW + timedelta(minutes=1))
    view = person_view.offer(shown(visit), staff=staff, now=NOW + timedelta(minutes=1))
    browser = Client()
    browser.post(url("join"), {"code": person_view.secret_of(view)})
    browser.post(url("match"), {"number": view.number})
    answer = sent(browser, before)
    assert "Підписано інший текст" in answer.content.decode()
    assert not given()


def test_a_text_of_another_browser__is_not_signed_here(
    visit: models.CentreVisit, staff: Any
) -> None:
    first = own_browser(visit, staff)
    foreign = Page(first.get(url("consent"))).field("challenge").value
    second = own_browser(visit, staff)
    good = signature("olena", text_now())
    assert sent(second, good, foreign).status_code == 400
    assert sent(first, good, foreign).status_code == 409
    assert not given()
    used = Page(second.get(url("consent"))).field("challenge").value
    assert sent(second, signature("taras", text_now()), used).status_code == 403
    assert sent(second, good, used).status_code == 400
    assert not given()


def test_who_does_not_sign__is_not_asked_again(visit: models.CentreVisit, staff: Any) -> None:
    browser = own_browser(visit, staff)
    browser.post(url("consent"), {"refuse": "1"})
    mandate = models.Mandate.objects.get()
    assert (mandate.state, mandate.ended_by) == ("refused", "person")
    assert not given()


def test_a_file_that_is_no_signature__leaves_the_text_for_another_try(
    visit: models.CentreVisit, staff: Any
) -> None:
    browser = own_browser(visit, staff)
    page = page_after(browser, sent(browser, b""))
    assert "Виберіть файл" in page.content.decode()
    assert sent(browser, signature("olena", text_now()))["Location"] == url("done")
