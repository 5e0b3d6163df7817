"""Secrets of this copy of the demonstration: made on the first run, kept beside its database."""

import json
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from integrations.identity.signing_keys import SigningKey, SigningKeys, generate_key


def load_secrets(folder: Path) -> dict[str, Any]:
    """Read the secrets of the folder, or make them; two first starts at once agree on one set."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "secrets.json"
    if not path.exists():
        _make(path)
    return dict(json.loads(path.read_text()))


def _make(path: Path) -> None:
    values = {
        "secret_key": secrets.token_urlsafe(48),
        "lookup_key": secrets.token_urlsafe(48),
        "altcha_secret": secrets.token_urlsafe(48),
        "encryption_keys": [Fernet.generate_key().decode()],
        "portal_keys": [generate_key().private_jwk()],
        "staff_password": secrets.token_hex(4),
    }
    draft = path.with_name(f"secrets.{os.getpid()}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        json.dump(values, file, indent=2)
    # A link, unlike a rename, does not replace what another first start has made.
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def portal_keys(secret_values: dict[str, Any]) -> SigningKeys:
    """Return the signing keys of the demonstration portal; the first one signs."""
    keys = tuple(SigningKey.from_private_jwk(jwk) for jwk in secret_values["portal_keys"])
    return SigningKeys(keys, active_kid=keys[0].kid)
