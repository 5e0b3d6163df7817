"""What keeps somebody from acting on behalf of people, and what is said in a visit, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models import CentreVisit
from diia_videoreception.rules.centre_tests import TakingObstacle
from diia_videoreception.rules.centres import ActingObstacle
from diia_videoreception.rules.visits import EidAnswer, VisitMode, VisitPhase

_WORDS: dict[ActingObstacle, Promise] = {
    ActingObstacle.NOT_A_MEMBER: _("The person does not work in the centre."),
    ActingObstacle.CENTRE_SUSPENDED: _("Access of the centre is suspended."),
    ActingObstacle.NO_DECISION: _("The centre has no decision on the digital intermediary."),
    ActingObstacle.BLOCKED: _("The head of the centre or the portal operator has blocked it."),
    ActingObstacle.ROLE: _("Consultants explain; they do not act on behalf of people."),
    ActingObstacle.NO_TRAINING: _("No training is recorded."),
    ActingObstacle.TRAINING_ENDED: _("The training does not hold any more."),
    ActingObstacle.NO_TEST: _("The test is not passed."),
    ActingObstacle.TEST_ENDED: _("The test does not hold any more."),
    ActingObstacle.NO_SECOND_FACTOR: _("The second factor is not set up."),
    ActingObstacle.SECOND_FACTOR_NOT_GIVEN: _("The second factor was not given in this session."),
}


_WORDS_OF_TEST: dict[TakingObstacle, Promise] = {
    TakingObstacle.NOT_PUBLISHED: _("The portal has not published the test yet."),
    TakingObstacle.NO_TRAINING: _(
        "First the head of the centre records your training. Then we send you the invitation."
    ),
    TakingObstacle.HOLDS: _("Your test holds. You can take it anew in the 30 days before its end."),
    TakingObstacle.ATTEMPTS_SPENT: _(
        "You have used all your attempts. The head of the centre can allow you to take it once more."
    ),
}


def words_of_test(obstacle: TakingObstacle) -> Promise:
    return _WORDS_OF_TEST[obstacle]


def words_of(obstacle: ActingObstacle) -> Promise:
    return _WORDS[obstacle]


_HEADINGS: dict[str, Promise] = {
    VisitPhase.GREETING.value: _("Greet the person and listen"),
    VisitPhase.NEED.value: _("Understand what is needed"),
    VisitPhase.DECISION.value: _("How do we help?"),
    VisitPhase.CHECK.value: _("Check it together"),
    VisitPhase.CLOSE.value: _("Say goodbye"),
}
_WORK: dict[str, Promise] = {
    VisitMode.SELF_SERVICE.value: _("Invite the person to the workplace"),
    VisitMode.SIDE_BY_SIDE.value: _("Help side by side"),
    VisitMode.PAPER.value: _("Fill in the paper form together"),
    VisitMode.ON_BEHALF.value: _("Fill it in together"),
}
_WISHES: dict[str, Promise] = {
    CentreVisit.Purpose.RECEPTION.value: _("You want a reception with an official."),
    CentreVisit.Purpose.STATE.value: _("You want to know how your application stands."),
    CentreVisit.Purpose.CHANGE.value: _("You want to change or cancel your application."),
    CentreVisit.Purpose.OTHER.value: _("You have another question."),
}
_SIGNATURE: dict[str, Promise] = {
    EidAnswer.YES.value: _("You have an electronic signature."),
    EidAnswer.NO.value: _("You have no electronic signature, and that is all right."),
    EidAnswer.UNKNOWN.value: _("You are not sure whether you have an electronic signature."),
}


def heading_of(visit: CentreVisit) -> Promise:
    """Return what a member of staff does at the stage of a visit."""
    if visit.phase == VisitPhase.WORK:
        return _WORK[visit.mode]
    return _HEADINGS[visit.phase]


def said_back(visit: CentreVisit) -> list[str]:
    """Return the sentences that say a need back, the question last (B-77); none before it is noted."""
    if not visit.purpose:
        return []
    parts = [str(_WISHES[visit.purpose])]
    if visit.agency_name:
        parts.append(gettext("To which body: %(name)s.") % {"name": visit.agency_name})
    if visit.need:
        parts.append(gettext("The question: %(need)s") % {"need": visit.need})
    return [*parts, str(_SIGNATURE[visit.eid]), gettext("Did we understand you right?")]
