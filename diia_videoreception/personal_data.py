"""Keeps identifiers and secrets unreadable at rest (architecture decision 10).

Values are encrypted with Fernet under rotatable keys; for finding a person by identifier there is
a keyed hash, which says nothing without the key.
"""

import hashlib
import hmac

from cryptography.fernet import Fernet, MultiFernet

from diia_videoreception.conf import app_settings


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in app_settings.encryption_keys])


def encrypt(text: str) -> str:
    """Encrypts with the first key of ENCRYPTION_KEYS."""
    return _fernet().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Decrypts with whichever key made it.

    Raises:
        cryptography.fernet.InvalidToken: no key fits.
    """
    return _fernet().decrypt(token.encode()).decode()


def lookup_hash(kind: str, value: str) -> str:
    """The keyed hash (HMAC-SHA-256, hex) by which a value of this kind is found."""
    message = f"{kind}\0{value}".encode()
    return hmac.new(app_settings.lookup_key.encode(), message, hashlib.sha256).hexdigest()
