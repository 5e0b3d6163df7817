"""kill -9 between two statements of an act: everything of it is there, or nothing, and it can be done again."""

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from diia_videoreception.models import (
    Agency,
    AnswerTask,
    Application,
    ApplicationNumber,
    Document,
    JournalRecord,
    Official,
    SpentProof,
)
from diia_videoreception.services.documents.storage import delete_orphans, private_storage
from tests.factories import ApplicationFactory, CitizenFactory, ScheduleRuleFactory, signed_in
from tests.harness.clock import NOW, START
from tests.harness.killing import DONE, KILLED, Killer, killer
from tests.steps.application import hold_time, write_draft
from tests.steps.closing import as_head
from tests.steps.consistency import check_consistency
from tests.steps.moderation import decide, moderator_of
from tests.steps.reassigning import colleague_of
from tests.steps.terms import set_term

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MAX_POINTS = 60
BESIDE = {SpentProof, ApplicationNumber}
"""Written before an act, whatever becomes of it: a proof is used up, and a number is left out."""
UNRECORDED = {"attach", "detach", "add_to_correction", "add_to_reply", "clean"}
"""What becomes of a draft, and of what is not sent, is the citizen's alone; what is held ends by itself."""
RECORDS = {"answer_objection": 2}
"""The answer changes what was recorded: both are in the journal, or nothing."""

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.only_postgres]


@pytest.fixture(scope="module")
def killing(django_db_setup: None) -> Iterator[Killer]:
    with killer("tests.races.killed_later.ACTS") as one:
        yield one


def rows() -> dict[str, str]:
    """Everything that is stored, by table."""
    tables = [
        model._meta.db_table
        for model in apps.get_app_config("diia_videoreception").get_models(
            include_auto_created=True
        )
        if model not in BESIDE
    ]
    each = [
        f"SELECT '{name}', string_agg(t::text, E'\\n' ORDER BY t::text) FROM {name} t"
        for name in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {table for table in before if before[table] != after[table]}


def kill_at_each_point(killing: Killer, name: str, **what: Any) -> int:
    """Do an act until it ends, killed one point later each time; `what` as `Killer.do` takes it.

    Returns:
        How many times it was killed.
    """
    before, records, seen = rows(), JournalRecord.objects.count(), []
    for point in itertools.count(1):
        assert point < MAX_POINTS, name
        ended = killing.do(name, point, **what)
        seen.append(rows())
        assert set(Document.objects.values_list("path", flat=True)) <= files()
        if ended != KILLED:
            break
    whole = seen[-1]
    assert changed(before, whole), name
    for point, found in enumerate(seen, 1):
        assert found in (before, whole), (
            name,
            point,
            changed(before, found),
            changed(found, whole),
        )
    # What was killed behind its commit was done.
    assert ended == DONE or seen[-2] == whole, (name, ended)
    check_consistency()
    recorded = RECORDS.get(name, name not in UNRECORDED)
    assert JournalRecord.objects.count() == records + recorded, name
    return len(seen) - 1


def files() -> set[str]:
    storage = private_storage()
    try:
        folders = storage.listdir("documents")[0]
    except FileNotFoundError:
        return set()
    return {
        f"documents/{one}/{name}"
        for one in folders
        for name in storage.listdir(f"documents/{one}")[1]
    }


@pytest.fixture
def official() -> Official:
    official = ScheduleRuleFactory().official
    as_head(moderator_of(official.agency))
    moderator_of(official.agency, name="colleague")
    return official


Kill = Callable[..., None]


def killing_each(killing: Killer, *, within: bool, least: int) -> Iterator[Kill]:
    kills = {}

    def do(*names: str, of: Application | None = None, now: datetime | None = None) -> None:
        for name in names:
            what: dict[str, Any] = {"now": now.isoformat()} if now else {}
            if of is not None:
                of.refresh_from_db()
                what = {"application": of.pk, "version": of.version}
            kills[name] = kill_at_each_point(killing, name, within=within, **what)

    yield do
    assert all(count >= least for count in kills.values()), kills


@pytest.fixture
def kill(killing: Killer) -> Iterator[Kill]:
    """`kill("ask", "answer", of=application)`, `kill("clean", now=NOW)`: one act after the other."""
    yield from killing_each(killing, within=True, least=3)


@pytest.fixture
def kill_at_commits(killing: Killer) -> Iterator[Kill]:
    """The same, at a quarter of the points: where something is written for good."""
    yield from killing_each(killing, within=False, least=2)


def test_an_act_that_is_killed__has_happened_or_has_not(
    killing: Killer, kill: Kill, official: Official
) -> None:
    citizen = signed_in(CitizenFactory())
    hold_time(citizen, official, START)
    write_draft(citizen)
    key = citizen.citizen.pk
    assert killing.do("attach", MAX_POINTS, citizen=key) == DONE
    kills = {
        name: kill_at_each_point(killing, name, citizen=key)
        for name in ("detach", "attach", "file")
    }
    kill("ask", "answer", "propose", "accept", "move", "complete", of=Application.objects.get())
    for number, name in enumerate(("confirm", "cancel", "decline", "answer_in_writing"), 1):
        kill(name, of=ApplicationFactory(official=official, start=START + number * DAY))

    assert all(count >= 3 for count in kills.values()), kills
    # What has been attached again and again has left files without rows.
    assert delete_orphans(now=timezone.now() + 2 * DAY) > 0
    assert files() == set(Document.objects.values_list("path", flat=True))


def test_what_comes_before_a_decision__has_happened_or_has_not(
    kill_at_commits: Kill, official: Official
) -> None:
    colleague_of(official, post="заступниця")
    Agency.objects.update(unique_registration=True)
    set_term(official.agency, days=2)
    first = ApplicationFactory(official=official, start=START, decide_by=NOW + 2 * DAY)
    kill_at_commits("add_to_correction", "correct", "read_correction", "register", of=first)
    kill_at_commits("take", "hand_over", "take", "give_back", of=first)
    kill_at_commits(
        "accept_for_review", "extend_term", "ask", "add_to_reply", "withdraw_question", of=first
    )
    kill_at_commits("reassign", "end_consideration", of=first)

    second = ApplicationFactory(official=official, start=START)
    kill_at_commits("ask", of=second)
    kill_at_commits("expire_clarifications", now=second.start)
    kill_at_commits("propose", of=second)
    kill_at_commits("expire_proposals", now=second.start)
    kill_at_commits("propose", "refuse_proposal", "propose", "withdraw_proposal", of=second)
    kill_at_commits("answer_with_scan", of=second)
    third = ApplicationFactory(official=official, start=START)
    kill_at_commits("answer_with_kep", of=third)


def test_what_comes_after_a_decision__has_happened_or_has_not(
    kill_at_commits: Kill, official: Official
) -> None:
    set_term(official.agency, kind="answer", counts_from="reception")

    def confirmed() -> Application:
        application = ApplicationFactory(official=official, start=START)
        moderator = get_user_model().objects.get(username="moderator")
        return decide("confirm", application, moderator)

    moved, expired = confirmed(), START - 2 * HOUR
    kill_at_commits("request_move", "withdraw_move", "request_move", "refuse_move", of=moved)
    kill_at_commits("request_move", "grant_move", "cancel_by_agency", of=moved)
    asked = confirmed()
    kill_at_commits("request_move", of=asked)
    kill_at_commits("expire_move_requests", now=expired)
    kill_at_commits("complete", "assign_answer", "extend_answer", of=asked)
    kill_at_commits("alarm_late_answers", now=AnswerTask.objects.get().due)
    kill_at_commits("save_answer", "send_answer", "rate", of=asked)
    kill_at_commits("complete", "pass_on", of=confirmed())
    kill_at_commits("note_absence", "object", "answer_objection", of=confirmed())


def test_what_happens_by_itself__has_happened_or_has_not(
    kill_at_commits: Kill, official: Official
) -> None:
    ApplicationFactory(official=official, start=START, decide_by=NOW + DAY)
    kill_at_commits("alarm_overdue", now=NOW + DAY)
    kill_at_commits("alarm_agencies", now=START - HOUR)
    kill_at_commits("lapse_undecided", now=START)
    hold_time(signed_in(CitizenFactory()), official, START + HOUR)
    kill_at_commits("clean", now=NOW + HOUR)


def test_without_its_transaction__an_act_is_seen_half_done(
    killing: Killer, official: Official
) -> None:
    application = ApplicationFactory(official=official, start=START)
    what = {"application": application.pk, "version": 1}
    assert killing.do("confirm", 1, atomic=False, **what) == KILLED
    with pytest.raises(AssertionError):
        check_consistency()
