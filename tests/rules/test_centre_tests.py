"""The test of people of centres: what a paper asks, how it is judged, when it may be taken."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from diia_videoreception.rules import centre_tests as rules
from diia_videoreception.rules.centre_tests import ChoiceAnswer, QuestionProblem, TakingObstacle
from tests.steps.centres import questions

TODAY = date(2026, 11, 24)
CHANCE = random.Random(3)


def shuffled(keys: Any) -> list[str]:
    return CHANCE.sample(list(keys), len(keys))


def test_a_paper__asks_new_questions_first_and_none_twice() -> None:
    pool = questions(10)
    for _ in range(30):
        paper = rules.draw_paper(pool, asked=6, seen={"q1", "q2", "q3", "q4"}, shuffled=shuffled)
        asked = [item.question for item in paper]
        assert sorted(asked) == sorted(["q10", *(f"q{number}" for number in range(5, 10))])
    paper = rules.draw_paper(pool, asked=8, seen={"q1", "q2", "q3", "q4"}, shuffled=shuffled)
    assert len({item.question for item in paper}) == 8
    assert all(sorted(item.answers) == ["0", "1", "2"] for item in paper)


def test_answers__stand_in_another_order_each_time() -> None:
    orders = {
        rules.draw_paper(questions(1), asked=1, seen=(), shuffled=shuffled)[0].answers
        for _ in range(60)
    }
    assert len(orders) > 2


@pytest.mark.parametrize(
    ("asked", "percent", "needed"), [(10, 100, 10), (3, 67, 3), (3, 66, 2), (10, 1, 1), (7, 50, 4)]
)
def test_needed_answers__are_never_less_than_the_percentage(
    asked: int, percent: int, needed: int
) -> None:
    assert rules.needed_answers(asked, percent) == needed


def test_a_verdict__counts_what_is_right_and_nothing_else() -> None:
    pool = questions(3)
    paper = rules.draw_paper(pool, asked=3, seen=(), shuffled=list)
    right = {"q1": "0", "q2": "0", "q3": "0"}
    assert rules.judge(pool, paper, right, pass_percent=100).is_passed
    wrong = rules.judge(pool, paper, right | {"q2": "1"}, pass_percent=100)
    assert (wrong.correct, wrong.wrong, wrong.is_passed) == (2, ("q2",), False)
    missing = rules.judge(pool, paper, {"q1": "0", "q2": "0", "q9": "0"}, pass_percent=100)
    assert (missing.correct, missing.is_passed) == (2, False)
    assert rules.judge(pool, paper, right | {"q2": "1"}, pass_percent=66).is_passed


def test_a_test__comes_back_from_its_data_as_it_was() -> None:
    pool = questions(2)
    paper = rules.draw_paper(pool, asked=2, seen=(), shuffled=shuffled)
    assert rules.questions_of(rules.questions_as_data(pool)) == pool
    assert rules.paper_of(rules.paper_as_data(paper)) == paper


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ([("Так", True)], QuestionProblem.FEW_ANSWERS),
        ([(str(number), not number) for number in range(9)], QuestionProblem.MANY_ANSWERS),
        ([("Так", False), ("Ні", False)], QuestionProblem.NOT_ONE_RIGHT),
        ([("Так", True), ("Ні", True)], QuestionProblem.NOT_ONE_RIGHT),
        ([("Так", True), ("ТАК ", False)], QuestionProblem.SAME_ANSWERS),
        ([("Так", True), ("Ні", False)], None),
    ],
)
def test_a_question__that_cannot_be_asked(
    answers: list[tuple[str, bool]], problem: QuestionProblem | None
) -> None:
    written = [
        ChoiceAnswer(str(place), text, is_right) for place, (text, is_right) in enumerate(answers)
    ]
    assert rules.problem_of_question(written) is problem


@pytest.mark.parametrize(
    ("facts", "obstacle"),
    [
        ({}, None),
        ({"is_published": False}, TakingObstacle.NOT_PUBLISHED),
        ({"training_until": None}, TakingObstacle.NO_TRAINING),
        ({"training_until": TODAY - timedelta(days=1)}, TakingObstacle.NO_TRAINING),
        ({"training_until": TODAY}, None),
        ({"test_until": TODAY + timedelta(days=rules.RETAKE_DAYS + 1)}, TakingObstacle.HOLDS),
        ({"test_until": TODAY + timedelta(days=rules.RETAKE_DAYS)}, None),
        ({"test_until": TODAY - timedelta(days=1)}, None),
        ({"used": 3}, TakingObstacle.ATTEMPTS_SPENT),
        ({"used": 2}, None),
    ],
)
def test_the_test__is_open_or_says_why_not(
    facts: dict[str, Any], obstacle: TakingObstacle | None
) -> None:
    usual: dict[str, Any] = {
        "is_published": True,
        "training_until": TODAY + timedelta(days=300),
        "test_until": None,
        "used": 0,
        "max_attempts": 3,
    }
    assert rules.taking_obstacle(**(usual | facts), today=TODAY) is obstacle
