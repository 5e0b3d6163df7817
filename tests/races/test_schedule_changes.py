"""A change of a schedule while others act on what it touches: all of it or nothing, and nobody is forgotten."""

from collections.abc import Callable

from diia_videoreception.models import Application, Letter, Official, ScheduleException
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.selectors.booking.schedule_changes import (
    ScheduleChange,
    TouchedChoice,
    sign_of,
    touched_by,
)
from diia_videoreception.services.booking.schedule_changes import apply_change
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW, START
from tests.steps.moderation import decide, moderator_of
from tests.steps.races import run, said

AtOnce = Callable[..., list[object]]
ROUNDS = 4


def test_two_close_a_day_at_once__each_citizen_is_told_once(
    at_once: AtOnce, official: Official
) -> None:
    moderator = moderator_of(official.agency)
    for _ in range(ROUNDS):
        case = ApplicationFactory(official=official, start=START)

        def close(choice: TouchedChoice, case: Application, shown: str) -> None:
            change = ScheduleChange(ScheduleException(official=official, date=START.date()))
            apply_change(
                change,
                staff=moderator,
                shown=shown,
                choices={case.public_id: choice},
                reason="Захід.",
                now=NOW,
            )

        change = ScheduleChange(ScheduleException(official=official, date=START.date()))
        shown = sign_of(touched_by(change, now=NOW))
        outcomes = run(
            at_once,
            *(
                said("closed", close, one, case, shown)
                for one in (TouchedChoice.CANCEL, TouchedChoice.PROPOSE)
            ),
        )

        assert outcomes == ["closed", "shown_changed"]
        assert ScheduleException.objects.count() == 1
        assert Letter.objects.filter(application=case).count() == 1
        ScheduleException.objects.all().delete()
        case.occupancies.all().delete()


def test_closing_a_day_while_a_colleague_declines__is_asked_again_or_comes_first(
    at_once: AtOnce, official: Official
) -> None:
    moderator = moderator_of(official.agency)
    for _ in range(ROUNDS):
        case = ApplicationFactory(official=official, start=START)
        change = ScheduleChange(ScheduleException(official=official, date=START.date()))
        shown = sign_of(touched_by(change, now=NOW))
        outcomes = run(
            at_once,
            said(
                "closed",
                apply_change,
                change,
                staff=moderator,
                shown=shown,
                choices={case.public_id: TouchedChoice.PROPOSE},
                reason="Захід.",
                now=NOW,
            ),
            said("declined", decide, "decline", case, moderator, refusal=Refusal("Ні.")),
        )

        assert outcomes in (["closed", "wrong_state"], ["declined", "shown_changed"])
        assert ScheduleException.objects.count() == ("closed" in outcomes)
        assert Letter.objects.filter(application=case).count() == 1
        ScheduleException.objects.all().delete()
        case.occupancies.all().delete()
