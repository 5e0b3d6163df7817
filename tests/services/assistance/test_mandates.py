"""Consents to help: who may take one, how it is given and sealed, what it allows and how it ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from diia_videoreception import errors, models
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.rules.centres import CentreFunction
from diia_videoreception.rules.mandates import (
    AFTER_RECEPTION,
    CODE_LIVES,
    MAX_RESENDS,
    PEOPLE_PER_PHONE,
    TO_ANSWER,
    ConsentMethod,
    HelpScope,
    IdentitySource,
    MandateState,
    MandateTerm,
    format_reference,
)
from diia_videoreception.rules.visits import VisitMode, VisitPhase
from diia_videoreception.selectors.assistance import mandates as selector
from diia_videoreception.selectors.assistance.mandates import mandate_of, read_text
from diia_videoreception.services.assistance import consents, mandates, visits
from diia_videoreception.services.assistance.helped import checked, person_of
from diia_videoreception.services.assistance.mandate_ends import expire_due
from diia_videoreception.services.centres import decisions, granting, people
from diia_videoreception.services.letters.delivery import deliver_urgent
from tests.factories import ApplicationFactory, CitizenFactory
from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld, decided, member, operator
from tests.steps.inspection import examine_inside
from tests.steps.mandates import (
    BOOKING,
    PHONE,
    RNOKPP,
    SHEVCHUK,
    asked,
    by,
    given_by_sms,
    identified,
    may_act,
    seal,
    sealed,
    sent_code,
    takes_texts,
    visit_for,
    with_scan,
)
from tests.steps.samples import png
from tests.steps.second_factor import with_app
from tests.steps.visits import at, begun, shown

pytestmark = pytest.mark.any_database
LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def staff(world: CentreWorld) -> Any:
    with_app(world.administrator)
    return may_act(world.administrator)


@pytest.fixture
def visit(world: CentreWorld, staff: Any, settings: Any, tmp_path: Path) -> models.CentreVisit:
    takes_texts(settings, tmp_path)
    return visit_for(world)


def texts_in(folder: Path) -> str:
    return "".join(file.read_text() for file in (folder / "sms").iterdir())


def booking(visit: models.CentreVisit, **how: Any) -> models.Mandate:
    visit.refresh_from_db()
    return mandates.require_scope(visit, HelpScope.BOOK_RECEPTION, now=how.get("now", NOW))


def records() -> list[str]:
    found = models.JournalRecord.objects.filter(subject_kind="mandate")
    return list(found.values_list("act", flat=True))


# --- From the name of the person to the seal ----------------------------------------------------


def test_a_consent_by_sms__is_given_by_the_phone_of_the_person_and_sealed_by_the_administrator(
    visit: models.CentreVisit, staff: Any, tmp_path: Path
) -> None:
    mandate = asked(visit, staff)
    read = read_text(mandate)
    assert "Я, Шевчук Петро Іванович, погоджуюся" in read
    assert "записати на прийом" in read
    assert mandate.rendered_sha256 == sha256(read.encode()).hexdigest()
    assert (mandate.document_last, mandate.phone) == ("3456", PHONE)

    consents.send_code(shown(visit), staff=staff, now=NOW)
    assert deliver_urgent(now=NOW) == 1
    code, sms = sent_code(mandate), texts_in(tmp_path)
    assert code in sms
    assert "Ваша згода" in sms
    assert PHONE in sms
    with pytest.raises(errors.NoMandate):
        booking(visit)
    consents.confirm_code(shown(visit), code, staff=staff, now=NOW)
    with pytest.raises(errors.NoMandate):
        booking(visit)
    in_force = seal(visit, staff)

    assert booking(visit) == in_force
    assert mandate_of(visit) == in_force
    assert in_force.taken_by.user == staff
    assert records() == ["mandate.asked", "mandate.code_sent", "mandate.given", "mandate.sealed"]
    given = models.JournalRecord.objects.get(act="mandate.given")
    assert (given.actor_kind, given.actor_id) == ("citizen", str(in_force.person.public_id))


def test_a_code__is_the_word_on_the_text_before_it_and_on_no_wider_one(
    visit: models.CentreVisit, staff: Any
) -> None:
    mandate = asked(visit, staff)
    consents.send_code(shown(visit), staff=staff, now=NOW)
    code = sent_code(mandate)
    wider = replace(BOOKING, term=MandateTerm.DAYS_30)
    later = NOW + timedelta(seconds=5)
    mandates.ask(shown(visit), wider, staff=staff, now=later)
    with pytest.raises(errors.WrongState):
        consents.confirm_code(shown(visit), code, staff=staff, now=later)
    assert not models.ConsentEvidence.objects.exists()


def test_a_person_with_a_number__is_somebody_else_at_another_centre(
    world: CentreWorld, visit: models.CentreVisit
) -> None:
    known = checked(SHEVCHUK)
    here, again, there = (
        person_of(known, centre, now=NOW) for centre in (world.centre, world.centre, world.foreign)
    )
    assert here == again
    assert here != there


def test_the_journal__has_nothing_personal(visit: models.CentreVisit, staff: Any) -> None:
    sealed(visit, staff)
    told = str(list(models.JournalRecord.objects.values()))
    for personal in ("Шевчук", "Петро", "3456", RNOKPP, PHONE, PHONE[3:]):
        assert personal not in told


def test_a_scope_that_was_not_asked_for__is_no_consent(
    visit: models.CentreVisit, staff: Any
) -> None:
    sealed(visit, staff)
    with pytest.raises(errors.NoMandate):
        mandates.require_scope(visit, HelpScope.RECEIVE_COPIES, now=NOW)


def test_a_consent__is_of_its_centre_alone(
    world: CentreWorld, visit: models.CentreVisit, staff: Any
) -> None:
    mandate = sealed(visit, staff)
    member(world.foreign, staff)
    decided(world.foreign)
    other = visits.begin(world.foreign.public_id, staff=staff, now=NOW)
    models.CentreVisit.objects.filter(pk=other.pk).update(mandate=mandate)
    with pytest.raises(errors.NoMandate):
        booking(other)


# --- Who may take one -------------------------------------------------------------------------


def ends_test(world: CentreWorld) -> None:
    found = models.CentreAccreditation.objects.filter(user=world.administrator, kind="test")
    found.update(valid_until=NOW.date() - timedelta(days=1))


def ends_decision(world: CentreWorld) -> None:
    decisions.end_decision(
        world.centre.public_id, CentreFunction.INTERMEDIATION, staff=world.head, now=NOW
    )


def blocks(world: CentreWorld) -> None:
    people.block(
        world.centre.public_id, world.member.public_id, reason="Так.", staff=world.head, now=NOW
    )


ACTS: list[Callable[[models.CentreVisit, Any], object]] = [
    lambda visit, staff: identified(visit, staff),
    lambda visit, staff: mandates.ask(shown(visit), BOOKING, staff=staff, now=NOW),
    lambda visit, staff: consents.send_code(shown(visit), staff=staff, now=NOW),
    lambda visit, staff: mandates.refuse(shown(visit), staff=staff, now=NOW),
    lambda visit, staff: seal(visit, staff),
]


@pytest.mark.parametrize("loses", [ends_test, ends_decision, blocks])
def test_who_may_not_act__takes_no_consent_and_closes_the_visit(
    world: CentreWorld,
    visit: models.CentreVisit,
    staff: Any,
    loses: Callable[[CentreWorld], None],
) -> None:
    given_by_sms(visit, staff)
    loses(world)
    for act in ACTS:
        with pytest.raises((errors.NoRightToAct, errors.MemberBlocked)):
            act(visit, staff)
    visits.end(
        shown(visit),
        reason=models.CentreVisit.EndReason.LEFT,
        outcome=models.CentreVisit.Outcome.NOTHING,
        staff=staff,
        now=NOW,
    )
    assert models.Mandate.objects.get().state == MandateState.REFUSED


def suspends(world: CentreWorld) -> None:
    granting.suspend(world.centre.public_id, reason="Так.", staff=operator(), now=NOW)


@pytest.mark.parametrize("loses", [ends_decision, suspends])
def test_a_centre_that_is_switched_off__does_nothing_under_its_consents(
    world: CentreWorld,
    visit: models.CentreVisit,
    staff: Any,
    loses: Callable[[CentreWorld], None],
) -> None:
    sealed(visit, staff)
    loses(world)
    with pytest.raises(errors.MandateEnded):
        booking(visit)


def test_what_the_centre_may_not_do__is_not_asked_nor_done(
    world: CentreWorld, visit: models.CentreVisit, staff: Any
) -> None:
    identified(visit, staff)
    models.Centre.objects.update(allowed_scopes=["attach_documents"])
    with pytest.raises(errors.Incomplete) as refusal:
        mandates.ask(shown(visit), BOOKING, staff=staff, now=NOW)
    assert "scopes" in refusal.value.fields
    models.Centre.objects.update(allowed_scopes=["attach_documents", "book_reception"])
    sealed(visit, staff)
    models.Centre.objects.update(allowed_scopes=["attach_documents"])
    with pytest.raises(errors.NoMandate):
        booking(visit)


def test_nobody__acts_for_themselves(
    world: CentreWorld, visit: models.CentreVisit, staff: Any
) -> None:
    own = replace(SHEVCHUK, last_name=staff.last_name, first_name=staff.first_name.upper())
    with pytest.raises(errors.NotForOneself):
        identified(visit, staff, own)
    models.StaffKey.objects.create(
        user=staff,
        identifier_hash=lookup_hash("staff_key", f"{staff.pk}\0rnokpp:{RNOKPP}"),
        label="АЦСК",
        bound_at=NOW,
    )
    with pytest.raises(errors.NotForOneself):
        identified(visit, staff)


def test_for_who_is_signed_in_in_the_same_browser__nothing_is_taken(
    visit: models.CentreVisit, staff: Any
) -> None:
    with pytest.raises(errors.CitizenInBrowser):
        identified(visit, staff, signed_in=CitizenFactory())


def test_another_way_to_help__takes_no_consent(world: CentreWorld, staff: Any) -> None:
    with pytest.raises(errors.WrongState):
        identified(at(VisitPhase.WORK, world, VisitMode.SIDE_BY_SIDE), staff)


def test_in_a_visit_on_paper__who_may_not_act_takes_no_consent(world: CentreWorld) -> None:
    visit = at(VisitPhase.WORK, world, VisitMode.PAPER)
    models.CentreAccreditation.objects.filter(kind="test").delete()
    with pytest.raises(errors.NoRightToAct):
        identified(visit, may_act(world.administrator))


# --- The person -------------------------------------------------------------------------------


def test_a_number_that_was_only_told__opens_nobodys_account(
    visit: models.CentreVisit, staff: Any
) -> None:
    account = CitizenFactory(
        identifier_kind="rnokpp", identifier_hash=lookup_hash("rnokpp", RNOKPP)
    )
    person = identified(visit, staff).person
    assert person != account
    assert person.identifier_kind == "helped"
    assert person.helped_person.claimed_hash == account.identifier_hash
    assert identified(visit, staff).person == person
    other = identified(visit, staff, replace(SHEVCHUK, first_name="Павло")).person
    assert other != person


def test_who_tells_no_number__is_somebody_new_each_time(
    visit: models.CentreVisit, staff: Any
) -> None:
    nameless = replace(SHEVCHUK, rnokpp="")
    assert identified(visit, staff, nameless).person != identified(visit, staff, nameless).person


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"last_name": " "}, "last_name"),
        ({"rnokpp": "3184710692"}, "rnokpp"),
        ({"phone": "12"}, "phone"),
        ({"document_kind": None}, "document_kind"),
        ({"document_number": "№"}, "document_number"),
    ],
)
def test_what_is_missing__is_named(
    visit: models.CentreVisit, staff: Any, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(errors.Incomplete) as refusal:
        identified(visit, staff, replace(SHEVCHUK, **change))
    assert [*refusal.value.fields] == [field]


def test_another_person__takes_the_place_of_what_was_not_given(
    visit: models.CentreVisit, staff: Any
) -> None:
    first = asked(visit, staff)
    second = identified(visit, staff, replace(SHEVCHUK, first_name="Павло"))
    first.refresh_from_db()
    assert (first.state, first.ended_by) == ("refused", "newer")
    visit.refresh_from_db()
    assert mandate_of(visit) == second


def test_who_shows_a_document__is_found_under_the_consent_that_holds(
    world: CentreWorld, visit: models.CentreVisit, staff: Any
) -> None:
    term = {"term": MandateTerm.DAYS_30}
    mandate = sealed(visit, staff, consent=by(ConsentMethod.SMS_CODE, **term))
    said = replace(SHEVCHUK, source=IdentitySource.DECLARED)
    second = visit_for(world)
    assert identified(second, staff, said) != mandate
    third = visit_for(world)
    assert identified(third, staff) == mandate
    assert booking(third) == mandate


# --- The code ---------------------------------------------------------------------------------


def test_a_wrong_a_foreign_and_a_used_code__are_no_consent(
    world: CentreWorld, visit: models.CentreVisit, staff: Any
) -> None:
    other = visit_for(world)
    foreign = asked(other, staff, said=replace(SHEVCHUK, first_name="Павло"))
    consents.send_code(shown(other), staff=staff, now=NOW)
    mandate = asked(visit, staff)
    consents.send_code(shown(visit), staff=staff, now=NOW)
    code = sent_code(mandate)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for typed in (wrong, *({sent_code(foreign)} - {code})):
        with pytest.raises(errors.CodeWrong):
            consents.confirm_code(shown(visit), typed, staff=staff, now=NOW)
    consents.confirm_code(shown(visit), code, staff=staff, now=NOW)
    with pytest.raises(errors.WrongState):
        consents.confirm_code(shown(visit), code, staff=staff, now=NOW)
    assert models.ConsentEvidence.objects.count() == 1


def test_after_five_wrong_codes__the_right_one_is_no_consent(
    visit: models.CentreVisit, staff: Any
) -> None:
    mandate = asked(visit, staff)
    consents.send_code(shown(visit), staff=staff, now=NOW)
    code = sent_code(mandate)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for typed in (*[wrong] * consents.MANDATE_CODES.max_attempts, code):
        with pytest.raises(errors.CodeWrong):
            consents.confirm_code(shown(visit), typed, staff=staff, now=NOW)


def test_codes__come_a_minute_apart_and_three_times_more_at_most(
    visit: models.CentreVisit, staff: Any
) -> None:
    asked(visit, staff)
    now = NOW
    for _ in range(1 + MAX_RESENDS):
        consents.send_code(shown(visit), staff=staff, now=now)
        with pytest.raises(errors.TooManyRequests):
            consents.send_code(shown(visit), staff=staff, now=now + timedelta(seconds=59))
        now += timedelta(seconds=61)
    with pytest.raises(errors.TooManyCodes):
        consents.send_code(shown(visit), staff=staff, now=now)


def test_an_old_code__is_no_consent(visit: models.CentreVisit, staff: Any) -> None:
    mandate = asked(visit, staff)
    consents.send_code(shown(visit), staff=staff, now=NOW)
    code = sent_code(mandate)
    with pytest.raises(errors.CodeWrong):
        consents.confirm_code(shown(visit), code, staff=staff, now=NOW + CODE_LIVES)


def test_what_was_read_half_an_hour_ago__is_read_again(
    visit: models.CentreVisit, staff: Any
) -> None:
    mandate = asked(visit, staff)
    late = NOW + TO_ANSWER + timedelta(seconds=1)
    with pytest.raises(errors.ConsentTooLate):
        consents.send_code(shown(visit), staff=staff, now=late)
    mandates.ask(shown(visit), BOOKING, staff=staff, now=late)
    consents.send_code(shown(visit), staff=staff, now=late)
    consents.confirm_code(shown(visit), sent_code(mandate), staff=staff, now=late)


def test_a_member__sends_no_more_codes_than_the_portal_allows(
    visit: models.CentreVisit, staff: Any, settings: Any
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "THROTTLE": {"centre_codes": "1/day"}
    }
    asked(visit, staff)
    consents.send_code(shown(visit), staff=staff, now=NOW)
    with pytest.raises(errors.TooManyRequests):
        consents.send_code(shown(visit), staff=staff, now=LATER)


def test_without_a_phone__no_code_is_offered(visit: models.CentreVisit, staff: Any) -> None:
    with pytest.raises(errors.NoTextMessages):
        asked(visit, staff, said=replace(SHEVCHUK, phone=""))


def test_one_phone_for_many_people__is_told_to_the_head_once_a_day(
    visit: models.CentreVisit, staff: Any
) -> None:
    def flags() -> int:
        return models.JournalRecord.objects.filter(act="centre.phone_flagged").count()

    for number in range(PEOPLE_PER_PHONE):
        asked(visit, staff, said=replace(SHEVCHUK, rnokpp="", patronymic=f"Друг {number}"))
    assert flags() == 0
    for _ in range(2):
        asked(visit, staff, said=replace(SHEVCHUK, rnokpp=""))
    assert flags() == 1


# --- Paper ------------------------------------------------------------------------------------


@pytest.fixture
def paper(visit: models.CentreVisit, staff: Any, monkeypatch: pytest.MonkeyPatch) -> models.Mandate:
    examine_inside(monkeypatch)
    return asked(visit, staff, by(ConsentMethod.PAPER_SCAN))


def test_a_signed_paper__is_a_consent_with_its_scan(
    visit: models.CentreVisit, staff: Any, paper: models.Mandate
) -> None:
    with_scan(visit, staff, f" {paper.reference.lower()} ")
    with_scan(visit, staff, paper.reference, data=png(None, compress_level=1))
    seal(visit, staff)
    assert booking(visit) == paper
    scan = models.Document.objects.get()
    assert scan.consent.signed_on == NOW.date()
    assert consents.look_at_scan(paper, staff=staff, now=NOW) == scan
    assert records()[-1] == "mandate.scan_viewed"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reference": format_reference(2026, 417)}, "reference"),
        ({"reference": ""}, "reference"),
        ({"signed_on": date(2026, 1, 1)}, "signed_on"),
        ({"signed_on": None}, "signed_on"),
        ({"data": b"not a scan"}, "scan"),
    ],
)
def test_another_paper__is_refused_and_nothing_stays(
    visit: models.CentreVisit,
    staff: Any,
    paper: models.Mandate,
    change: dict[str, Any],
    field: str,
) -> None:
    with pytest.raises(errors.Incomplete) as refusal:
        with_scan(visit, staff, **({"reference": paper.reference} | change))
    assert [*refusal.value.fields] == [field]
    assert not models.Document.objects.exists()


def test_a_scan_of_another_consent__is_refused(
    world: CentreWorld, visit: models.CentreVisit, staff: Any, paper: models.Mandate
) -> None:
    with_scan(visit, staff, paper.reference)
    other = visit_for(world)
    second = asked(other, staff, by(ConsentMethod.PAPER_SCAN))
    with pytest.raises(errors.Incomplete) as refusal:
        with_scan(other, staff, second.reference)
    assert [*refusal.value.fields] == ["scan"]


def test_no_paper__is_taken_where_a_code_is_waited_for(
    visit: models.CentreVisit, staff: Any, paper: models.Mandate
) -> None:
    mandates.ask(shown(visit), BOOKING, staff=staff, now=NOW)
    with pytest.raises(errors.WrongState):
        with_scan(visit, staff, paper.reference)


# --- The seal ---------------------------------------------------------------------------------


def test_without_a_fresh_code_of_the_administrator__nothing_is_in_force(
    visit: models.CentreVisit, staff: Any
) -> None:
    given_by_sms(visit, staff)
    with pytest.raises(errors.SecondFactorCodeWrong):
        mandates.seal(shown(visit), code="", is_stepped_up=True, staff=staff, now=NOW)
    seal(visit, staff)


def test_who_has_a_key_alone__steps_up_instead(visit: models.CentreVisit, staff: Any) -> None:
    given_by_sms(visit, staff)
    staff.totpdevice_set.all().delete()
    models.StaffKey.objects.create(user=staff, identifier_hash="x", label="АЦСК", bound_at=NOW)
    staff.__dict__.pop("_diia_videoreception_enrolled", None)
    how = {"code": "", "staff": staff, "now": NOW}
    with pytest.raises(errors.SealNeedsCode):
        mandates.seal(shown(visit), is_stepped_up=False, **how)
    mandates.seal(shown(visit), is_stepped_up=True, **how)
    assert booking(visit)


def test_without_the_word_of_the_person__nothing_is_sealed(
    visit: models.CentreVisit, staff: Any
) -> None:
    asked(visit, staff)
    with pytest.raises(errors.WrongState):
        seal(visit, staff)


def test_a_newer_consent__replaces_what_it_repeats(
    world: CentreWorld, visit: models.CentreVisit, staff: Any, monkeypatch: Any
) -> None:
    both = [HelpScope.BOOK_RECEPTION, HelpScope.ATTACH_DOCUMENTS]
    monkeypatch.setattr(selector, "BUILT", both)
    wider = replace(BOOKING, scopes=both)
    first = sealed(visit, staff, consent=wider)
    second = visit_for(world)
    newer = sealed(second, staff, consent=BOOKING)
    with pytest.raises(errors.MandateEnded):
        booking(visit)
    assert mandates.require_scope(visit, HelpScope.ATTACH_DOCUMENTS, now=NOW) == first
    third = visit_for(world)
    sealed(third, staff, consent=wider)
    for one in (first, newer):
        one.refresh_from_db()
        assert (one.state, one.ended_by) == ("revoked", "newer")


def test_the_database__keeps_one_live_scope_a_centre_and_person(
    visit: models.CentreVisit, staff: Any
) -> None:
    mandate = sealed(visit, staff)
    copy = mandate.scopes.first()
    other = identified(visit_for_other(visit), staff, replace(SHEVCHUK, rnokpp=""))
    copy.pk, copy.mandate = None, other
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


def visit_for_other(visit: models.CentreVisit) -> models.CentreVisit:
    """Another visit of the same administrator, at the same stage."""
    other = visits.begin(visit.centre.public_id, staff=visit.member.user, now=NOW)
    models.CentreVisit.objects.filter(pk=other.pk).update(
        phase=visit.phase, mode=visit.mode, reason=visit.reason
    )
    other.member.user = visit.member.user
    return other


# --- Its end ----------------------------------------------------------------------------------


def test_a_refusal__is_not_asked_why_and_stays(visit: models.CentreVisit, staff: Any) -> None:
    mandate = asked(visit, staff)
    mandates.refuse(shown(visit), staff=staff, now=NOW)
    mandate.refresh_from_db()
    assert (mandate.state, mandate.ended_by) == ("refused", "person")
    with pytest.raises(errors.WrongState):
        mandates.ask(shown(visit), BOOKING, staff=staff, now=NOW)


def test_the_end_of_the_visit__ends_what_was_for_it_alone(
    world: CentreWorld, visit: models.CentreVisit, staff: Any
) -> None:
    mandate = sealed(visit, staff)
    other = visit_for(world)
    waiting = asked(other, staff, said=replace(SHEVCHUK, rnokpp=""))
    for one in (visit, other):
        visits.end(
            shown(one),
            reason=models.CentreVisit.EndReason.DONE,
            outcome=models.CentreVisit.Outcome.SENT,
            staff=staff,
            now=NOW,
        )
    for one, state in ((mandate, "completed"), (waiting, "refused")):
        one.refresh_from_db()
        assert one.state == state
    assert not models.MandateScope.objects.filter(ended_at__isnull=True).exists()
    with pytest.raises(errors.MandateEnded):
        booking(visit)


def test_time__ends_what_was_given_and_what_was_not(
    world: CentreWorld, visit: models.CentreVisit, staff: Any
) -> None:
    long = sealed(visit, staff, consent=by(ConsentMethod.SMS_CODE, term=MandateTerm.DAYS_30))
    waiting = asked(visit_for(world), staff, said=replace(SHEVCHUK, rnokpp=""))
    assert expire_due(now=NOW + TO_ANSWER) == 0
    with pytest.raises(errors.MandateEnded):
        booking(visit, now=NOW + timedelta(days=30))
    assert expire_due(now=NOW + timedelta(days=30)) == 2
    for one, state in ((long, "expired"), (waiting, "refused")):
        one.refresh_from_db()
        assert (one.state, one.ended_by) == (state, "system")
    assert records().count("mandate.expired") == 2


def test_a_consent_until_the_reception__ends_a_day_after_it(
    visit: models.CentreVisit, staff: Any
) -> None:
    consent = by(ConsentMethod.SMS_CODE, term=MandateTerm.UNTIL_RECEPTION)
    mandate = sealed(visit, staff, consent=consent)
    application = ApplicationFactory(
        citizen=mandate.person, start=NOW + timedelta(days=5), submitted_at=NOW
    )
    after = application.end + AFTER_RECEPTION
    assert expire_due(now=after) == 0, "the visit is open"
    visits.end(
        shown(visit),
        reason=models.CentreVisit.EndReason.DONE,
        outcome=models.CentreVisit.Outcome.SENT,
        staff=staff,
        now=NOW,
    )
    assert expire_due(now=after - timedelta(seconds=1)) == 0
    assert expire_due(now=after) == 1
    mandate.refresh_from_db()
    assert (mandate.state, mandate.ended_by) == ("completed", "system")


def test_a_visit_without_a_named_person__has_no_consent(world: CentreWorld) -> None:
    with pytest.raises(errors.NoMandate):
        booking(begun(world))
