"""The test of people who act on behalf of others: what a paper asks, how it is judged, when it is open."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

MIN_ANSWERS, MAX_ANSWERS = 2, 8
MAX_QUESTIONS = 100
MAX_ATTEMPTS = 10
MAX_VALID_DAYS = 5 * 366
MAX_DAYS_TO_FINISH = 60
RETAKE_DAYS = 30
"""How long before its end a passed test may be taken anew."""


@dataclass(frozen=True, slots=True)
class ChoiceAnswer:
    key: str
    text: str
    is_right: bool


@dataclass(frozen=True, slots=True)
class ChoiceQuestion:
    """One question with its answers, of which exactly one is right.

    Attributes:
        explanation: shown after the test to who answered wrongly; may be empty.
    """

    key: str
    text: str
    answers: tuple[ChoiceAnswer, ...]
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class PaperItem:
    """A question of one attempt, and its answers in the order in which they are shown."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperVerdict:
    """What an attempt came to.

    Attributes:
        wrong: the questions that were answered wrongly or not at all, in their order.
    """

    correct: int
    asked: int
    wrong: tuple[str, ...]
    is_passed: bool


class QuestionProblem(StrEnum):
    """What is wrong with a question as an editor wrote it."""

    FEW_ANSWERS = "few_answers"
    MANY_ANSWERS = "many_answers"
    NOT_ONE_RIGHT = "not_one_right"
    SAME_ANSWERS = "same_answers"


class TakingObstacle(StrEnum):
    """Why somebody cannot begin the test now; in the order in which people are told."""

    NOT_PUBLISHED = "not_published"
    NO_TRAINING = "no_training"
    HOLDS = "holds"
    ATTEMPTS_SPENT = "attempts_spent"


def problem_of_question(answers: Sequence[ChoiceAnswer]) -> QuestionProblem | None:
    """Return the first problem of the answers of a question; None for one that can be asked."""
    if len(answers) < MIN_ANSWERS:
        return QuestionProblem.FEW_ANSWERS
    if len(answers) > MAX_ANSWERS:
        return QuestionProblem.MANY_ANSWERS
    if sum(answer.is_right for answer in answers) != 1:
        return QuestionProblem.NOT_ONE_RIGHT
    if len({" ".join(answer.text.split()).casefold() for answer in answers}) < len(answers):
        return QuestionProblem.SAME_ANSWERS
    return None


def draw_paper(
    questions: Sequence[ChoiceQuestion],
    *,
    asked: int,
    seen: Collection[str],
    shuffled: Callable[[Sequence[str]], list[str]],
) -> list[PaperItem]:
    """Return the questions of an attempt: those that were not asked before come first.

    Args:
        asked: how many; all where there are not more.
        seen: the questions of earlier attempts.
        shuffled: returns the keys in an order that nobody can tell beforehand.
    """
    by_key = {question.key: question for question in questions}
    keys = sorted(shuffled(list(by_key)), key=lambda key: key in seen)[:asked]
    return [
        PaperItem(key, tuple(shuffled([answer.key for answer in by_key[key].answers])))
        for key in shuffled(keys)
    ]


def needed_answers(asked: int, pass_percent: int) -> int:
    """Return how many right answers pass: never less than the percentage, and at least one."""
    return max(1, -(-asked * pass_percent // 100))


def judge(
    questions: Sequence[ChoiceQuestion],
    paper: Sequence[PaperItem],
    answers: Mapping[str, str],
    *,
    pass_percent: int,
) -> PaperVerdict:
    """Judge the answers of an attempt; what was not answered is wrong."""
    right = {
        (question.key, answer.key)
        for question in questions
        for answer in question.answers
        if answer.is_right
    }
    wrong = tuple(
        item.question for item in paper if (item.question, answers.get(item.question)) not in right
    )
    correct = len(paper) - len(wrong)
    return PaperVerdict(
        correct, len(paper), wrong, correct >= needed_answers(len(paper), pass_percent)
    )


def taking_obstacle(
    *,
    is_published: bool,
    training_until: date | None,
    test_until: date | None,
    used: int,
    max_attempts: int,
    today: date,
) -> TakingObstacle | None:
    """Return why the test cannot be begun; None where it can.

    Args:
        training_until: the last day of the latest training; None for who had none.
        used: the attempts since the last pass, or since a head allowed it anew.
    """
    if not is_published:
        return TakingObstacle.NOT_PUBLISHED
    if training_until is None or training_until < today:
        return TakingObstacle.NO_TRAINING
    if test_until is not None and (test_until - today).days > RETAKE_DAYS:
        return TakingObstacle.HOLDS
    if used >= max_attempts:
        return TakingObstacle.ATTEMPTS_SPENT
    return None


# --- As it is stored ---------------------------------------------------------------------------


def questions_as_data(questions: Sequence[ChoiceQuestion]) -> list[dict[str, Any]]:
    return [asdict(question) for question in questions]


def questions_of(data: Sequence[Mapping[str, Any]]) -> list[ChoiceQuestion]:
    return [
        ChoiceQuestion(
            one["key"],
            one["text"],
            tuple(
                ChoiceAnswer(answer["key"], answer["text"], answer["is_right"])
                for answer in one["answers"]
            ),
            one["explanation"],
        )
        for one in data
    ]


def paper_as_data(paper: Sequence[PaperItem]) -> list[dict[str, Any]]:
    return [asdict(item) for item in paper]


def paper_of(data: Sequence[Mapping[str, Any]]) -> list[PaperItem]:
    return [PaperItem(one["question"], tuple(one["answers"])) for one in data]
