"""A verified sign-in at rest: encrypted while the person confirms it or registers."""

import json
from base64 import b64decode, b64encode
from dataclasses import asdict
from datetime import datetime
from typing import Any

from diia_videoreception.personal_data import decrypt, encrypt
from integrations.common.levels import Level
from integrations.identity.base import IdentifierKind, Identity, Means, MeansKind, Proof


def seal(proof: Proof) -> str:
    """Packs a proof for a row of the database."""
    identity = asdict(proof.identity) | {"auth_time": proof.identity.auth_time.isoformat()}
    means = proof.means and asdict(proof.means)
    if means and means["valid_until"]:
        means["valid_until"] = means["valid_until"].isoformat()
    evidence = {name: b64encode(octets).decode() for name, octets in proof.evidence.items()}
    received = proof.received_at.isoformat() if proof.received_at else None
    values = {"identity": identity, "means": means, "evidence": evidence, "received_at": received}
    return encrypt(json.dumps(values))


def unseal(text: str) -> Proof:
    """Reads what `seal` has packed."""
    values = json.loads(decrypt(text))
    means = values["means"]
    return Proof(
        identity=_identity(values["identity"]),
        means=_means(means) if means else None,
        evidence={name: b64decode(octets) for name, octets in values["evidence"].items()},
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


def _means(values: dict[str, Any]) -> Means:
    read = {
        "kind": MeansKind(values["kind"]),
        "valid_until": _moment(values["valid_until"]),
    }
    return Means(**values | read)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
