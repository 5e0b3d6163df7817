"""Keeps identifiers and secrets unreadable at rest.

Values are encrypted with Fernet under rotatable keys; for finding a person by identifier there is
a keyed hash, which says nothing without the key.
"""

import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from diia_videoreception.conf import app_settings


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in app_settings.encryption_keys])


def encrypt(text: str) -> str:
    """Encrypt with the first key of ENCRYPTION_KEYS."""
    return _fernet().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Decrypt with whichever key made it.

    Raises:
        cryptography.fernet.InvalidToken: no key fits.
    """
    return _fernet().decrypt(token.encode()).decode()


def key_of(token: str) -> int | None:
    """Return the place in ENCRYPTION_KEYS, from 0, of the key that made the token; None when no key fits."""
    for place, key in enumerate(app_settings.encryption_keys):
        try:
            Fernet(key).decrypt(token.encode())
        except InvalidToken:
            continue
        return place
    return None


def encrypted_again(token: str) -> str:
    """Return the same text under the first key of ENCRYPTION_KEYS; keeps when it was first encrypted.

    Raises:
        cryptography.fernet.InvalidToken: no key fits.
    """
    return _fernet().rotate(token.encode()).decode()


def lookup_hash(kind: str, value: str) -> str:
    """Return the keyed hash (HMAC-SHA-256, hex) by which a value of this kind is found."""
    message = f"{kind}\0{value}".encode()
    return hmac.new(app_settings.lookup_key.encode(), message, hashlib.sha256).hexdigest()
