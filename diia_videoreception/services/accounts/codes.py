"""Codes that prove who reads an address or a phone: made, counted and compared in one place.

Whatever a code is for, its row is a `ConfirmationCode` of its own table.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.db.models import F

from diia_videoreception.errors import CodeIncomplete, CodeWrong, TooManyRequests
from diia_videoreception.models import ConfirmationCode
from diia_videoreception.personal_data import decrypt, encrypt
from diia_videoreception.rules.codes import DIGITS, typed_code

Code = TypeVar("Code", bound=ConfirmationCode)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationCodes(Generic[Code]):
    """The codes of one table, and how long and how often one may be tried.

    Attributes:
        model: The table.
        lifetime: How long a code works.
        resend: How soon another one may be sent.
        max_attempts: How many codes may be tried before another one has to be sent.
    """

    model: type[Code]
    lifetime: timedelta = timedelta(minutes=30)
    resend: timedelta = timedelta(seconds=60)
    max_attempts: int = 5

    def require_resend(self, earlier: Code, *, now: datetime) -> None:
        """Refuse to send another code too soon.

        Raises:
            TooManyRequests: with the moment from which on one may be sent.
        """
        if self.is_recent(earlier, now=now):
            raise TooManyRequests(until=earlier.sent_at + self.resend)

    def is_recent(self, earlier: Code, *, now: datetime) -> bool:
        """Return whether the code has been sent a moment ago."""
        return now - earlier.sent_at < self.resend

    def issue(self, *, now: datetime, about: dict[str, object], **whose: Any) -> Code:
        """Make a new code in the place of the one before, inside the act that sends it.

        Args:
            about: What else the row holds, for example the address.
            whose: What names the one row, for example the citizen.
        """
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        row, _created = self.model._default_manager.update_or_create(
            **whose,
            defaults=about
            | {
                "code_encrypted": encrypt(code),
                "attempts": 0,
                "sent_at": now,
                "expires_at": now + self.lifetime,
            },
        )
        return row

    def check(self, row: Code, typed: str, *, now: datetime) -> None:
        """Compare what was typed; the attempt is counted first, whatever comes of it.

        Before the act that the code allows, and committed at once: no refusal gives an attempt
        back, and of many at the same moment no more than `max_attempts` are compared.

        Raises:
            CodeIncomplete: there are not six digits; no attempt is lost.
            CodeWrong: the code does not fit, is too old, or was tried too often.
        """
        digits = typed_code(typed)
        if digits is None:
            raise CodeIncomplete
        with transaction.atomic(durable=True):
            counted = self.model._default_manager.filter(
                pk=row.pk,
                sent_at=row.sent_at,
                expires_at__gt=now,
                attempts__lt=self.max_attempts,
            ).update(attempts=F("attempts") + 1)
        if not counted or not secrets.compare_digest(digits, decrypt(row.code_encrypted)):
            raise CodeWrong

    def use_up(self, row: Code) -> None:
        """Take the code away, inside the act that it allows: of two such acts one finds it.

        Raises:
            CodeWrong: it has been used, or another one was sent meanwhile.
        """
        deleted, _rows = self.model._default_manager.filter(pk=row.pk, sent_at=row.sent_at).delete()
        if not deleted:
            raise CodeWrong
