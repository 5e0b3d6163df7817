"""What is deleted, when exactly, and what stays."""

import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction

from diia_videoreception.errors import Busy
from diia_videoreception.models import (
    Application,
    CentreAccessRequest,
    CentreInvitation,
    Challenge,
    CitizenSession,
    Document,
    Draft,
    EmailConfirmation,
    Evidence,
    HandOver,
    IdempotentAnswer,
    Occupancy,
    SpentProof,
    SpentToken,
)
from diia_videoreception.personal_data import encrypt
from diia_videoreception.rules.centres import CentreRole
from diia_videoreception.services.centres import granting, invitations
from diia_videoreception.services.documents.storage import private_storage
from diia_videoreception.services.housekeeping import cleaning
from diia_videoreception.services.housekeeping.cleaning import (
    ANSWER_RETENTION,
    INVITATION_RETENTION,
    REFUSAL_RETENTION,
    SESSION_RETENTION,
    clean,
)
from tests.factories import NOW, ApplicationFactory, CitizenFactory, OfficialFactory
from tests.harness.captcha import solved_captcha
from tests.steps.centres import centre, operator, request_for_access, user

SECOND = timedelta(seconds=1)


def hold() -> Occupancy:
    return Occupancy.objects.create(
        official=OfficialFactory(),
        citizen=CitizenFactory(),
        kind="hold",
        start=NOW + timedelta(days=7),
        end=NOW + timedelta(days=7, minutes=30),
        created_at=NOW - timedelta(minutes=15),
        expires_at=NOW,
    )


def spent_token() -> SpentToken:
    return SpentToken.objects.create(jti_hash="a" * 64, expires_at=NOW - SECOND)


def spent_proof() -> SpentProof:
    return SpentProof.objects.create(
        key_hash="d" * 64,
        citizen=CitizenFactory(),
        act=SpentProof.Act.SUBMIT,
        target="x",
        expires_at=NOW - SECOND,
    )


def hand_over() -> HandOver:
    return HandOver.objects.create(
        provider="portal",
        nonce_hash="b" * 64,
        proof_encrypted=encrypt("{}"),
        expires_at=NOW - SECOND,
    )


def challenge() -> Challenge:
    return Challenge.objects.create(
        provider="kep",
        purpose="sign_in",
        session_hash="c" * 64,
        content="text",
        expires_at=NOW - SECOND,
    )


def code() -> EmailConfirmation:
    return EmailConfirmation.objects.create(
        citizen=CitizenFactory(),
        address="new@example.com",
        code_encrypted=encrypt("418263"),
        sent_at=NOW - timedelta(minutes=30),
        expires_at=NOW - SECOND,
    )


def session() -> CitizenSession:
    return CitizenSession.objects.create(
        citizen=CitizenFactory(),
        provider="portal",
        level="high",
        method="kep",
        auth_time=NOW,
        started_at=NOW,
        idle_deadline=NOW,
        deadline=NOW - SESSION_RETENTION - SECOND,
    )


def evidence() -> Evidence:
    return Evidence.objects.create(
        citizen=CitizenFactory(),
        purpose="sign_in",
        provider="bank",
        method="bankid",
        level="substantial",
        archive_encrypted=encrypt("archive"),
        created_at=NOW - timedelta(days=1095),
        keep_until=NOW - SECOND,
    )


def answer() -> IdempotentAnswer:
    return IdempotentAnswer.objects.create(
        citizen=CitizenFactory(),
        key="one",
        request_hash="c" * 64,
        created_at=NOW - ANSWER_RETENTION - SECOND,
    )


def draft() -> Draft:
    return Draft.objects.create(
        citizen=CitizenFactory(),
        created_at=NOW,
        updated_at=NOW - timedelta(hours=24) - SECOND,
    )


@pytest.mark.parametrize(
    "make",
    [hold, spent_token, spent_proof, hand_over, challenge, evidence, code, session, answer, draft],
)
def test_what_has_outlived_its_purpose__goes_and_not_a_moment_earlier(make: Any, db: None) -> None:
    row = make()
    model = type(row)

    clean(now=NOW - 2 * SECOND)
    assert model.objects.filter(pk=row.pk).exists()

    assert clean(now=NOW) == 1
    assert not model.objects.filter(pk=row.pk).exists()
    assert clean(now=NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_a_forgotten_draft__goes_with_its_files_but_filed_documents_stay() -> None:
    storage = private_storage()
    forgotten, application = draft(), ApplicationFactory()
    paths = []
    for owner in ({"draft": forgotten}, {"application": application}):
        path = storage.save(f"documents/{uuid.uuid4().hex}", ContentFile(b"%PDF-1.7"))
        Document.objects.create(
            **owner,
            name="довідка.pdf",
            media_type="application/pdf",
            size=8,
            sha256="0" * 64,
            path=path,
            created_at=NOW,
        )
        paths.append(path)

    clean(now=NOW)

    assert [storage.exists(path) for path in paths] == [False, True]
    assert Document.objects.get().application == application
    assert not Draft.objects.exists()
    storage.delete(paths[1])


def test_applications_and_their_times__are_never_cleaned_away(db: None) -> None:
    application = ApplicationFactory()

    clean(now=NOW + timedelta(days=400))

    assert Application.objects.filter(pk=application.pk).exists()
    assert Occupancy.objects.get().application == application


def test_many_rows__go_in_batches(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "BATCH", 2)
    tokens = [SpentToken(jti_hash=f"{n}" * 64, expires_at=NOW - SECOND) for n in range(5)]
    SpentToken.objects.bulk_create(tokens)

    assert clean(now=NOW) == 5


def test_what_cannot_go__keeps_nothing_else(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    token, kept = spent_token(), challenge()
    delete_some = cleaning._delete_some

    def fail_for_tokens(rows: Any) -> tuple[int, int]:
        if rows.model is SpentToken:
            raise Busy
        return delete_some(rows)

    monkeypatch.setattr(cleaning, "_delete_some", fail_for_tokens)

    with pytest.raises(Busy):
        clean(now=NOW)

    assert SpentToken.objects.filter(pk=token.pk).exists()
    assert not Challenge.objects.filter(pk=kept.pk).exists()


# SQLite locks the whole file, never a row.
@pytest.mark.only_postgres
@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_holds__stays_and_the_others_go() -> None:
    held, free = draft(), draft()
    locked, done = Event(), Event()

    def hold_it() -> None:
        try:
            with transaction.atomic():
                Draft.objects.select_for_update().get(pk=held.pk)
                locked.set()
                done.wait(20)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        holder = pool.submit(hold_it)
        locked.wait(20)
        clean(now=NOW)
        done.set()
        holder.result()

    assert list(Draft.objects.values_list("pk", flat=True)) == [held.pk]
    assert free.pk != held.pk


def orphan(name: str, *, age: timedelta) -> str:
    path = private_storage().save(f"documents/0a/{name}", ContentFile(b"x"))
    moment = (NOW - age).timestamp()
    os.utime(private_storage().path(path), (moment, moment))
    return path


def test_a_file_without_a_row__goes_after_a_day(db: None) -> None:
    young = orphan("0a" + "1" * 30, age=timedelta(days=1))
    old = orphan("0a" + "2" * 30, age=timedelta(days=1, seconds=1))
    draft = Draft.objects.create(citizen=CitizenFactory(), created_at=NOW, updated_at=NOW)
    kept = orphan("0a" + "3" * 30, age=timedelta(days=99))
    Document.objects.create(
        draft=draft, name="a", media_type="x", size=1, sha256="a", path=kept, created_at=NOW
    )

    clean(now=NOW)

    there = {path: private_storage().exists(path) for path in (young, old, kept)}
    assert there == {young: True, old: False, kept: True}


def test_a_file_that_cannot_be_deleted__keeps_no_other(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stuck = orphan("0a" + "4" * 30, age=timedelta(days=2))
    other = orphan("0a" + "5" * 30, age=timedelta(days=2))
    storage = private_storage()
    delete = type(storage).delete

    def fail_once(self: Any, name: str) -> None:
        if name == stuck:
            raise PermissionError(name)
        delete(self, name)

    monkeypatch.setattr(type(storage), "delete", fail_once)
    clean(now=NOW)
    assert storage.exists(stuck)
    assert not storage.exists(other)
    assert stuck not in caplog.text


def test_what_centres_were_refused_or_invited_to_in_vain__goes_in_its_time(db: None) -> None:
    the_operator = operator()
    refused = granting.request_access(request_for_access(), captcha=solved_captcha(), now=NOW)
    granting.refuse(refused.public_id, reason="Ні.", staff=the_operator, now=NOW)
    waiting = granting.request_access(request_for_access(), captcha=solved_captcha(), now=NOW)
    where = centre()
    common = {"role": CentreRole.HEAD, "name": "А", "staff": the_operator, "now": NOW}
    invitations.invite(where.public_id, address="a@cnap.example", **common)
    taken = invitations.invite(where.public_id, address="b@cnap.example", **common)
    invitations.join(taken.public_id, user=user("b", email=""), now=NOW)

    clean(now=NOW + invitations.LIFETIME + INVITATION_RETENTION)
    assert CentreInvitation.objects.count() == 2
    clean(now=NOW + invitations.LIFETIME + INVITATION_RETENTION + SECOND)
    assert CentreInvitation.objects.get() == taken, "by whom somebody was let in stays"

    clean(now=NOW + REFUSAL_RETENTION)
    assert CentreAccessRequest.objects.count() == 2
    clean(now=NOW + REFUSAL_RETENTION + SECOND)
    assert CentreAccessRequest.objects.get() == waiting
