"""«Нагадати»: what waits for the citizen's answer is told once more, and nothing else changes."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception import errors
from diia_videoreception.models import Application, JournalRecord, Letter, Occupancy, Official
from diia_videoreception.services.booking import answer_reminders
from diia_videoreception.services.letters.rendering import render_letter
from tests.factories import AgencyFactory, ApplicationFactory
from tests.harness.clock import NOW, START
from tests.steps.clarifications import QUESTION, ask, reply
from tests.steps.moderation import moderator_of
from tests.steps.proposals import REASON, answer, propose

HOUR = timedelta(hours=1)


@pytest.fixture
def application(official: Official) -> Application:
    return ApplicationFactory(official=official, start=START)


def remind(application: Application, staff: AbstractBaseUser, **how: Any) -> Letter:
    application.refresh_from_db()
    what = {"public_id": application.public_id, "version": application.version, "now": NOW}
    return answer_reminders.remind(moderator=staff, **what | how)


@pytest.mark.parametrize("kind", ["clarification", "proposal"])
def test_a_reminder__says_once_more_what_waits_and_changes_nothing(
    application: Application, moderator: AbstractBaseUser, kind: str
) -> None:
    if kind == "proposal":
        propose(application, moderator, START + HOUR)
    else:
        ask(application, moderator)
    before = [list(table.objects.values()) for table in (Application, Occupancy)]

    letter = remind(application, moderator)

    assert [list(table.objects.values()) for table in (Application, Occupancy)] == before
    told = render_letter(letter, for_sending=True, now=NOW)
    assert letter.kind == kind
    assert told.subject.startswith("Ще раз: ")
    assert (REASON if kind == "proposal" else QUESTION) in told.text
    record = JournalRecord.objects.latest("pk")
    assert (record.act, record.details) == ("application.remind_to_answer", {"kind": kind})


def test_within_a_day__nobody_is_reminded_twice(
    application: Application, moderator: AbstractBaseUser
) -> None:
    ask(application, moderator)
    remind(application, moderator)
    with pytest.raises(errors.RemindedAlready):
        remind(application, moderator, now=NOW + 24 * HOUR - timedelta(seconds=1))
    remind(application, moderator, now=NOW + 24 * HOUR)


def test_what_is_answered_or_nobody_asked__is_not_told_again(
    application: Application, moderator: AbstractBaseUser
) -> None:
    with pytest.raises(errors.WrongState):
        remind(application, moderator)
    reply(ask(application, moderator))
    with pytest.raises(errors.WrongState):
        remind(application, moderator)
    answer("refuse", propose(application, moderator, START + HOUR))
    with pytest.raises(errors.WrongState):
        remind(application, moderator)
    ask(application, moderator)
    with pytest.raises(errors.WrongState):
        remind(application, moderator, now=NOW + 60 * HOUR)


def test_others_and_old_pages__remind_nobody(
    application: Application, moderator: AbstractBaseUser
) -> None:
    ask(application, moderator)
    with pytest.raises(errors.NotFound):
        remind(application, moderator_of(AgencyFactory(), name="stranger"))
    with pytest.raises(errors.WrongState):
        remind(application, moderator, version=1)
