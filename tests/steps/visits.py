"""Visits of a centre, brought to a stage as their holder does it."""

import uuid
from typing import Any

from diia_videoreception import models
from diia_videoreception.rules.centres import CentreFunction
from diia_videoreception.rules.visits import EidAnswer, VisitMode, VisitPhase, VisitReason
from diia_videoreception.services.assistance import visits
from diia_videoreception.services.assistance.holding import ShownVisit
from diia_videoreception.services.assistance.visits import StatedNeed
from diia_videoreception.services.centres import workplaces
from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld, decided

SAID = "Не платять за догляд."
NEED = StatedNeed(
    models.CentreVisit.Purpose.RECEPTION, "Міністерство праці", VisitReason.NO_EID, EidAnswer.NO
)


def shown(visit: models.CentreVisit) -> ShownVisit:
    """The visit as a page that was opened now shows it."""
    visit.refresh_from_db()
    return ShownVisit(visit.centre.public_id, visit.public_id, visit.version)


def begun(world: CentreWorld, staff: Any = None) -> models.CentreVisit:
    return visits.begin(world.centre.public_id, staff=staff or world.administrator, now=NOW)


def at(
    phase: VisitPhase,
    world: CentreWorld,
    mode: VisitMode = VisitMode.SIDE_BY_SIDE,
    *,
    need: StatedNeed = NEED,
    workplace: uuid.UUID | None = None,
) -> models.CentreVisit:
    """A visit of the administrator at a stage of a way."""
    visit = begun(world)
    who: dict[str, Any] = {"staff": world.administrator, "now": NOW}
    language = models.CentreVisit.Language.UKRAINIAN
    steps = {
        VisitPhase.GREETING: lambda: visits.note_greeting(
            shown(visit), need=SAID, language=language, **who
        ),
        VisitPhase.NEED: lambda: (
            visits.note_need(shown(visit), need, **who),
            visits.confirm_need(shown(visit), **who),
        ),
        VisitPhase.DECISION: lambda: visits.decide(shown(visit), mode, workplace=workplace, **who),
    }
    while visit.phase != phase:
        step = steps.get(VisitPhase(visit.phase), lambda: visits.go_on(shown(visit), **who))
        step()
        visit.refresh_from_db()
    return visit


def self_service_place(world: CentreWorld) -> models.CentreWorkplace:
    """A place where people do it alone, in a centre that has the decision for it."""
    decided(world.centre, CentreFunction.SELF_SERVICE)
    return workplaces.make_workplace(
        world.centre.public_id,
        kind=models.CentreWorkplace.Kind.SELF_SERVICE,
        label="Місце № 1",
        staff=world.head,
        now=NOW,
    )
