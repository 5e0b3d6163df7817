"""The test as a member may see it: which is in force, what is open, what is left; never which answers are right."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from diia_videoreception.models import (
    CentreAccreditation,
    CentreMember,
    CentreTestAttempt,
    CentreTestVersion,
)
from diia_videoreception.rules.centre_tests import TakingObstacle, taking_obstacle
from diia_videoreception.selectors.centres.rights import accredited_until, today_in


@dataclass(frozen=True, slots=True)
class OwnTest:
    """How it stands with the test of one member.

    Attributes:
        version: what would be asked now; None where nothing is published.
        running: the attempt that was begun and whose time is not over.
        last: the attempt that was finished last.
        used: the attempts since the last pass, or since a head allowed it anew.
        until: the last day of the test that holds, or held.
        obstacle: why no attempt can be begun now.
    """

    version: CentreTestVersion | None
    running: CentreTestAttempt | None
    last: CentreTestAttempt | None
    used: int
    until: date | None
    obstacle: TakingObstacle | None

    @property
    def left(self) -> int:
        return max(0, self.version.max_attempts - self.used) if self.version else 0


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question of an attempt as it is shown; of its answers only the texts.

    Attributes:
        number: its place in the attempt, from 1.
        answers: the texts in the order of this attempt.
        chosen: the place of the answer that was given, from 0; None for none.
    """

    number: int
    text: str
    answers: list[str]
    chosen: int | None


@dataclass(frozen=True, slots=True)
class Mistake:
    """A question that was answered wrongly, for who has finished an attempt."""

    number: int
    text: str
    answer: str
    explanation: str


def centre_test_in_force(language: str) -> CentreTestVersion | None:
    """Return the test that was published last, in this language where there is one."""
    live = CentreTestVersion.objects.filter(withdrawn_at__isnull=True)
    return live.filter(language=language).first() or live.first()


def own_test(member: CentreMember, *, language: str, now: datetime) -> OwnTest:
    """Return how it stands with the test of a member, whose centre is there."""
    attempts = list(
        CentreTestAttempt.objects.filter(user_id=member.user_id).select_related(
            "centre", "version"
        )[:50]
    )
    version = centre_test_in_force(language)
    used = sum(attempt.is_counted for attempt in attempts)
    accredited = accredited_until([member.user_id])
    kinds = CentreAccreditation.Kind
    until = accredited.get((member.user_id, kinds.TEST.value))
    obstacle = taking_obstacle(
        is_published=version is not None,
        training_until=accredited.get((member.user_id, kinds.TRAINING.value)),
        test_until=until,
        used=used,
        max_attempts=version.max_attempts if version else 0,
        today=today_in(member.centre, now=now),
    )
    running = [one for one in attempts if not one.is_finished and one.deadline > now]
    finished = [one for one in attempts if one.is_finished]
    return OwnTest(
        version,
        running[0] if running else None,
        finished[0] if finished else None,
        used,
        until,
        obstacle,
    )


def attempt_in(member: CentreMember, public_id: uuid.UUID) -> CentreTestAttempt | None:
    """Return an own attempt, taken in this centre; None for any other."""
    found = CentreTestAttempt.objects.filter(
        public_id=public_id, user_id=member.user_id, centre=member.centre_id
    )
    return found.select_related("version", "accreditation").first()


def asked_in(attempt: CentreTestAttempt) -> list[ShownQuestion]:
    """Return the questions of an attempt as they are shown."""
    questions = {question.key: question for question in attempt.version.questions}
    found = []
    for number, item in enumerate(attempt.paper, 1):
        question = questions[item.question]
        texts = {answer.key: answer.text for answer in question.answers}
        given = attempt.answers.get(item.question)
        chosen = item.answers.index(given) if given in item.answers else None
        found.append(
            ShownQuestion(number, question.text, [texts[key] for key in item.answers], chosen)
        )
    return found


def mistakes_in(attempt: CentreTestAttempt) -> list[Mistake]:
    """Return what was answered wrongly in a finished attempt; of one that runs nothing.

    Which answer is right is told nowhere: the next attempt may ask the same.
    """
    if not attempt.is_finished:
        return []
    wrong = set(attempt.verdict.wrong)
    explanations = {question.key: question.explanation for question in attempt.version.questions}
    return [
        Mistake(
            asked.number,
            asked.text,
            asked.answers[asked.chosen] if asked.chosen is not None else "",
            explanations[item.question],
        )
        for asked, item in zip(asked_in(attempt), attempt.paper, strict=True)
        if item.question in wrong
    ]
