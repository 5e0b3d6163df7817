"""An answer in writing and another decision at the same moment: one of them counts, and all of that."""

from collections.abc import Callable

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import Application, JournalRecord, Letter, Occupancy
from diia_videoreception.services.booking import applications
from tests.factories import ApplicationFactory, ScheduleRuleFactory, signed_in
from tests.harness.clock import NOW, START
from tests.steps.moderation import decide, moderator_of
from tests.steps.written_answers import answer_in_writing

AtOnce = Callable[..., list[object]]
ROUNDS = 5


def new() -> tuple[Application, AbstractBaseUser]:
    official = ScheduleRuleFactory().official
    application = ApplicationFactory(official=official, start=START)
    moderator = moderator_of(official.agency, name=f"moderator {official.pk}")
    return application, moderator


def consistent(application: Application) -> str:
    application.refresh_from_db()
    is_answered = application.state == "answered"
    assert bool(application.written_answer) == is_answered
    told = Letter.objects.filter(application=application, kind="written_answer", copy_of=None)
    assert told.count() == is_answered
    acts = JournalRecord.objects.filter(
        subject_id=str(application.public_id), act="application.answer_in_writing"
    )
    assert acts.count() == is_answered
    rows = Occupancy.objects.filter(application=application)
    assert rows.count() == (application.state == "confirmed")
    return str(application.state)


def test_two_moderators__decide_once(at_once: AtOnce, transactional_db: None) -> None:
    for _ in range(ROUNDS):
        application, moderator = new()
        seen = [Application.objects.get(pk=application.pk) for _ in range(2)]

        def confirm(one: Application = seen[0], who: AbstractBaseUser = moderator) -> str:
            decide("confirm", one, who)
            return "confirmed"

        def answer(one: Application = seen[1], who: AbstractBaseUser = moderator) -> str:
            answer_in_writing(one, who)
            return "answered"

        outcomes = sorted(str(one) for one in at_once(lambda act: act(), (confirm, answer)))

        assert outcomes in (["answered", "wrong_state"], ["confirmed", "wrong_state"])
        assert consistent(application) == outcomes[0]


def test_a_cancellation_and_an_answer__are_one_or_the_other(
    at_once: AtOnce, transactional_db: None
) -> None:
    for _ in range(ROUNDS):
        application, moderator = new()
        seen = Application.objects.get(pk=application.pk)

        def cancel(one: Application = application) -> str:
            actor = signed_in(one.citizen)
            applications.cancel(actor=actor, public_id=one.public_id, now=NOW)
            return "cancelled"

        def answer(one: Application = seen, who: AbstractBaseUser = moderator) -> str:
            answer_in_writing(one, who)
            return "answered"

        outcomes = sorted(str(one) for one in at_once(lambda act: act(), (cancel, answer)))

        assert outcomes in (["answered", "wrong_state"], ["cancelled", "wrong_state"])
        assert consistent(application) == outcomes[0]
