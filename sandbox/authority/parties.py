"""What the mock services of the demonstration sign and encrypt with."""

import secrets

from django.conf import settings
from django.utils import timezone

from integrations.kep.certificates import Certificate
from integrations.kep.envelope import RecipientKey
from sandbox.authority import envelopes, maker
from sandbox.authority.keyring import Keyring
from sandbox.authority.keys import DstuPrivateKey
from sandbox.authority.maker import Holder


def keyring() -> Keyring:
    """Return the keys of this copy of the demonstration."""
    ring: Keyring = settings.AUTHORITY
    return ring


def portal_recipient() -> RecipientKey:
    """Return the portal's certificate for envelopes, with its scalar."""
    return keyring().portal


def bank_signer() -> Holder:
    """Return the seal of the mock bank."""
    return keyring().holders["bank-seal"]


def bank_sender() -> Holder:
    """Return the key-agreement certificate of the mock bank, for static envelopes."""
    return keyring().holders["bank-agreement"]


def broker_signer() -> Holder:
    """Return the seal of the mock id.gov.ua."""
    return keyring().holders["broker-seal"]


def broker_sender() -> Holder:
    """Return the key-agreement certificate of the mock id.gov.ua, for static envelopes."""
    return keyring().holders["broker-agreement"]


def signed(content: bytes, signer: Holder, *, attached: bool = True) -> bytes:
    """Make CMS SignedData in DER (CAdES-BES), now."""
    message = maker.Message(content=content, attached=attached, signing_time=timezone.now())
    return maker.sign(signer, message)


def envelope(
    content: bytes,
    recipient: Certificate,
    *,
    sender: Holder | None = None,
    cipher: str = envelopes.CFB,
) -> bytes:
    """Make CMS EnvelopedData in DER.

    Args:
        content: The plaintext, for example `signed(...)`.
        recipient: For whom; `integrations.kep.certificates.read_certificate` reads it.
        sender: Whose certificate a static agreement names; an ephemeral key when None.
        cipher: `envelopes.CFB` or `envelopes.GAMMA`.
    """
    wanted = envelopes.Envelope(
        content=content,
        static=sender is not None,
        by_key_identifier=sender is None,
        cipher=cipher,
        material=secrets.token_bytes(64),
        content_key=secrets.token_bytes(32),
        iv=secrets.token_bytes(8),
    )
    ephemeral = Holder(DstuPrivateKey(secrets.token_hex(32)), b"")
    return envelopes.make(recipient, sender or ephemeral, wanted)
