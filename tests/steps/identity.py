"""The portal that hands citizens over, and its moment."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ISSUER = "https://portal.example"
AUDIENCE = "https://portal.example/reception"
NONCE = "mB4Zk1X9q0vYt7sLw2RcNg"
SUBJECT = "8a1d9c1e-6c0e-4a52-9d0c-0c5f1f0e7a11"
