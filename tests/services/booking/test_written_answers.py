"""An answer in writing instead of a reception: what it needs, what comes of it, what it leaves."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from diia_videoreception import errors
from diia_videoreception.models import Agency, Application, Letter, Occupancy, Official
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.letters import letters_about, worth_sending
from diia_videoreception.services.booking import applications
from tests.factories import ApplicationFactory, ScheduleRuleFactory
from tests.harness.clock import NOW, START
from tests.steps.letters import render
from tests.steps.moderation import decide, moderator_of
from tests.steps.proposals import propose
from tests.steps.written_answers import ANSWER, NUMBER, answer_in_writing


@pytest.fixture
def submitted(official: Official, citizen: SignedIn) -> Application:
    return ApplicationFactory(official=official, citizen=citizen.citizen, start=START)


def test_answering__frees_the_time_and_tells_the_citizen(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    Agency.objects.update(complaints="Скаржитися можна до Секретаріату.")

    answer_in_writing(submitted, moderator, outgoing_number=f"  {NUMBER} \n")

    application = Application.objects.get()
    assert (application.state, application.decided_at) == ("answered", NOW)
    assert (application.written_answer, application.outgoing_number) == (ANSWER, NUMBER)
    assert not Occupancy.objects.exists()
    text = render(Letter.objects.get(kind="written_answer", copy_of=None)).text
    for said in (*ANSWER.splitlines(), NUMBER, "Прийому не буде", "до Секретаріату"):
        assert said in text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": " \u200b"}, "text"),
        ({"text": "а" * 10_001}, "text"),
        ({"outgoing_number": "  "}, "outgoing_number"),
        ({"outgoing_number": "1" * 61}, "outgoing_number"),
    ],
)
def test_text_and_number__are_needed_and_have_an_end(
    submitted: Application, moderator: AbstractBaseUser, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(errors.Incomplete) as refused:
        answer_in_writing(submitted, moderator, **changes)

    assert set(refused.value.fields) == {field}
    assert Application.objects.get().state == "submitted"


def test_what_is_decided_or_begun_or_anothers__is_not_answered(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    with pytest.raises(errors.WrongState):
        answer_in_writing(submitted, moderator, now=START)
    other = moderator_of(ScheduleRuleFactory().official.agency, name="other")
    with pytest.raises(errors.NotFound):
        answer_in_writing(submitted, other)
    seen = Application.objects.get()
    decide("confirm", submitted, moderator)
    for application in (seen, Application.objects.get()):
        with pytest.raises(errors.WrongState):
            answer_in_writing(application, moderator)


def test_the_answer__is_the_last_word(
    submitted: Application, moderator: AbstractBaseUser, citizen: SignedIn
) -> None:
    answer_in_writing(submitted, moderator)

    answered = Application.objects.get()
    with pytest.raises(errors.WrongState):
        answer_in_writing(answered, moderator, text="Інша відповідь.")
    with pytest.raises(errors.WrongState):
        applications.cancel(actor=citizen, public_id=answered.public_id, now=NOW)
    letters = list(letters_about(answered))
    assert [one.kind for one in worth_sending(letters, answered, now=NOW)] == [
        "written_answer"
    ] * len(letters)


def test_an_open_proposal__ends_with_it(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    propose(submitted, moderator, START + timedelta(hours=1))

    answer_in_writing(Application.objects.get(), moderator)

    assert not Occupancy.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"state": "answered", "decided_at": NOW},
        {"state": "answered", "decided_at": NOW, "written_answer": "Так."},
        {"state": "answered", "decided_at": NOW, "outgoing_number": "1"},
        {"written_answer": "Так.", "outgoing_number": "1"},
    ],
)
def test_the_database__holds_state_text_and_number_together(
    submitted: Application, values: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.update(**values)
