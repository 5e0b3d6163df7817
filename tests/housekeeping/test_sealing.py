"""The chain of the journal: unbroken by rivals, broken by whoever changes a row."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.models import Citizen, JournalAct, JournalRecord
from diia_videoreception.models.journal import JournalIsAppendOnly
from diia_videoreception.services import journal
from diia_videoreception.services.journal import sealing
from diia_videoreception.services.journal.sealing import (
    GENESIS,
    Content,
    canonical_text,
    seal_journal,
    verify_journal,
)
from tests.factories import NOW, ApplicationFactory, CitizenFactory

TABLE = JournalRecord._meta.db_table


@pytest.fixture
def citizen(db: None) -> Citizen:
    return CitizenFactory()


def write(citizen: Citizen, count: int, *, moment: datetime = NOW) -> None:
    for number in range(count):
        journal.record(
            JournalAct.SIGN_IN,
            subject=citizen,
            citizen=citizen,
            now=moment + timedelta(microseconds=number),
            details={"їжак": number, "b": [1.5, None], "a": True},
        )


def tamper(statement: str, *parameters: Any) -> None:
    """What somebody with the database's password can do, past the ORM and the trigger."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, parameters)
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")


def assert_unbroken(count: int) -> None:
    rows = list(JournalRecord.objects.order_by("sequence"))
    assert [row.sequence for row in rows] == list(range(1, count + 1))
    assert rows[0].previous_hash == GENESIS
    assert all(after.previous_hash == before.hash for before, after in pairwise(rows))
    found = verify_journal()
    assert (found.sealed, found.broken_at, found.unsealed) == (count, None, 0)
    assert found.head == rows[-1].hash


# --- Sealing -----------------------------------------------------------------------------------


def test_sealing__goes_on_where_it_stopped(citizen: Citizen) -> None:
    write(citizen, 3)
    assert seal_journal() == 3
    write(citizen, 2)
    assert [seal_journal(), seal_journal()] == [2, 0]

    assert_unbroken(5)


def test_sealing__takes_all_there_is(citizen: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 2)
    write(citizen, 5)

    assert seal_journal() == 5
    assert_unbroken(5)


@pytest.mark.django_db(transaction=True)
def test_sealers_and_writers_side_by_side__make_one_chain(
    citizen: Citizen, at_once: Callable[..., list[object]]
) -> None:
    write(citizen, 20)

    def rival(number: int) -> int:
        if number % 2:
            return seal_journal()
        write(citizen, 5)
        return 0

    sealed = sum(int(str(count)) for count in at_once(rival, range(8))) + seal_journal()

    assert sealed == 40
    assert_unbroken(40)


@pytest.mark.any_database
@given(
    st.builds(
        Content,
        uuid=st.uuids(),
        moment=st.datetimes(timezones=st.timezones()),
        act=st.text(),
        actor_kind=st.text(),
        actor_id=st.text(),
        subject_kind=st.text(),
        subject_id=st.text(),
        subject_version=st.none() | st.integers(),
        details=st.dictionaries(
            st.text(), st.text() | st.integers() | st.lists(st.floats(), max_size=2)
        ),
    ),
    st.integers(),
    st.text(),
)
def test_canonical_text__is_that_of_json(content: Content, sequence: int, previous: str) -> None:
    whole = content._asdict() | {
        "uuid": str(content.uuid),
        "moment": content.moment.astimezone(UTC).isoformat(),
        "sequence": sequence,
        "previous_hash": previous,
    }

    written = canonical_text(content, sequence=sequence, previous_hash=previous)

    assert written == json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def test_sealing__takes_few_queries(
    citizen: Citizen, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    write(citizen, 300)

    with django_assert_max_num_queries(8):
        assert seal_journal() == 300
    assert_unbroken(300)


def test_a_sealed_row__keeps_its_place(citizen: Citizen) -> None:
    write(citizen, 2)
    seal_journal()
    first = JournalRecord.objects.order_by("sequence")[0]

    assert JournalRecord.objects.seal([(first.pk, 9, "a" * 64, "b" * 64)]) == 0
    assert_unbroken(2)


# --- Tampering ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "parameters", "broken_at"),
    [
        (f"UPDATE {TABLE} SET act = %s WHERE sequence = 3", ["other.act"], 3),
        (f"UPDATE {TABLE} SET actor_id = %s WHERE sequence = 1", ["7"], 1),
        (f"UPDATE {TABLE} SET subject_version = 9 WHERE sequence = 5", [], 5),
        (f"UPDATE {TABLE} SET details = %s WHERE sequence = 2", ["{}"], 2),
        (
            f"UPDATE {TABLE} SET moment = %s WHERE sequence = 4",
            [datetime(2020, 1, 1, tzinfo=UTC)],
            4,
        ),
        (f"UPDATE {TABLE} SET hash = %s WHERE sequence = 2", ["f" * 64], 2),
        (f"DELETE FROM {TABLE} WHERE sequence = 1", [], 1),
        (f"DELETE FROM {TABLE} WHERE sequence = 4", [], 4),
    ],
)
def test_a_changed_or_missing_row__is_found(
    statement: str, parameters: list[Any], broken_at: int, citizen: Citizen
) -> None:
    write(citizen, 5)
    seal_journal()

    tamper(statement, *parameters)

    assert verify_journal().broken_at == broken_at
    with pytest.raises(CommandError, match=f"broken at record {broken_at}"):
        call_command("verify_journal")


def test_two_rows_in_each_others_place__are_found(citizen: Citizen) -> None:
    write(citizen, 5)
    seal_journal()

    for old, new in ((2, 99), (3, 2), (99, 3)):
        tamper(f"UPDATE {TABLE} SET sequence = %s WHERE sequence = %s", new, old)

    assert verify_journal().broken_at == 2


def test_a_row_put_in_later__is_found(citizen: Citizen) -> None:
    write(citizen, 3)
    seal_journal()
    tamper(f"UPDATE {TABLE} SET sequence = 4 WHERE sequence = 3")
    write(citizen, 1)
    tamper(f"UPDATE {TABLE} SET sequence = 3, hash = %s WHERE sequence IS NULL", "a" * 64)

    assert verify_journal().broken_at == 3


def test_rows_cut_off_at_the_end__change_the_head(citizen: Citizen) -> None:
    write(citizen, 3)
    seal_journal()
    before = verify_journal()

    tamper(f"DELETE FROM {TABLE} WHERE sequence = 3")

    after = verify_journal()
    assert after.broken_at is None
    assert (before.sealed, after.sealed) == (3, 2)
    assert before.head != after.head


def test_the_orm__refuses_to_change_or_delete(citizen: Citizen) -> None:
    write(citizen, 1)
    record = JournalRecord.objects.get()

    for forbidden in (
        record.save,
        record.delete,
        JournalRecord.objects.all().delete,
        lambda: JournalRecord.objects.update(act="other"),
        lambda: JournalRecord.objects.bulk_update([record], ["act"]),
    ):
        with pytest.raises(JournalIsAppendOnly):
            forbidden()


@pytest.mark.parametrize(
    "statement",
    [
        f"DELETE FROM {TABLE}",
        f"DELETE FROM {TABLE} WHERE sequence IS NULL",
        f"UPDATE {TABLE} SET act = 'other' WHERE sequence = 1",
        f"UPDATE {TABLE} SET act = 'other' WHERE sequence IS NULL",
        f"UPDATE {TABLE} SET act = 'other', sequence = 2, hash = 'x' WHERE sequence IS NULL",
        f"UPDATE {TABLE} SET hash = 'x' WHERE sequence = 1",
        f"UPDATE {TABLE} SET sequence = NULL, hash = '' WHERE sequence = 1",
    ],
)
def test_postgresql__refuses_too(statement: str, citizen: Citizen) -> None:
    write(citizen, 1)
    seal_journal()
    write(citizen, 1)
    before = list(JournalRecord.objects.order_by("pk").values())

    def attempt() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="append-only"):
            attempt()
        assert list(JournalRecord.objects.order_by("pk").values()) == before
    else:
        # SQLite, which is for trying things out, has no such guard: the chain tells.
        attempt()
        assert list(JournalRecord.objects.order_by("pk").values()) != before


# --- The command -------------------------------------------------------------------------------


def test_command__says_what_it_found(
    citizen: Citizen, capsys: pytest.CaptureFixture[str], time_machine: Any
) -> None:
    time_machine.move_to(NOW + timedelta(minutes=5), tick=False)
    write(citizen, 2)
    seal_journal()
    write(citizen, 1)

    call_command("verify_journal")

    out = capsys.readouterr().out
    assert "Sealed: 2. Waiting for the seal: 1." in out
    assert re.search(r"^Head: [0-9a-f]{64}$", out, re.MULTILINE)


def test_command__notices_that_the_journal_was_emptied(citizen: Citizen) -> None:
    application = ApplicationFactory(citizen=citizen)
    journal.record(JournalAct.SUBMIT, subject=application, citizen=citizen, now=NOW)
    seal_journal()
    call_command("verify_journal")
    # As TRUNCATE does, which no trigger of a row sees.
    ApplicationFactory(citizen=citizen)

    with pytest.raises(CommandError, match="1 applications have none"):
        call_command("verify_journal")


def test_command__fails_when_nothing_seals(
    citizen: Citizen, capsys: pytest.CaptureFixture[str], time_machine: Any
) -> None:
    time_machine.move_to(NOW + timedelta(minutes=5, seconds=1), tick=False)
    write(citizen, 1)

    with pytest.raises(CommandError, match="since 2026-11-23 08:00 UTC"):
        call_command("verify_journal")
    assert "Sealed: 0. Waiting for the seal: 1." in capsys.readouterr().out
