"""A verified sign-in at rest: encrypted while the person confirms it or registers."""

import json
from base64 import b64decode, b64encode
from dataclasses import asdict
from datetime import datetime
from typing import Any

from diia_videoreception.personal_data import decrypt, encrypt
from integrations.common.levels import Level
from integrations.identity.base import Credential, CredentialKind, IdentifierKind, Identity, Proof


def seal(proof: Proof) -> str:
    """Pack a proof for a row of the database."""
    identity = asdict(proof.identity) | {"auth_time": proof.identity.auth_time.isoformat()}
    credential = proof.credential and asdict(proof.credential)
    if credential and credential["valid_until"]:
        credential["valid_until"] = credential["valid_until"].isoformat()
    evidence = {name: b64encode(data).decode() for name, data in proof.evidence.items()}
    received = proof.received_at.isoformat() if proof.received_at else None
    values = {
        "identity": identity,
        "means": credential,
        "evidence": evidence,
        "received_at": received,
    }
    return encrypt(json.dumps(values))


def unseal(text: str) -> Proof:
    """Read what `seal` has packed."""
    values = json.loads(decrypt(text))
    credential = values["means"]
    return Proof(
        identity=_identity(values["identity"]),
        credential=_credential(credential) if credential else None,
        evidence={name: b64decode(data) for name, data in values["evidence"].items()},
        # Rows of before this was kept have none.
        received_at=_moment(values.get("received_at")),
    )


def _identity(values: dict[str, Any]) -> Identity:
    read = {
        "auth_time": datetime.fromisoformat(values["auth_time"]),
        "level": Level(values["level"]),
        "identifier_kind": IdentifierKind(values["identifier_kind"]),
    }
    return Identity(**values | read)


def _credential(values: dict[str, Any]) -> Credential:
    read = {
        "kind": CredentialKind(values["kind"]),
        "valid_until": _moment(values["valid_until"]),
    }
    return Credential(**values | read)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
