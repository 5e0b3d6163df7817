"""The signature under a written answer: whose it is, of which text, and what is refused."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from diia_videoreception import errors
from diia_videoreception.models import (
    AnswerSignature,
    Application,
    JournalRecord,
    Letter,
    Official,
)
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import answer_signing
from diia_videoreception.services.booking.answer_signing import OnPaper, WithKep
from integrations.kep.cms import read_signed_data
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW, START
from tests.steps.authority import signature
from tests.steps.letters import render
from tests.steps.signing import install
from tests.steps.written_answers import (
    ANSWER,
    NUMBER,
    PAPER,
    answer_in_writing,
    asics,
)

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def kep(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    install(settings, monkeypatch)


@pytest.fixture
def official(official: Official) -> Official:
    """Has a key at the authority of the demonstration."""
    official.last_name, official.first_name = "Вербицька", "Олена"
    official.save()
    return official


@pytest.fixture
def submitted(official: Official, citizen: SignedIn) -> Application:
    return ApplicationFactory(official=official, citizen=citizen.citizen, start=START)


def text_of(application: Application, **changes: str) -> bytes:
    return answer_signing.text_to_sign(
        application, **({"text": ANSWER, "number": NUMBER} | changes)
    )


def attached(content: bytes) -> bytes:
    return signature("olena", content)


def detached(content: bytes) -> bytes:
    return signature("olena", content, attached=False)


def in_container(content: bytes) -> bytes:
    return asics(detached(content), ("answer.txt", content))


@pytest.mark.parametrize("sign", [attached, detached, in_container])
def test_kep_of_the_official__is_kept_shown_and_given_away(
    submitted: Application, moderator: AbstractBaseUser, sign: Callable[[bytes], bytes]
) -> None:
    content = text_of(submitted)

    answer_in_writing(submitted, moderator, signing=WithKep(sign(content)))

    kept = AnswerSignature.objects.get()
    assert (kept.kind, kept.signer) == ("kep", "Вербицька Олена Ігорівна")
    assert kept.serial
    text = render(Letter.objects.get(kind="written_answer", copy_of=None)).text
    assert "Підписано КЕП" in text
    assert kept.serial in text
    assert content in kept_file(kept)
    details = JournalRecord.objects.get(act="application.answer_in_writing").details
    assert kept.signer not in str(details)


def kept_file(kept: AnswerSignature) -> bytes:
    """What the citizen downloads, unpacked."""
    file = answer_signing.file_of(kept)
    if file.name.endswith(".txt.p7s"):
        return read_signed_data(file.data).content or b""
    with zipfile.ZipFile(io.BytesIO(file.data)) as container:
        assert read_signed_data(container.read("META-INF/signature.p7s"))
        return container.read("answer.txt")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (lambda it: attached(text_of(it, text="Інше.")), "content_mismatch"),
        (lambda it: detached(text_of(it, number="1")), "digest_mismatch"),
        (lambda it: in_container(text_of(ApplicationFactory())), "digest_mismatch"),
        (lambda it: signature("iryna", text_of(it)), "expired"),
        (lambda it: signature("vasyl", text_of(it)), "revoked"),
        (lambda it: signature("seal", text_of(it)), "no_person"),
        (lambda it: signature("taras", text_of(it)), "identity_mismatch"),
        (lambda it: b"<no signature>", "malformed"),
        (lambda it: b"", "malformed"),
        (lambda it: b"%PDF-1.7", "unsupported_container"),
        (lambda it: asics(attached(text_of(it)))[:-40], "malformed"),
        (lambda it: asics(b"", ("META-INF/two.p7s", b"")), "several_signers"),
    ],
)
def test_any_other_signature__is_refused_and_nothing_is_lost(
    submitted: Application,
    moderator: AbstractBaseUser,
    data: Callable[[Application], bytes],
    code: str,
) -> None:
    with pytest.raises(errors.Incomplete) as refused:
        answer_in_writing(submitted, moderator, signing=WithKep(data(submitted)))

    assert refused.value.codes == {"signature": code}
    assert str(refused.value.fields["signature"])
    assert not AnswerSignature.objects.exists()
    assert Application.objects.get(pk=submitted.pk).state == "submitted"


def test_somebody_else__signs_where_staff_say_that_they_may(
    submitted: Application, moderator: AbstractBaseUser
) -> None:
    signing = WithKep(signature("taras", text_of(submitted)), is_entitled=True)
    answer_in_writing(submitted, moderator, signing=signing)
    assert AnswerSignature.objects.get().signer.startswith("Гончарук Тарас")


@pytest.mark.parametrize(
    ("paper", "field"),
    [
        (OnPaper(" \u200b", NOW.date()), "signer"),
        (OnPaper("а" * 241, NOW.date()), "signer"),
        (OnPaper(PAPER.signer, None), "signed_on"),
        (OnPaper(PAPER.signer, NOW.date() + DAY), "signed_on"),
        (OnPaper(PAPER.signer, date(2020, 1, 1)), "signed_on"),
    ],
)
def test_paper__says_who_and_when(
    submitted: Application, moderator: AbstractBaseUser, paper: OnPaper, field: str
) -> None:
    with pytest.raises(errors.Incomplete) as refused:
        answer_in_writing(submitted, moderator, signing=paper)
    assert list(refused.value.fields) == [field]
    assert Application.objects.get().state == "submitted"


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "kep"},
        {"kind": "kep", "serial": "1", "signed_on": NOW.date()},
        {"kind": "paper", "signed_on": None},
        {"kind": "paper", "serial": "1"},
    ],
)
def test_the_database__keeps_one_kind_whole(
    submitted: Application, moderator: AbstractBaseUser, values: dict[str, Any]
) -> None:
    answer_in_writing(submitted, moderator)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerSignature.objects.update(**values)
