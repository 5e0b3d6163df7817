"""A filed application signed with КЕП: what is signed, by whom, and what staff can check (B-24, B-29)."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from diia_videoreception import errors
from diia_videoreception.models import (
    Application,
    ApplicationSignature,
    Correction,
    Document,
    Evidence,
    JournalRecord,
    Representation,
)
from diia_videoreception.services.accounts import evidence
from diia_videoreception.services.booking import applications, signatures
from diia_videoreception.services.booking.representing import name_represented
from diia_videoreception.services.housekeeping.cleaning import clean
from integrations.identity.base import IdentityError, Proof
from integrations.kep.cms import read_signed_data
from integrations.kep.verify import verify
from tests.factories import NOW, ApplicationFactory, CitizenFactory, signed_in
from tests.steps.authority import provider, ring, signature, trust_at_signing
from tests.steps.corrections import add_to_correction, correct
from tests.steps.inspection import examine_inside
from tests.steps.representing import MOTHER
from tests.steps.signing import new_olena

pytestmark = pytest.mark.django_db


@pytest.fixture
def application() -> Application:
    """Of Olena, who has a key on a token."""
    application = ApplicationFactory(citizen=new_olena(), number="ВП-2026-000123-7")
    for position, name in enumerate(("довідка.pdf", "паспорт.jpg")):
        Document.objects.create(
            application=application,
            name=name,
            media_type="application/pdf",
            size=1000 + position,
            sha256=f"{position}" * 64,
            path=f"documents/{name}",
            created_at=NOW + timedelta(seconds=position),
        )
    return application


def proof_of(application: Application, slug: str = "olena", *, attached: bool = True) -> Proof:
    content = signatures.manifest_of(application).encode()
    signed = signature(slug, content, attached=attached)
    return provider().verify(signed, content=content, now=NOW)


def sign(application: Application, proof: Proof | None = None) -> ApplicationSignature:
    return signatures.sign(
        actor=signed_in(application.citizen),
        public_id=application.public_id,
        proof=proof or proof_of(application),
        now=NOW,
    )


def test_the_manifest__names_what_was_filed_and_the_digest_of_each_file(
    application: Application,
) -> None:
    text = signatures.manifest_of(application)

    assert text.startswith("{")
    assert "ВП-2026-000123-7" in text
    assert application.topic in text
    assert text.count('"sha256"') == 2
    assert "0" * 64 in text
    assert "1" * 64 in text
    assert signatures.manifest_of(Application.objects.get(pk=application.pk)) == text


def test_priority__is_signed_where_it_is_claimed(application: Application) -> None:
    assert "priority" not in signatures.manifest_of(application), "older signatures stay whole"
    application.claims_priority = True
    application.save()
    signed = sign(application)

    assert '"claims_priority": true' in signatures.manifest_of(application)
    Application.objects.update(claims_priority=False)
    assert not signatures.still_matches(ApplicationSignature.objects.get(pk=signed.pk))


def test_who_is_spoken_for__is_signed(application: Application) -> None:
    assert "represented" not in signatures.manifest_of(application), "older signatures stay whole"
    one = name_represented(application, MOTHER)
    signed = sign(application)

    assert MOTHER.name in signatures.manifest_of(application)
    Representation.objects.filter(pk=one.pk).update(name="Інша Людина")
    assert not signatures.still_matches(ApplicationSignature.objects.get(pk=signed.pk))


def test_signed__staff_see_by_whom_and_that_nothing_has_changed(application: Application) -> None:
    signed = sign(application)

    assert (signed.signer, signed.level) == ("Вербицька Олена Ігорівна", "high")
    assert signed.signed_at == NOW
    assert signatures.still_matches(signed)
    record = JournalRecord.objects.get(act="application.sign")
    assert record.subject_id == str(application.public_id)
    assert record.details == {"method": "kep+dstu", "level": "high"}


@pytest.mark.parametrize(
    "change",
    [
        lambda it: Application.objects.filter(pk=it.pk).update(topic="Інше"),
        lambda it: it.documents.filter(name="довідка.pdf").update(sha256="f" * 64),
        lambda it: it.documents.filter(name="довідка.pdf").update(application=ApplicationFactory()),
    ],
    ids=["data", "file", "missing file"],
)
def test_what_changed_after_the_signature__is_noticed(
    application: Application, change: Callable[[Application], object]
) -> None:
    signed = sign(application)
    change(application)
    assert not signatures.still_matches(ApplicationSignature.objects.get(pk=signed.pk))


def test_a_new_surname_or_a_renamed_agency__leaves_the_signature_whole(
    application: Application,
) -> None:
    signed = sign(application)
    citizen, agency = application.citizen, application.official.agency
    citizen.last_name, agency.name = "Шевченко", "Нова назва"
    citizen.save()
    agency.save()
    assert signatures.still_matches(ApplicationSignature.objects.get(pk=signed.pk))


def test_moving_the_reception__leaves_the_signature_whole(application: Application) -> None:
    signed = sign(application)
    later = application.start + timedelta(days=1)
    Application.objects.filter(pk=application.pk).update(
        start=later, end=later + timedelta(minutes=30)
    )
    assert signatures.still_matches(ApplicationSignature.objects.get(pk=signed.pk))


@pytest.fixture
def verifier(settings: Any) -> None:
    """The portal verifies signatures itself."""
    kep = {
        "BACKEND": "integrations.identity.kep.KepSignature",
        "OPTIONS": {"trust": ring().trust},
    }
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"IDENTITY": {"kep": kep}}


@pytest.mark.usefixtures("verifier")
def test_a_signature_with_its_content__is_a_file_that_verifies_alone(
    application: Application,
) -> None:
    container = signatures.file_of(sign(application))

    assert container.name == "ВП-2026-000123-7.json.p7s"
    verdict = verify(container.data, trust=trust_at_signing(), at=NOW)
    assert verdict.valid, verdict
    assert verdict.content == signatures.manifest_of(application).encode()


@pytest.mark.usefixtures("verifier")
def test_a_detached_signature__comes_with_its_content_in_an_asic_container(
    application: Application,
) -> None:
    """ETSI EN 319 162-1, A.1: the type first and not compressed, one data object, one signature."""
    container = signatures.file_of(sign(application, proof_of(application, attached=False)))

    assert container.name == "ВП-2026-000123-7.asics"
    assert container.data[30:38] == b"mimetype"
    assert container.data[38:69] == b"application/vnd.etsi.asic-s+zip"
    with zipfile.ZipFile(io.BytesIO(container.data)) as archive:
        assert archive.namelist() == ["mimetype", "manifest.json", "META-INF/signature.p7s"]
        manifest = archive.read("manifest.json")
        signed = archive.read("META-INF/signature.p7s")
    assert read_signed_data(signed).content is None
    assert verify(signed, content=manifest, trust=trust_at_signing(), at=NOW).valid


def test_a_signature_whose_provider_is_gone__comes_as_it_was_kept(
    application: Application,
) -> None:
    """The settings of a portal change within the years for which a signature is kept."""
    signed = sign(application)
    file = signatures.file_of(signed)

    assert (file.name, file.media_type) == ("ВП-2026-000123-7.zip", "application/zip")
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == evidence.files_of(
            signed.evidence
        )


@pytest.mark.usefixtures("verifier")
def test_a_signature_kept_by_another_provider_of_this_name__comes_as_it_was_kept(
    application: Application,
) -> None:
    proof = proof_of(application)
    other = replace(proof, evidence=dict(proof.evidence) | {"signature.p7s": b"<Signature/>"})
    assert signatures.file_of(sign(application, other)).name == "ВП-2026-000123-7.zip"


def test_somebody_elses_key__is_refused(application: Application) -> None:
    with pytest.raises(IdentityError, match="identity_mismatch"):
        sign(application, proof_of(application, "taras"))
    with pytest.raises(IdentityError, match="cannot_compare"):
        sign(application, proof_of(application, "amina"))
    assert not ApplicationSignature.objects.exists()
    assert not Evidence.objects.exists()


def test_a_signature_over_another_application__is_refused(application: Application) -> None:
    other = ApplicationFactory(citizen=application.citizen, consent=application.consent)
    with pytest.raises(IdentityError, match="content_mismatch"):
        sign(application, proof_of(other))


def test_an_application_of_somebody_else__is_not_found(application: Application) -> None:
    with pytest.raises(errors.NotFound):
        signatures.sign(
            actor=signed_in(CitizenFactory()),
            public_id=application.public_id,
            proof=proof_of(application),
            now=NOW,
        )


def test_application__is_signed_once_and_only_while_it_is_open(application: Application) -> None:
    proof = proof_of(application)
    sign(application, proof)
    with pytest.raises(errors.AlreadySigned):
        sign(application, proof)
    assert Evidence.objects.count() == 1

    other = ApplicationFactory(citizen=application.citizen, consent=application.consent)
    applications.cancel(actor=signed_in(other.citizen), public_id=other.public_id, now=NOW)
    with pytest.raises(errors.WrongState):
        sign(other)


def test_evidence__is_encrypted_and_stays_with_the_application(application: Application) -> None:
    signed = sign(application)

    kept = signed.evidence
    assert application.topic not in kept.archive_encrypted
    assert kept.keep_until is None
    clean(now=NOW + timedelta(days=10_000))
    assert Evidence.objects.filter(pk=kept.pk).exists()


def test_corrected__the_signature_covers_what_was_signed_and_nothing_later(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine_inside(monkeypatch)
    correct(application, topic="До підпису.")
    signed = sign(Application.objects.get(pk=application.pk))
    assert signatures.still_matches(signed)
    assert "До підпису." in signatures.manifest_of(signed.application)
    first = application.documents.earliest("pk")
    add_to_correction(application)

    correct(application, topic="Після підпису.", replaced=[first.public_id])

    signed = ApplicationSignature.objects.get(pk=signed.pk)
    assert signatures.still_matches(signed)
    before, after = Correction.objects.order_by("pk")
    assert (before.is_after_signature, after.is_after_signature) == (False, True)
    after.was = {"topic": "Не те."}
    after.save()
    assert not signatures.still_matches(signed), "what is kept of before is held to the signature"
