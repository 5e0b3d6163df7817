"""What keeps somebody from acting on behalf of people, in words for themselves and for their head."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diia_videoreception.rules.centres import ActingObstacle

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


def words_of(obstacle: ActingObstacle) -> Promise:
    return _WORDS[obstacle]
