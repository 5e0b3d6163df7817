"""Text messages of what others decide: which there are, what they say, until when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import AnswerTask, Application, Letter, Proposal, ReminderChoice
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.rules.text_messages import segments
from diia_videoreception.rules.transitions import Act
from diia_videoreception.services.booking import answer_tasks, deadlines, extending
from diia_videoreception.services.letters.delivery import deliver_texts
from diia_videoreception.services.letters.queueing import told_by_sms
from diia_videoreception.services.letters.rendering.context import NothingToSend
from diia_videoreception.services.letters.rendering.text_messages import render_text, valid_until
from tests.harness.clock import NOW, START
from tests.harness.sms_gateway import Gateway
from tests.steps import move_requests
from tests.steps.clarifications import ask
from tests.steps.closing import as_head, end_consideration
from tests.steps.moderation import decide, moderator_of
from tests.steps.proposals import answer, propose
from tests.steps.terms import extend, set_term
from tests.steps.written_answers import ANSWER, NUMBER, answer_in_writing

pytestmark = pytest.mark.any_database

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HELD = START + HOUR
SENTENCES = {
    "accepted": "Відеоприйом 01.12 о 10:30 (Київ): заявку розглядають.",
    "declined": "Відеоприйом 01.12 о 10:30 (Київ) відхилено. https://a.gov.ua/v",
    "written_answer": "Відеоприйом 01.12 о 10:30 (Київ): відповіли письмово.",
    "not_considered": "Відеоприйом 01.12 о 10:30 (Київ): розгляд припинено.",
    "lapsed": "Відеоприйом 01.12 о 10:30 (Київ) не відбудеться. https://a.gov.ua/v",
    "proposal": "Відеоприйом: пропонують 02.12 о 10:30 (Київ). Відповідь до 25.11.",
    "clarification": "Відеоприйом 01.12 о 10:30 (Київ): є запитання. Відповідь до 25.11.",
    "move_refused": "Відеоприйом 01.12 о 10:30 (Київ) не перенесено. https://a.gov.ua/v",
    "move_unanswered": "Відеоприйом 01.12 о 10:30 (Київ) не перенесено. https://a.gov.ua/v",
    "term_extended": "Відеоприйом 01.12 о 10:30 (Київ): рішення буде до 30.11.",
    "answer_to_come": "Відеоприйом 01.12 о 10:30 (Київ): відповідь буде до 21.12.",
    "passed_on": "Відеоприйом 01.12 о 10:30 (Київ): відповість інша установа.",
}
UNTOLD = {
    "receipt", "proposal_withdrawn", "clarification_withdrawn", "reassigned", "switched", "email_code", "means_changed", "address_changed",
    "guest_invited", "check_device", "answer", "objection_answered", "not_held",
}  # fmt: skip
"""What the citizen reads in a letter alone; a reminder says itself where it goes."""
REASON = "Хвороба посадової особи"


def make(kind: str, application: Application) -> Letter:
    """Let the agency, or nobody, decide; gives the text message."""
    moderator = moderator_of(application.official.agency)
    if kind.startswith("move"):
        decide("confirm", application, moderator)
        application.refresh_from_db()
        move_requests.ask(application, START + 24 * HOUR)
    match kind:
        case "accepted":
            decide("accept_for_review", application, moderator)
        case "declined":
            decide("decline", application, moderator, refusal=Refusal(REASON))
        case "written_answer":
            answer_in_writing(application, moderator)
        case "not_considered":
            end_consideration(application, as_head(moderator))
        case "lapsed":
            assert deadlines.lapse_undecided(now=START) == 1
        case "clarification":
            ask(application, moderator, question=REASON)
        case "proposal":
            propose(application, moderator, START + 24 * HOUR, reason=REASON)
        case "move_refused":
            move_requests.refuse(application, moderator, words=REASON)
        case "move_unanswered":
            assert deadlines.expire_move_requests(now=START - 2 * HOUR) == 1
        case _:
            make_of_terms(kind, application, moderator)
    return Letter.objects.exclude(phone="").get(kind=kind)


def make_of_terms(kind: str, application: Application, moderator: AbstractBaseUser) -> None:
    if kind == "term_extended":
        set_term(application.official.agency, days=3)
        Application.objects.update(decide_by=START - 100 * HOUR)
        extend(application, moderator, days=5, reason=REASON)
        return
    conclude(application, moderator)
    if kind == "passed_on":
        answer_tasks.pass_on(**of_task(moderator), body="Фонд", reason=REASON, now=HELD)


def conclude(application: Application, moderator: AbstractBaseUser, **term: Any) -> None:
    """The reception took place, and the agency answers within 20 days."""
    how = {"counting": "calendar", "counts_from": "reception", "days": 20, "max_days": 30} | term
    set_term(application.official.agency, kind="answer", **how)
    decide("confirm", application, moderator)
    application.refresh_from_db()
    outcome = {"outcome": Act.COMPLETE, "needs_answer": True}
    decide("note_outcome", application, moderator, **outcome, now=HELD)


def of_task(moderator: AbstractBaseUser) -> dict[str, Any]:
    task = AnswerTask.objects.select_related("application").get()
    public_id = task.application.public_id
    return {"staff": moderator, "public_id": public_id, "version": task.version}


@pytest.fixture
def wanted(gateway: Gateway, application: Application, settings: Any) -> Application:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"SMS_URL": "https://a.gov.ua/v"}
    ReminderChoice.objects.create(citizen=application.citizen, by_sms=True)
    return application


@pytest.mark.parametrize("kind", SENTENCES)
def test_what_others_decide__is_told_in_one_segment(
    gateway: Gateway, wanted: Application, kind: str
) -> None:
    text = make(kind, wanted)
    letter = text.copy_of
    assert letter is not None, "the letter goes all the same"
    assert letter.kind == kind

    assert deliver_texts(now=text.created_at) >= 1

    said = [body["content"]["text"] for body in gateway.bodies][-1]
    assert (said, segments(said)) == (SENTENCES[kind], 1)


@pytest.mark.parametrize("zone", ["Europe/Kyiv", "America/Argentina/Buenos_Aires"])
@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize("kind", SENTENCES)
def test_what_others_decide__says_nothing_personal_in_any_zone(
    wanted: Application, kind: str, language: str, zone: str
) -> None:
    text = make(kind, wanted)
    agency = wanted.official.agency
    agency.time_zone = zone
    agency.save()
    text = Letter.objects.select_related("application__agency").get(pk=text.pk)
    text.language = language

    said = render_text(text, now=text.created_at)

    assert segments(said) == 1, (len(said), said)
    for private in (
        REASON, wanted.topic, wanted.number, wanted.citizen.last_name, wanted.official.last_name,
        str(wanted.public_id), move_requests.WHY, ANSWER, NUMBER,
    ):  # fmt: skip
        assert private not in said


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        ("declined", START),
        ("written_answer", START),
        ("not_considered", START),
        ("lapsed", START + 12 * HOUR),
        ("clarification", NOW + 48 * HOUR),
        ("proposal", NOW + 48 * HOUR),
        ("move_refused", START),
        ("move_unanswered", START),
        ("term_extended", datetime(2026, 11, 30, 22, tzinfo=UTC)),
        ("answer_to_come", HELD + 72 * HOUR),
        ("passed_on", HELD + 72 * HOUR),
    ],
)
def test_what_others_decide__is_not_told_when_it_is_no_news(
    gateway: Gateway, wanted: Application, kind: str, end: Any
) -> None:
    text = make(kind, wanted)
    assert valid_until(text) == end
    Letter.objects.exclude(phone="").exclude(pk=text.pk).delete()
    Letter.objects.filter(pk=text.pk).update(next_attempt_at=end - MINUTE)

    assert deliver_texts(now=end) == 0

    text.refresh_from_db()
    assert (text.error_kind, gateway.requests) == ("out_of_date", [])
    Letter.objects.filter(pk=text.pk).update(state="queued", next_attempt_at=end - MINUTE)
    assert deliver_texts(now=end - MINUTE) == 1
    assert gateway.bodies[-1]["until"] == end.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_an_answer_that_takes_longer__is_told_until_it_is_given(
    gateway: Gateway, wanted: Application
) -> None:
    moderator = moderator_of(wanted.official.agency)
    conclude(wanted, moderator)
    extending.extend_answer(**of_task(moderator), days=25, reason=REASON, now=HELD)
    text = Letter.objects.exclude(phone="").get(kind="term_extended")

    said = "Відеоприйом 01.12 о 10:30 (Київ): відповідь буде до 28.12."
    assert render_text(text, now=HELD) == said
    answer_tasks.pass_on(**of_task(moderator), body="Фонд", reason=REASON, now=HELD)
    with pytest.raises(NothingToSend):
        render_text(text, now=HELD)


def test_an_answer_without_a_term__is_told_without_a_day(
    gateway: Gateway, wanted: Application
) -> None:
    conclude(
        wanted, moderator_of(wanted.official.agency), days=None, max_days=None, extended_by="nobody"
    )
    text = Letter.objects.exclude(phone="").get(kind="answer_to_come")
    assert (
        render_text(text, now=HELD)
        == "Відеоприйом 01.12 о 10:30 (Київ): відповідь буде. https://a.gov.ua/v"
    )


def test_a_proposal_that_was_answered__is_not_told_any_more(
    gateway: Gateway, wanted: Application
) -> None:
    text = make("proposal", wanted)
    answer("refuse", Proposal.objects.get())

    assert deliver_texts(now=NOW) == 0

    text.refresh_from_db()
    assert text.error_kind == "out_of_date"


def test_kinds__are_told_or_not_by_decision_of_somebody(wanted: Application) -> None:
    facts = {"calendar": True, "by": "agency"}
    told = {str(kind) for kind in Letter.Kind if told_by_sms(kind, facts)}

    assert told == {"confirmation", "moved", "cancelled", *SENTENCES}
    of_citizens = {
        str(kind)
        for kind in Letter.Kind
        if not kind.startswith(
            (
                "agency_",
                "centre_",
                "official_",
                "staff_",
                "text_",
                "consent_",
                "typed_",
                "slip",
                "waiting_",
            )
        )
        and kind != "mandate_ended"
    }
    assert of_citizens - told == UNTOLD | {"reminder"}
