"""What was typed for a person, on a screen of their own: who reads it, whose word it is, and what stops it."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from diia_videoreception import errors, models
from diia_videoreception.rules.mandates import ConsentMethod
from diia_videoreception.services.assistance import (
    consents,
    handing_over,
    person_view,
    reading,
    visits,
)
from diia_videoreception.services.assistance.mandate_ends import EndedBy, MandateState, end
from diia_videoreception.services.assistance.person_view import LIVES
from diia_videoreception.services.documents.storage import private_storage
from tests.factories import CitizenFactory, ConsentTextFactory, ScheduleRuleFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import client_of
from tests.steps.centres import CentreWorld, accredited
from tests.steps.mandates import (
    SHEVCHUK,
    asked,
    by,
    identified,
    may_act,
    seal,
    sealed,
    visit_for,
    with_scan,
)
from tests.steps.people import sign_in
from tests.steps.second_factor import with_app
from tests.steps.typing import ANSWERS, TOPIC, asked_to_confirm, confirmed, held, typed
from tests.steps.visits import shown

pytestmark = pytest.mark.any_database
MISTAKE = {"fault": "1"}


@pytest.fixture
def official(db: None) -> models.Official:
    ConsentTextFactory()
    return ScheduleRuleFactory().official


@pytest.fixture
def visit(world: CentreWorld, official: models.Official) -> models.CentreVisit:
    """Everything is typed, a time is held, and the person has only to confirm it."""
    found = visit_for(world)
    sealed(found, world.administrator)
    typed(found, world.administrator)
    held(found, world.administrator, official)
    return found


@pytest.fixture
def view(world: CentreWorld, visit: models.CentreVisit) -> models.PersonView:
    return reading.offer(shown(visit), staff=world.administrator, now=NOW)


def url(name: str) -> str:
    return reverse(f"diia_videoreception:person_{name}")


def reader(view: models.PersonView, citizen: models.Citizen | None = None) -> Client:
    """The browser of the person, which has found the number."""
    phone = Client()
    if citizen is not None:
        sign_in(phone, citizen)
    phone.post(url("join"), {"code": person_view.secret_of(view)})
    assert phone.post(url("match"), {"number": view.number})["Location"] == url("application")
    return phone


def word(phone: Client) -> dict[str, str]:
    """What the page sends when the person says that all is well."""
    page = Page(phone.get(url("application")))
    return {"confirm": "1", "version": page.hidden()["version"]}


def sends(phone: Client, sent: dict[str, str]) -> str:
    """Send what a page holds, and read where it leads."""
    answer = phone.post(url("application"), sent, follow=True)
    return answer.content.decode()


def nothing_is_filed() -> bool:
    return not models.Application.objects.exists()


def test_the_person__reads_all_of_it_and_sends_it_themselves(
    world: CentreWorld, visit: models.CentreVisit, view: models.PersonView
) -> None:
    code = asked_to_confirm(visit, world.administrator)
    phone = reader(view)
    text = Page(phone.get(url("application"))).text
    name = world.administrator.get_full_name()
    official = models.Official.objects.get()
    for told in (
        "Шевчук Петро Іванович",
        TOPIC,
        official.full_name,
        "вівторок, 1 грудня 2026 року, 10:30",
        models.ConsentText.objects.get().body[:20],
        f"заповнив(ла) адміністратор {name}",
        world.centre.phone,
        "Усе гаразд. Можна надсилати.",
    ):
        assert told in text, told
    sent = word(phone)
    assert phone.post(url("application"), sent)["Location"] == url("done")
    application = models.Application.objects.get()
    assert (application.channel, application.confirmed_with) == ("intermediary", "own_browser")
    assert (application.confirmed_at, application.entered_by) == (NOW, world.member)
    assert application.number in Page(phone.get(url("done"))).text
    record = models.JournalRecord.objects.get(act="application.submit")
    assert record.actor_id == str(application.citizen.public_id)
    assert record.details["confirmed_with"] == "own_browser"
    phone.post(url("application"), sent)
    with pytest.raises(errors.WrongState):
        confirmed(visit, world.administrator, code)
    assert models.Application.objects.count() == 1


def test_the_desk__shows_the_code_follows_it_and_makes_the_slip(
    world: CentreWorld, visit: models.CentreVisit
) -> None:
    desk = world.proven_client("administrator")
    args = [world.centre.public_id, visit.public_id]
    check = reverse("diia_videoreception:centre_typed_check", args=args)
    state = reverse("diia_videoreception:centre_typed_state", args=args)
    assert desk.get(state).json() == {"state": "none"}
    desk.post(check, {"act": "show", "version": shown(visit).version})
    view = models.PersonView.objects.get()
    page = Page(desk.get(check))
    assert page.has(".vr-qr")
    assert str(view.number) in page.text
    phone = reader(view)
    assert desk.get(state).json() == {"state": "matched"}
    assert not Page(desk.get(check)).has(".vr-qr")
    phone.post(url("application"), word(phone))
    assert desk.get(state).json() == {"state": "confirmed"}
    closing = Page(desk.get(desk.get(check)["Location"]))
    number = models.Application.objects.get().number
    assert number in closing.text
    slip = desk.post(
        reverse("diia_videoreception:centre_slips", args=args[:1]), {"number": number}, follow=True
    )
    assert number in Page(slip).text


def test_who_finds_a_mistake__tells_the_desk_and_reads_the_corrected_text_anew(
    world: CentreWorld, visit: models.CentreVisit, view: models.PersonView
) -> None:
    staff = world.administrator
    code = asked_to_confirm(visit, staff)
    phone = reader(view)
    sent = word(phone)
    assert "Скажіть адміністратору, що не так" in sends(phone, MISTAKE)
    desk = world.proven_client("administrator")
    check = reverse(
        "diia_videoreception:centre_typed_check", args=[world.centre.public_id, visit.public_id]
    )
    assert "Людина знайшла помилку." in Page(desk.get(check)).text
    record = models.JournalRecord.objects.get(act="visit.fault_found")
    assert record.actor_kind == "citizen"
    # Neither the page that is open still nor the code of before sends it.
    phone.post(url("application"), sent)
    with pytest.raises(errors.WrongState):
        confirmed(visit, staff, code)
    assert nothing_is_filed()
    typed(visit, staff, replace(ANSWERS, topic="Виправлене питання."))
    again = reader(reading.offer(shown(visit), staff=staff, now=NOW))
    assert "Виправлене питання." in Page(again.get(url("application"))).text
    again.post(url("application"), word(again))
    assert models.Application.objects.get().topic == "Виправлене питання."


@pytest.mark.parametrize("what", ["answers", "time", "terms", "document"])
def test_what_is_changed_while_they_read__has_to_be_read_anew(
    world: CentreWorld,
    visit: models.CentreVisit,
    view: models.PersonView,
    official: models.Official,
    what: str,
) -> None:
    phone, staff = reader(view), world.administrator
    sent = word(phone)
    match what:
        case "answers":
            typed(visit, staff, replace(ANSWERS, topic="Зовсім інше питання."))
        case "time":
            held(visit, staff, official, NOW + timedelta(days=8))
        case "terms":
            ConsentTextFactory(version=2, body="Інші умови.")
        case "document":
            models.Document.objects.create(
                draft=models.Draft.objects.get(),
                name="Довідка.pdf",
                media_type="application/pdf",
                size=3,
                sha256="0" * 64,
                path="x",
                created_at=NOW,
            )
    assert "Прочитайте все ще раз" in sends(phone, sent)
    assert nothing_is_filed()
    phone.post(url("application"), word(phone))
    assert models.Application.objects.count() == 1


@pytest.mark.parametrize("what", ["consent", "scope", "right", "centre", "visit", "late", "member"])
def test_what_has_ended_meanwhile__sends_nothing(
    world: CentreWorld,
    visit: models.CentreVisit,
    view: models.PersonView,
    what: str,
    time_machine: Any,
) -> None:
    phone = reader(view)
    sent = word(phone)
    match what:
        case "consent":
            end(models.Mandate.objects.get(), MandateState.REVOKED, EndedBy.PERSON, now=NOW)
        case "scope":
            models.MandateScope.objects.update(ended_at=NOW)
        case "right":
            models.CentreAccreditation.objects.update(valid_until=NOW.date() - timedelta(days=1))
        case "centre":
            models.Centre.objects.update(
                state="suspended", suspended_at=NOW, suspension_reason="Перевірка."
            )
        case "visit":
            visits.end(
                shown(visit),
                reason=models.CentreVisit.EndReason.LEFT,
                outcome=models.CentreVisit.Outcome.NOTHING,
                staff=world.administrator,
                now=NOW,
            )
        case "late":
            time_machine.move_to(NOW + LIVES, tick=False)
        case "member":
            models.CentreMember.objects.update(ended_at=NOW)
    for answer in (
        phone.post(url("application"), sent, follow=True),
        phone.post(url("application"), MISTAKE, follow=True),
        phone.get(url("application")),
    ):
        assert answer.status_code in {403, 409}
        assert TOPIC not in answer.content.decode()
    assert nothing_is_filed()
    assert not models.JournalRecord.objects.filter(act="visit.fault_found").exists()


def test_a_time_that_is_held_no_more__sends_nothing_and_says_so(
    visit: models.CentreVisit, view: models.PersonView, time_machine: Any
) -> None:
    phone = reader(view)
    sent = word(phone)
    later = NOW + timedelta(minutes=1)
    models.Occupancy.objects.update(expires_at=later)
    time_machine.move_to(later, tick=False)
    assert "час більше не заброньовано" in sends(phone, sent)
    assert nothing_is_filed()


def test_an_application_of_the_next_person__is_not_read_by_the_browser_of_the_one_before(
    world: CentreWorld,
    visit: models.CentreVisit,
    view: models.PersonView,
    official: models.Official,
) -> None:
    phone, staff = reader(view), world.administrator
    end(models.Mandate.objects.get(), MandateState.REVOKED, EndedBy.PERSON, now=NOW)
    sealed(visit, staff, said=replace(SHEVCHUK, last_name="Мельник", rnokpp=""))
    typed(visit, staff, replace(ANSWERS, topic="Питання іншої людини."))
    held(visit, staff, official)
    answer = phone.get(url("application"))
    assert answer.status_code == 409
    assert "іншої людини" not in answer.content.decode()


def test_a_browser_of_staff__reads_and_confirms_nothing(
    world: CentreWorld, view: models.PersonView
) -> None:
    phone = reader(view)
    sent = word(phone)
    phone.force_login(world.administrator)
    for answer in (
        phone.get(url("application")),
        phone.post(url("application"), sent),
        phone.post(url("application"), MISTAKE),
    ):
        assert answer.status_code == 403
        assert TOPIC not in answer.content.decode()
    desk = client_of(world.administrator)
    assert desk.post(url("join"), {"code": person_view.secret_of(view)}).status_code == 403
    assert nothing_is_filed()


def test_who_is_signed_in_as_somebody_else__confirms_nothing(
    world: CentreWorld, view: models.PersonView
) -> None:
    phone = reader(view, CitizenFactory(last_name="Бондар", first_name="Ірина"))
    answer = phone.get(url("application"))
    assert answer.status_code == 403
    assert TOPIC not in answer.content.decode()
    sends(phone, {"confirm": "1"})
    assert nothing_is_filed()


def test_the_administrator__confirms_nothing_from_their_own_account(
    world: CentreWorld, view: models.PersonView
) -> None:
    user = type(world.administrator).objects.filter(pk=world.administrator.pk)
    user.update(last_name="Шевчук", first_name="Петро")
    phone = reader(view, CitizenFactory(last_name="Шевчук", first_name="Петро"))
    assert phone.get(url("application")).status_code == 403
    sends(phone, {"confirm": "1"})
    assert nothing_is_filed()


def test_a_visit_handed_over_to_its_person__goes_no_further(
    world: CentreWorld, visit: models.CentreVisit, official: models.Official
) -> None:
    models.CentreMember.objects.filter(user=world.consultant).update(role="administrator")
    taker = world.consultant
    taker.last_name, taker.first_name = "ШЕВЧУК", "Петро"
    taker.save()
    with_app(taker)
    accredited(taker, world.centre)
    handing_over.hand_over(
        world.centre.public_id,
        holder=world.member.public_id,
        taker=models.CentreMember.objects.get(user=taker).public_id,
        staff=world.administrator,
        now=NOW,
    )
    for act in (
        lambda: typed(visit, may_act(taker), replace(ANSWERS, topic="Інше")),
        lambda: reading.offer(shown(visit), staff=may_act(taker), now=NOW),
    ):
        with pytest.raises(errors.NotForOneself):
            act()


def test_who_has_no_telephone__confirms_on_a_screen_of_the_centre(
    world: CentreWorld, official: models.Official
) -> None:
    visit, staff = visit_for(world), world.administrator
    said = replace(SHEVCHUK, phone="")
    mandate = asked(visit, staff, by(ConsentMethod.PAPER_SCAN), said=said)
    with_scan(visit, staff, mandate.reference)
    seal(visit, staff)
    desk = world.proven_client("administrator")
    base = reverse(
        "diia_videoreception:centre_visit", args=[world.centre.public_id, visit.public_id]
    )
    assert "Ввести заявку" in Page(desk.get(base)).text
    typed(visit, staff)
    held(visit, staff, official)
    page = Page(desk.get(f"{base}application/check/"))
    assert "Показати код" in page.text
    assert "Надіслати людині код" not in page.text
    tablet = reader(reading.offer(shown(visit), staff=staff, now=NOW))
    tablet.post(url("application"), word(tablet))
    assert models.Application.objects.get().confirmed_with == "own_browser"


def test_nothing_is_offered__before_all_is_there(
    world: CentreWorld, official: models.Official
) -> None:
    visit, staff = visit_for(world), world.administrator
    identified(visit, staff)
    with pytest.raises(errors.NoMandate):
        reading.offer(shown(visit), staff=staff, now=NOW)
    asked(visit, staff)
    consents.send_code(shown(visit), staff=staff, now=NOW)
    with pytest.raises(errors.NoMandate):
        reading.offer(shown(visit), staff=staff, now=NOW)


# --- Documents ---------------------------------------------------------------------------------


def document_of(visit: models.CentreVisit, name: str = "Довідка.png") -> models.Document:
    """A document that the centre has added to what it types in a visit."""
    draft = models.Draft.objects.get(typed__visit=visit)
    public_id = uuid.uuid4()
    path = private_storage().save(f"documents/{public_id.hex}", ContentFile(b"png"))
    return models.Document.objects.create(
        public_id=public_id,
        draft=draft,
        name=name,
        media_type="image/png",
        size=3,
        sha256="0" * 64,
        path=path,
        created_at=NOW,
    )


def test_the_person__looks_at_the_documents_that_they_are_asked_to_confirm_and_at_no_other(
    world: CentreWorld, visit: models.CentreVisit
) -> None:
    own = document_of(visit)
    other_visit = visit_for(world)
    said = replace(SHEVCHUK, last_name="Інша", rnokpp="", phone="050 765 43 21")
    sealed(other_visit, world.administrator, said=said)
    typed(other_visit, world.administrator)
    foreign = document_of(other_visit)
    view = reading.offer(shown(visit), staff=world.administrator, now=NOW)
    phone = reader(view)

    def address(document: models.Document) -> str:
        return reverse("diia_videoreception:person_document", args=[document.public_id])

    assert Page(phone.get(url("application"))).has(f'a[href="{address(own)}"]')
    answer = phone.get(address(own))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.getvalue() == b"png"
    assert phone.get(address(foreign)).status_code == 404
    stranger = Client()
    sign_in(stranger)
    desk = world.proven_client("administrator")
    for other in (Client(), stranger, desk):
        assert other.get(address(own)).status_code in {403, 409}
    mandate = models.Mandate.objects.get(visit=visit)
    end(mandate, MandateState.REVOKED, EndedBy.PERSON, now=NOW)
    assert phone.get(address(own)).status_code == 409
