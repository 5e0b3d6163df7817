"""Looking at a case: written once a quarter of an hour, sealed with the journal, never changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from diia_videoreception import models
from diia_videoreception.models import (
    Application,
    JournalAct,
    JournalIsAppendOnly,
    JournalRecord,
    Look,
)
from diia_videoreception.services.journal import looking, record, record_look
from diia_videoreception.services.journal.looking import seal_looks
from diia_videoreception.services.journal.sealing import seal_journal, verify_journal
from tests.factories import NOW, ApplicationFactory

TABLE = Look._meta.db_table
JOURNAL = JournalRecord._meta.db_table
CASE, DOCUMENT = Look.What.CASE, Look.What.DOCUMENT


def make_user(name: str, **values: Any) -> Any:
    return get_user_model().objects.create_user(name, password="p", **values)


@pytest.fixture
def application(db: None) -> Application:
    made = ApplicationFactory()
    record(JournalAct.SUBMIT, subject=made, citizen=made.citizen, now=NOW)
    return made


@pytest.fixture
def moderator(application: Application) -> Any:
    user = make_user("moderator")
    models.AgencyModerator.objects.create(agency=application.agency, user=user)
    return user


def tamper(statement: str, *parameters: Any) -> None:
    """What somebody with the database's password can do, past the ORM and the trigger."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, parameters)
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")


def look(user: Any, application: Application, count: int = 1) -> None:
    for number in range(count):
        record_look(user, application, what=CASE, now=NOW + number * looking.QUARTER)


def seal() -> int:
    sealed = seal_looks(now=NOW)
    seal_journal()
    return sealed


def test_looking__is_one_row_to_person_thing_and_quarter(
    application: Application, moderator: Any, django_assert_num_queries: Any
) -> None:
    other = make_user("other", is_superuser=True)
    record_look(moderator, application, what=CASE, now=NOW)
    with django_assert_num_queries(1):
        assert not record_look(moderator, application, what=CASE, now=NOW + timedelta(minutes=14))
    assert record_look(moderator, application, what=CASE, now=NOW + timedelta(minutes=15))
    assert record_look(moderator, application, what=DOCUMENT, now=NOW)
    assert record_look(other, application, what=CASE, now=NOW)

    assert Look.objects.count() == 4


def test_a_look__says_as_whom_and_why(application: Application, moderator: Any) -> None:
    official, head, substitute = make_user("o"), make_user("h"), make_user("s")
    application.official.user = official
    application.official.save()
    models.AgencyModerator.objects.create(agency=application.agency, user=head, is_head=True)
    for user in (moderator, head, official, substitute, make_user("r", is_superuser=True)):
        look(user, application)

    assert list(Look.objects.order_by("pk").values_list("role", "ground")) == [
        ("moderator", ""),
        ("head", ""),
        ("official", ""),
        ("substitute", "substitution"),
        ("superuser", "administration"),
    ]
    first = Look.objects.order_by("pk")[0]
    assert (first.staff_id, first.application_id) == (str(moderator.pk), application.public_id)
    assert (first.agency_key, first.official_key) == (
        application.agency.pk,
        application.official.pk,
    )


def test_the_orm__refuses_to_change_or_delete(application: Application, moderator: Any) -> None:
    look(moderator, application)
    row = Look.objects.get()

    for forbidden in (
        row.save,
        row.delete,
        Look.objects.all().delete,
        lambda: Look.objects.update(role="head"),
        lambda: Look.objects.bulk_update([row], ["role"]),
    ):
        with pytest.raises(JournalIsAppendOnly):
            forbidden()


def test_a_look_that_is_sealed__keeps_its_seal(application: Application, moderator: Any) -> None:
    look(moderator, application, 3)
    assert seal() == 3
    look(moderator, application, 4)
    assert (seal(), seal()) == (1, 0)

    first, second = JournalRecord.objects.filter(act="look.sealed").order_by("pk")
    assert (first.details["count"], second.details["count"]) == (3, 1)
    assert Look.objects.filter(sealed_by=first).seal(second) == 0
    assert verify_journal().looks_broken_at is None
    call_command("verify_journal")


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {TABLE} SET role = 'head' WHERE id = (SELECT MIN(id) FROM {TABLE})",
        f"UPDATE {TABLE} SET staff_id = '7' WHERE id = (SELECT MAX(id) FROM {TABLE})",
        f"UPDATE {TABLE} SET ground = 'administration'",
        f"DELETE FROM {TABLE} WHERE id = (SELECT MIN(id) FROM {TABLE})",
        f"DELETE FROM {TABLE}",
        f"UPDATE {TABLE} SET sealed_by_id = (SELECT MAX(sealed_by_id) FROM {TABLE})",
        f"UPDATE {TABLE} SET sealed_by_id = NULL WHERE id = (SELECT MIN(id) FROM {TABLE})",
    ],
)
def test_a_changed_or_missing_look__is_found(
    statement: str, application: Application, moderator: Any
) -> None:
    look(moderator, application, 2)
    seal()
    look(moderator, application, 3)
    seal()
    assert verify_journal().looks_broken_at is None

    tamper(statement)

    assert verify_journal().looks_broken_at is not None
    with pytest.raises(CommandError, match="changed or are missing"):
        call_command("verify_journal")


@pytest.mark.parametrize(
    "statement",
    [
        f"DELETE FROM {TABLE}",
        f"DELETE FROM {TABLE} WHERE sealed_by_id IS NULL",
        f"UPDATE {TABLE} SET role = 'head' WHERE sealed_by_id IS NULL",
        f"UPDATE {TABLE} SET role = 'head', sealed_by_id = (SELECT MAX(id) FROM {JOURNAL}) WHERE sealed_by_id IS NULL",
        f"UPDATE {TABLE} SET sealed_by_id = NULL WHERE sealed_by_id IS NOT NULL",
    ],
)
def test_postgresql__refuses_too(statement: str, application: Application, moderator: Any) -> None:
    look(moderator, application)
    seal()
    look(moderator, application, 2)
    before = list(Look.objects.order_by("pk").values())

    def attempt() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="append-only"):
            attempt()
        assert list(Look.objects.order_by("pk").values()) == before
    else:
        # SQLite, which is for trying things out, has no such guard: the seal tells.
        attempt()
        assert list(Look.objects.order_by("pk").values()) != before


def test_looks_that_wait_for_their_seal_too_long__are_told(
    application: Application, moderator: Any, time_machine: Any
) -> None:
    time_machine.move_to(NOW + timedelta(minutes=6), tick=False)
    seal_journal()
    look(moderator, application)

    with pytest.raises(CommandError, match="waited for the seal"):
        call_command("verify_journal")


def test_a_batch_more__is_sealed_in_a_second_record(
    application: Application, moderator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "BATCH", 2)
    look(moderator, application, 5)

    assert seal() == 5
    assert JournalRecord.objects.filter(act="look.sealed").count() == 3
    assert verify_journal().looks_broken_at is None
