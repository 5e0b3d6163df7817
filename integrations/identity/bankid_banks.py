"""The banks of BankID НБУ: their list, cached, and still there for a while when its source is not."""

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from integrations.identity.base import IdentityError
from integrations.identity.reasons import SignInRefusal

logger = logging.getLogger(__name__)

_MAX_TEXT: Final = 200
_MAX_KEY: Final = 64
_LAST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank that people may sign in through.

    Attributes:
        key: Its id in addresses.
        member: Its id in answers (`memberId`).
        name: As people know it.
        workable: Whether it can be chosen at the moment.
        order: Its place in the list.
    """

    key: str
    member: str
    name: str
    workable: bool
    order: int


@dataclass(frozen=True, slots=True)
class BankListLimits:
    """Times in seconds.

    Attributes:
        max_age: Age at which the list is fetched anew.
        retry_after: Least time between two attempts while the source is down.
        stale_for: Age up to which a list serves while its source is down.
    """

    max_age: float = 300
    retry_after: float = 20
    stale_for: float = 86400


class BankList:
    """The list; safe to share between threads.

    Args:
        fetch: Gets the JSON; raises IdentityError.
        limits: How long a list is good for.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        fetch: Callable[[], object],
        *,
        limits: BankListLimits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._limits = limits or BankListLimits()
        self._clock = clock
        self._fetching = threading.Lock()
        self._banks: tuple[Bank, ...] = ()
        self._fetched_at: float | None = None
        self._failed_at: float | None = None
        self._failure = IdentityError(SignInRefusal.UNAVAILABLE)

    def banks(self) -> tuple[Bank, ...]:
        """Give the banks in the order of the list.

        Raises:
            IdentityError: `unavailable` or `bad_answer`, and no list to fall back on.
        """
        # Who has a list goes on with it while another thread fetches; who has none waits.
        if self._fetching.acquire(blocking=not self._is_usable()):
            try:
                self._refresh()
            finally:
                self._fetching.release()
        if not self._is_usable():
            raise IdentityError(self._failure.reason, self._failure.detail)
        return self._banks

    def find(self, key: str) -> Bank:
        """Find a bank by its id.

        Raises:
            IdentityError: `unknown_choice`, or there is no list.
        """
        for bank in self.banks():
            if bank.key == key:
                return bank
        raise IdentityError(SignInRefusal.UNKNOWN_CHOICE)

    def _is_usable(self) -> bool:
        return self._age(self._fetched_at) < self._limits.stale_for

    def _age(self, moment: float | None) -> float:
        return math.inf if moment is None else self._clock() - moment

    def _refresh(self) -> None:
        fresh = self._age(self._fetched_at) < self._limits.max_age
        if fresh or self._age(self._failed_at) < self._limits.retry_after:
            return
        try:
            self._banks = read_banks(self._fetch())
        except IdentityError as error:
            logger.warning("The list of banks was not fetched: %s", error)
            self._failure, self._failed_at = error, self._clock()
        else:
            self._fetched_at, self._failed_at = self._clock(), None


def read_banks(value: object) -> tuple[Bank, ...]:
    """Read the list; leaves out what is no bank.

    Raises:
        IdentityError: `bad_answer`: no list, no bank in it, or one id twice.
    """
    if not isinstance(value, list):
        raise IdentityError(SignInRefusal.BAD_ANSWER, "banks")
    banks = [bank for item in value if (bank := _read_bank(item)) is not None]
    if not banks or len({bank.key for bank in banks}) != len(banks):
        raise IdentityError(SignInRefusal.BAD_ANSWER, "banks")
    return tuple(sorted(banks, key=lambda bank: (bank.order, bank.name)))


def _read_bank(value: object) -> Bank | None:
    if not isinstance(value, dict):
        return None
    texts = [str(value.get(name) or "").strip() for name in ("id", "memberId", "name")]
    if not all(text and text.isprintable() and len(text) <= _MAX_TEXT for text in texts):
        return None
    if len(texts[0]) > _MAX_KEY:
        return None
    order = value.get("order")
    return Bank(
        key=texts[0],
        member=texts[1],
        name=texts[2],
        workable=str(value.get("workable")).lower() in ("true", "1"),
        order=order if isinstance(order, int) and abs(order) < _LAST else _LAST,
    )
