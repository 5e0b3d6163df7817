"""What an act of a reception answers to who has no part in it, below the pages that would not show it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import NotFound
from diia_videoreception.models import Application, JournalRecord, Official
from diia_videoreception.rules.transitions import Act
from diia_videoreception.services.booking import answers, receptions
from tests.factories import AgencyFactory, ApplicationFactory, CitizenFactory, signed_in
from tests.harness.clock import NOW
from tests.steps.moderation import moderator_of

OF_STAFF: list[Callable[..., Any]] = [
    partial(
        answers.conclude, version=1, outcome=Act.COMPLETE, answer_version=0, text="Так.",
        for_letter=True,
    ),
    partial(answers.save_answer, version=0, text="Так."),
    partial(answers.send_answer, version=0),
]  # fmt: skip


@pytest.fixture
def reception(official: Official) -> Application:
    """Has begun, with a login and password of the agency's program."""
    return ApplicationFactory(
        official=official, state="confirmed", decided_at=NOW, start=NOW - timedelta(minutes=5)
    )


@pytest.fixture
def stranger() -> AbstractBaseUser:
    return moderator_of(AgencyFactory(), name="foreign")


@pytest.mark.parametrize("act", OF_STAFF, ids=["conclude", "save", "send"])
def test_a_moderator_of_another_agency__writes_nothing_to_the_citizen(
    reception: Application, stranger: AbstractBaseUser, act: Callable[..., Any]
) -> None:
    with pytest.raises(NotFound):
        act(staff=stranger, public_id=reception.public_id, now=NOW)
    assert not JournalRecord.objects.exists()


def test_a_moderator_of_another_agency__is_shown_no_password(
    reception: Application, stranger: AbstractBaseUser
) -> None:
    with pytest.raises(NotFound):
        receptions.reveal_password_to_moderator(
            moderator=stranger, public_id=reception.public_id, now=NOW
        )
    day = reception.start.date()
    assert receptions.reveal_passwords_of_day(moderator=stranger, day=day, now=NOW) == {}
    assert not JournalRecord.objects.exists()


def test_another_citizen__is_shown_no_password_and_rates_nothing(reception: Application) -> None:
    other = signed_in(CitizenFactory())
    with pytest.raises(NotFound):
        receptions.reveal_password(actor=other, public_id=reception.public_id, now=NOW)
    with pytest.raises(NotFound):
        answers.rate(actor=other, public_id=reception.public_id, stars=1, words="", now=NOW)
    assert not JournalRecord.objects.exists()
