"""What is deleted, when exactly, and what stays."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile

from diia_videoreception.models import (
    Application,
    Challenge,
    CitizenSession,
    Document,
    Draft,
    EmailConfirmation,
    Evidence,
    HandOver,
    IdempotentAnswer,
    Occupancy,
    SpentToken,
)
from diia_videoreception.personal_data import encrypt
from diia_videoreception.services.cleaning import ANSWER_KEPT, SESSION_KEPT, clean
from diia_videoreception.services.documents.storage import private_storage
from tests.factories import NOW, ApplicationFactory, CitizenFactory, OfficialFactory

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
        deadline=NOW - SESSION_KEPT - SECOND,
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
        created_at=NOW - ANSWER_KEPT - SECOND,
    )


def draft() -> Draft:
    return Draft.objects.create(
        citizen=CitizenFactory(),
        created_at=NOW,
        updated_at=NOW - timedelta(hours=24) - SECOND,
    )


@pytest.mark.parametrize(
    "make", [hold, spent_token, hand_over, challenge, evidence, code, session, answer, draft]
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
