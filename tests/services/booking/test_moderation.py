"""What a moderator decides: the state, the time, the journal and the letter follow; a refusal writes nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception import errors
from diia_videoreception.models import (
    Application,
    JournalAct,
    JournalRecord,
    Letter,
    Occupancy,
    Official,
    Reception,
)
from diia_videoreception.rules.refusals import NextStep, Refusal
from diia_videoreception.rules.transitions import EDGES, OUTCOMES, Act, State
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import holds
from integrations.conference.external import ExternalProgram
from tests.factories import AgencyFactory, ApplicationFactory, CitizenFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.steps.clarifications import ask
from tests.steps.moderation import decide, moderator_of

LATER = START + timedelta(minutes=30)
WAITED = START + timedelta(minutes=10)
REASON = "Питання належить до іншої установи."
ACTS: dict[str, dict[str, Any]] = {
    "confirm": {},
    "confirm_other_time": {"start": LATER},
    "decline": {"refusal": Refusal(REASON)},
    "note_outcome": {"outcome": Act.COMPLETE, "now": START},
}
"""Each act as it succeeds on an application in the right state."""
WORKS_IN: dict[str, State] = {
    "confirm": State.SUBMITTED,
    "confirm_other_time": State.SUBMITTED,
    "decline": State.SUBMITTED,
    "note_outcome": State.CONFIRMED,
}
DONE_BY: dict[str, set[Act]] = {
    "confirm": {Act.CONFIRM},
    "confirm_other_time": {Act.CONFIRM_OTHER_TIME, Act.MOVE},
    "decline": {Act.DECLINE, Act.CANCEL_BY_AGENCY},
    "note_outcome": {Act.COMPLETE},
}
"""The acts of the transition table that a service does."""

Apply = Callable[..., Application]


@pytest.fixture
def apply(official: Official, citizen: SignedIn) -> Apply:
    """`apply(State.CONFIRMED)`: an application for START in this state."""

    def make(state: State = State.SUBMITTED, **how: Any) -> Application:
        how |= {"decided_at": NOW} if state != State.SUBMITTED else {}
        how |= {"reason": REASON} if state == State.DECLINED else {}
        if state == State.ANSWERED:
            how |= {"written_answer": REASON, "outgoing_number": "12/34"}
        if state == State.NOT_CONSIDERED:
            how |= {"reason": REASON, "legal_ground": REASON}
        made = {"official": official, "citizen": citizen.citizen, "start": START} | how
        application: Application = ApplicationFactory(state=state, **made)
        if state == State.CONFIRMED:
            Reception.objects.create(
                application=application, conference="default", login="vp-1", confirmed_at=NOW
            )
        return application

    return make


def _written(application: Application) -> list[object]:
    """Everything that an act of moderation could write."""
    tables = (Application, Occupancy, Reception, Letter, JournalRecord)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def _refused(
    error: type[errors.ActRefused],
    act: str,
    application: Application,
    moderator: AbstractBaseUser,
    **how: Any,
) -> errors.ActRefused:
    """Does the act; it is refused in this way and has written nothing."""
    before = _written(application)
    with pytest.raises(error) as raised:
        decide(act, application, moderator, **ACTS[act] | how)
    assert type(raised.value) is error
    assert _written(application) == before
    return raised.value


def _in_journal(application: Application, moderator: AbstractBaseUser) -> tuple[str, object]:
    """The act and the details of the only row, which names the member of staff and the version."""
    row = JournalRecord.objects.get()
    assert (row.actor_kind, row.actor_id) == ("staff", str(moderator.pk))
    assert (row.subject_kind, row.subject_id) == ("application", str(application.public_id))
    assert row.subject_version == application.version
    return row.act, row.details


def _letter(application: Application) -> tuple[str, dict[str, object]]:
    """Kind of the only letter, which waits to be sent and keeps the time; and what else it keeps."""
    letter = Letter.objects.get()
    assert (letter.application, letter.state) == (application, "queued")
    assert letter.facts.pop("start") == application.start.isoformat()
    assert letter.facts.pop("end") == application.end.isoformat()
    reception = Reception.objects.filter(application=application).first()
    assert letter.facts.pop("sequence") == (reception.calendar_sequence if reception else 0)
    return letter.kind, letter.facts


def _time(occupancy: Occupancy) -> tuple[datetime, datetime]:
    return occupancy.start, occupancy.end


# --- Confirming and moving ---------------------------------------------------------------------


def test_confirm__appoints_the_requested_time(apply: Apply, moderator: AbstractBaseUser) -> None:
    application = decide("confirm", apply(), moderator)

    application.refresh_from_db()
    assert (application.state, application.version) == ("confirmed", 2)
    assert (application.start, application.decided_at) == (START, NOW)
    assert _time(Occupancy.objects.get()) == (START, LATER)
    assert _in_journal(application, moderator) == (JournalAct.CONFIRM, {})
    assert _letter(application) == ("confirmation", {})


def test_confirm__prepares_an_access_that_only_the_two_parties_read(
    apply: Apply, moderator: AbstractBaseUser
) -> None:
    reception = decide("confirm", apply(), moderator).reception

    assert (reception.conference, reception.calendar_sequence) == ("default", 0)
    assert reception.login.startswith("vp-")
    assert reception.password
    assert reception.password not in reception.password_encrypted
    assert reception.password not in f"{_written(reception.application)}"


def test_confirm__keeps_no_access_where_the_browser_is_enough(
    apply: Apply, moderator: AbstractBaseUser, settings: Any
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "CONFERENCE": {
            "default": {
                "BACKEND": "integrations.conference.own.OwnRoom",
                "OPTIONS": {"direct": True},
            }
        }
    }

    reception = decide("confirm", apply(), moderator).reception

    assert (reception.login, reception.password) == ("", "")


def test_confirm_other_time__appoints_it_and_frees_the_requested_one(
    apply: Apply, moderator: AbstractBaseUser
) -> None:
    application = decide("confirm_other_time", apply(), moderator, start=LATER)

    application.refresh_from_db()
    assert (application.state, application.version) == ("confirmed", 2)
    assert (application.start, application.end) == (LATER, LATER + timedelta(minutes=30))
    assert application.requested_start == START
    assert _time(Occupancy.objects.get()) == (LATER, LATER + timedelta(minutes=30))
    assert application.reception.password
    times = {"from": START.isoformat(), "to": LATER.isoformat()}
    assert _in_journal(application, moderator) == (JournalAct.CONFIRM_OTHER_TIME, times)
    assert _letter(application) == ("confirmation", {"old_start": START.isoformat()})


def test_confirm_other_time__tells_no_old_time_when_it_is_the_requested_one(
    apply: Apply, moderator: AbstractBaseUser
) -> None:
    application = decide("confirm_other_time", apply(), moderator, start=START)

    assert application.start == START
    assert _letter(application) == ("confirmation", {})


def test_move__makes_a_new_access_and_counts_the_calendar_on(
    apply: Apply, moderator: AbstractBaseUser
) -> None:
    confirmed = apply(State.CONFIRMED)

    application = decide("confirm_other_time", confirmed, moderator, start=LATER)

    assert (application.state, application.start) == ("confirmed", LATER)
    reception = Reception.objects.get()
    assert reception.login not in {"", "vp-1"}
    assert reception.password
    assert reception.calendar_sequence == 1
    assert _time(Occupancy.objects.get()) == (LATER, LATER + timedelta(minutes=30))
    times = {"from": START.isoformat(), "to": LATER.isoformat()}
    assert _in_journal(application, moderator) == (JournalAct.MOVE, times)
    assert _letter(application) == ("moved", {"old_start": START.isoformat(), "new_access": True})


def test_move__to_the_time_that_it_has_is_none(apply: Apply, moderator: AbstractBaseUser) -> None:
    confirmed = apply(State.CONFIRMED)

    with pytest.raises(errors.WrongState):
        decide("confirm_other_time", confirmed, moderator, start=START)

    assert not Letter.objects.filter(kind="moved").exists()


def test_move__keeps_no_conference_that_it_was_led_out_of_meanwhile(
    apply: Apply, moderator: AbstractBaseUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed = apply(State.CONFIRMED)
    asked = ExternalProgram.prepare

    def led_elsewhere(provider: ExternalProgram, **about: Any) -> Any:
        Reception.objects.filter(application=confirmed).update(conference="elsewhere")
        return asked(provider, **about)

    monkeypatch.setattr(ExternalProgram, "prepare", led_elsewhere)
    with pytest.raises(errors.WrongState):
        decide("confirm_other_time", confirmed, moderator, start=LATER)

    assert Reception.objects.get(application=confirmed).conference == "elsewhere"


@pytest.mark.parametrize(
    "start",
    [
        START.replace(day=6),
        START.replace(hour=20),
        START + timedelta(minutes=10),
        NOW - timedelta(days=3),
    ],
    ids=["sunday", "evening", "between two times", "past"],
)
@pytest.mark.parametrize("state", [State.SUBMITTED, State.CONFIRMED])
def test_other_time__must_be_one_of_the_schedule(
    apply: Apply,
    moderator: AbstractBaseUser,
    state: State,
    start: datetime,
) -> None:
    _refused(errors.OutsideSchedule, "confirm_other_time", apply(state), moderator, start=start)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.CONFIRMED])
def test_other_time__is_refused_when_somebody_has_it(
    apply: Apply, moderator: AbstractBaseUser, state: State
) -> None:
    apply(citizen=CitizenFactory(), start=LATER)

    _refused(errors.SlotTaken, "confirm_other_time", apply(state), moderator)


def test_other_time__is_refused_while_somebody_holds_it(
    apply: Apply, official: Official, moderator: AbstractBaseUser
) -> None:
    application = apply()
    holds.reserve(
        actor=signed_in(CitizenFactory()),
        official_id=official.pk,
        start=LATER,
        captcha=solved_captcha(),
        now=NOW,
    )

    _refused(errors.SlotTaken, "confirm_other_time", application, moderator)

    decided = decide(
        "confirm_other_time", application, moderator, start=LATER, now=NOW + timedelta(hours=1)
    )
    assert decided.start == LATER
    assert Occupancy.objects.get().kind == "application", "the hold has ended and is gone"


# --- Declining ---------------------------------------------------------------------------------


def test_decline__frees_the_time_and_says_why(apply: Apply, moderator: AbstractBaseUser) -> None:
    refusal = Refusal(f" {REASON}\r\n", " частина 1 статті 7 ", NextStep.ANY_AGENCY)

    application = decide("decline", apply(), moderator, refusal=refusal)

    application.refresh_from_db()
    assert (application.state, application.version) == ("declined", 2)
    assert (application.reason, application.legal_ground) == (REASON, "частина 1 статті 7")
    assert application.next_step == "any"
    assert not Occupancy.objects.exists()
    assert not Reception.objects.exists()
    assert _in_journal(application, moderator) == (JournalAct.DECLINE, {})
    kind, facts = _letter(application)
    assert kind == "declined"
    assert facts == {
        "by": "agency",
        "calendar": False,
        "reason": REASON,
        "legal_ground": "частина 1 статті 7",
        "next_step": "any",
    }


def test_decline__calls_off_a_reception_that_was_appointed(
    apply: Apply, moderator: AbstractBaseUser
) -> None:
    application = decide(
        "decline", apply(State.CONFIRMED), moderator, refusal=Refusal("Хвороба посадової особи.")
    )

    assert application.state == "cancelled"
    assert not Occupancy.objects.exists()
    assert _in_journal(application, moderator) == (JournalAct.CANCEL_BY_AGENCY, {})
    kind, facts = _letter(application)
    assert (kind, facts["calendar"]) == ("cancelled", True), "the calendar takes it out"
    assert facts["reason"] == "Хвороба посадової особи."


@pytest.mark.parametrize("reason", ["", "  \r\n\t", "\x00\x1f", "\u200b"])
def test_decline__needs_a_reason(apply: Apply, moderator: AbstractBaseUser, reason: str) -> None:
    refused = _refused(
        errors.Incomplete, "decline", apply(), moderator, refusal=Refusal(reason, "закон")
    )

    assert isinstance(refused, errors.Incomplete)
    assert set(refused.fields) == {"reason"}


# --- What became of it -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "state", "journal"),
    [
        (Act.COMPLETE, "completed", JournalAct.COMPLETE),
        (Act.NOTE_CITIZEN_ABSENT, "citizen_absent", JournalAct.NOTE_CITIZEN_ABSENT),
        (Act.NOTE_AGENCY_ABSENT, "agency_absent", JournalAct.NOTE_AGENCY_ABSENT),
    ],
)
def test_outcome__is_noted_and_told_when_somebody_did_not_come(
    apply: Apply, moderator: AbstractBaseUser, outcome: Act, state: str, journal: JournalAct
) -> None:
    application = decide(
        "note_outcome", apply(State.CONFIRMED), moderator, outcome=outcome, now=WAITED
    )

    application.refresh_from_db()
    assert (application.state, application.version) == (state, 2)
    assert application.decided_at == WAITED
    assert not Occupancy.objects.exists()
    assert _in_journal(application, moderator) == (journal, {})
    assert Letter.objects.exists() == (outcome is not Act.COMPLETE)


@pytest.mark.parametrize("outcome", [Act.NOTE_CITIZEN_ABSENT, Act.NOTE_AGENCY_ABSENT])
def test_absence__is_noted_after_a_time_of_grace_only(
    apply: Apply, moderator: AbstractBaseUser, outcome: Act
) -> None:
    early = WAITED - timedelta(seconds=1)
    confirmed = apply(State.CONFIRMED)
    _refused(
        errors.AbsenceTooEarly, "note_outcome", confirmed, moderator, outcome=outcome, now=early
    )


@pytest.mark.parametrize("first", OUTCOMES)
@pytest.mark.parametrize("second", OUTCOMES)
def test_outcome__can_be_put_right(
    apply: Apply, moderator: AbstractBaseUser, first: Act, second: Act
) -> None:
    noted = decide("note_outcome", apply(State.CONFIRMED), moderator, outcome=first, now=WAITED)

    if first == second:
        _refused(errors.WrongState, "note_outcome", noted, moderator, outcome=second, now=WAITED)
        return
    again = decide("note_outcome", noted, moderator, outcome=second, now=WAITED)
    assert (again.state, again.version) == (OUTCOMES[second], 3)
    assert JournalRecord.objects.count() == 2


def test_outcome__is_not_known_before_the_start(apply: Apply, moderator: AbstractBaseUser) -> None:
    _refused(
        errors.WrongState,
        "note_outcome",
        apply(State.CONFIRMED),
        moderator,
        now=START - timedelta(seconds=1),
    )


@pytest.mark.parametrize("act", sorted(set(Act) - set(OUTCOMES)))
def test_outcome__is_no_other_act(apply: Apply, moderator: AbstractBaseUser, act: Act) -> None:
    _refused(errors.WrongState, "note_outcome", apply(State.CONFIRMED), moderator, outcome=act)


# --- Who, when and in what order ---------------------------------------------------------------


@pytest.mark.parametrize("act", ACTS)
def test_every_act__finds_no_application_of_other_agencies(
    apply: Apply, citizen: SignedIn, act: str
) -> None:
    application = apply(WORKS_IN[act])
    users = get_user_model().objects

    _refused(errors.NotFound, act, application, moderator_of(AgencyFactory(), name="foreign"))
    _refused(errors.NotFound, act, application, users.create_user("nobody", is_staff=True))


@pytest.mark.parametrize("act", ACTS)
def test_every_act__is_open_to_the_agency_and_to_superusers(apply: Apply, act: str) -> None:
    application = apply(WORKS_IN[act])
    superuser = get_user_model().objects.create_superuser("super")

    decided = decide(act, application, superuser, **ACTS[act])

    assert decided.version == 2
    assert JournalRecord.objects.get().actor_id == str(superuser.pk)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("version", [0, 2])
def test_every_act__is_refused_for_another_version_than_the_one_looked_at(
    apply: Apply, moderator: AbstractBaseUser, act: str, version: int
) -> None:
    _refused(errors.WrongState, act, apply(WORKS_IN[act]), moderator, version=version)


def test_second_decision__about_one_version_is_refused(
    apply: Apply, moderator: AbstractBaseUser
) -> None:
    application = apply()
    decide("decline", _read_again(application), moderator, refusal=Refusal(REASON))

    _refused(errors.WrongState, "confirm", application, moderator)
    assert Letter.objects.get().kind == "declined"


def _read_again(application: Application) -> Application:
    """The application as another browser has read it."""
    return Application.objects.get(pk=application.pk)


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (act, state)
        for act, edges in DONE_BY.items()
        for state in State
        if not any((state, edge) in EDGES for edge in edges)
    ],
)
def test_every_act__fits_some_states_only(
    apply: Apply, moderator: AbstractBaseUser, act: str, state: State
) -> None:
    application = apply(State.SUBMITTED if state == State.CLARIFICATION else state)
    if state == State.CLARIFICATION:
        ask(application, moderator)
    _refused(errors.WrongState, act, _read_again(application), moderator)


@pytest.mark.parametrize("act", ["confirm", "confirm_other_time", "decline"])
def test_decision__comes_too_late_once_the_time_has_come(
    apply: Apply, moderator: AbstractBaseUser, act: str
) -> None:
    application = apply(WORKS_IN[act])

    _refused(errors.WrongState, act, application, moderator, now=START)

    assert decide(
        act, application, moderator, **ACTS[act], now=START - timedelta(seconds=1)
    ).decided_at == START - timedelta(seconds=1)
