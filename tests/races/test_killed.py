"""kill -9 between two statements of an act: everything of it is there, or nothing, and it can be done again."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from diia_videoreception.models import (
    Application,
    ApplicationNumber,
    Document,
    JournalRecord,
    Official,
    SpentProof,
)
from diia_videoreception.services.documents.storage import delete_orphans, private_storage
from tests.factories import ApplicationFactory, CitizenFactory, ScheduleRuleFactory, signed_in
from tests.harness.clock import START
from tests.harness.killing import DONE, KILLED, Killer, killer
from tests.steps.application import hold_time, write_draft
from tests.steps.consistency import check_consistency
from tests.steps.moderation import moderator_of

DAY = timedelta(days=1)
MAX_POINTS = 60
BESIDE = {SpentProof, ApplicationNumber}
"""Written before an act, whatever becomes of it: a proof is used up, and a number is left out."""
UNRECORDED = {"attach", "detach"}
"""What becomes of a draft is the citizen's alone."""

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.only_postgres]


@pytest.fixture
def killing() -> Iterator[Killer]:
    with killer("tests.races.killed.ACTS") as one:
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
    """Do an act until it ends, killed one point later each time.

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
    assert JournalRecord.objects.count() == records + (name not in UNRECORDED), name
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
    moderator_of(official.agency)
    return official


def test_an_act_that_is_killed__has_happened_or_has_not(
    killing: Killer, official: Official
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
    first = Application.objects.get()

    def of(application: Application, name: str) -> None:
        application.refresh_from_db()
        what = {"application": application.pk, "version": application.version}
        kills[name] = kill_at_each_point(killing, name, **what)

    for name in ("ask", "answer", "propose", "accept", "move", "complete"):
        of(first, name)
    for number, name in enumerate(("confirm", "cancel", "decline", "answer_in_writing"), 1):
        of(ApplicationFactory(official=official, start=START + number * DAY), name)

    assert all(count >= 3 for count in kills.values()), kills
    # What has been attached again and again has left files without rows.
    assert delete_orphans(now=timezone.now() + 2 * DAY) > 0
    assert files() == set(Document.objects.values_list("path", flat=True))


def test_without_its_transaction__an_act_is_seen_half_done(
    killing: Killer, official: Official
) -> None:
    application = ApplicationFactory(official=official, start=START)
    what = {"application": application.pk, "version": 1}
    assert killing.do("confirm", 1, atomic=False, **what) == KILLED
    with pytest.raises(AssertionError):
        check_consistency()
