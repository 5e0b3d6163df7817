"""Receptions paused and resumed by two at once: one does it, and nobody is told twice."""

from collections.abc import Callable
from datetime import timedelta

from diia_videoreception.models import Absence, Letter, Official, ReceptionPause
from diia_videoreception.selectors.booking.pauses import absences_for
from diia_videoreception.selectors.booking.schedule_changes import (
    TouchedChoice,
    sign_of,
    touched_by_all,
)
from diia_videoreception.services.booking.pauses import pause_receptions, resume_receptions
from tests.factories import ApplicationFactory
from tests.harness.clock import START
from tests.steps.moderation import moderator_of
from tests.steps.races import run, said

AtOnce = Callable[..., list[object]]
ROUNDS = 4
NOW = START - timedelta(hours=1)


def test_two_pause_and_resume_at_once__one_does(at_once: AtOnce, official: Official) -> None:
    moderator = moderator_of(official.agency)
    for _ in range(ROUNDS):
        case = ApplicationFactory(official=official, start=START)
        pauses = [
            ReceptionPause(
                agency=official.agency,
                cause="power",
                starts_at=NOW,
                ends_at=NOW + timedelta(hours=3),
            )
            for _one in range(2)
        ]
        shown = sign_of(touched_by_all(absences_for(pauses[0], [official]), now=NOW))
        outcomes = run(
            at_once,
            *(
                said(
                    "paused",
                    pause_receptions,
                    pause,
                    [official],
                    staff=moderator,
                    shown=shown,
                    choices={case.public_id: TouchedChoice.CANCEL},
                    reason="Немає світла.",
                    now=NOW,
                )
                for pause in pauses
            ),
        )
        assert outcomes == ["paused", "shown_changed"]
        kept = ReceptionPause.objects.get()
        assert Absence.objects.count() == 1
        assert Letter.objects.filter(application=case).count() == 1

        how = {"staff": moderator, "now": NOW}
        ended = run(
            at_once, *(said("resumed", resume_receptions, kept.pk, **how) for _one in range(2))
        )
        assert ended == ["resumed", "wrong_state"]
        assert not Absence.objects.exists()
        ReceptionPause.objects.all().delete()
