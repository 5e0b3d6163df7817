"""Codes and tokens of the mock services: random, short-lived, and codes good for one time."""

import secrets
from dataclasses import asdict, dataclass, replace

from django.core.cache import cache

from sandbox.authority.people import SIGNERS, State
from sandbox.demo.citizens import CITIZENS, DemoCitizen

CODE_SECONDS = 60
TOKEN_SECONDS = 180

NEWCOMERS: tuple[DemoCitizen, ...] = tuple(
    signer.person
    for signer in SIGNERS
    if signer.state is State.GOOD and signer.person not in CITIZENS
)
"""People who have keys and bank accounts, but are new to the portal."""

PEOPLE: tuple[DemoCitizen, ...] = (*CITIZENS, *NEWCOMERS)
"""Everybody whom a broker or a bank knows."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a code or a token stands for.

    Attributes:
        service: Which mock has issued it.
        person: Slug of who was chosen.
        redirect_uri: Where the code was sent.
        way: How they signed in: `auth_type`, or the bank.
        trouble: What shall go wrong with it.
        dataset: What the portal asked for at the beginning (BankID, version 2).
        user_id: Number of the person in this session.
    """

    service: str
    person: str
    redirect_uri: str
    way: str
    trouble: str = ""
    dataset: str = ""
    user_id: str = ""

    @property
    def citizen(self) -> DemoCitizen:
        return next(person for person in PEOPLE if person.slug == self.person)


def person(slug: str) -> DemoCitizen | None:
    return next((person for person in PEOPLE if person.slug == slug), None)


def issue_code(ticket: Ticket) -> str:
    """Make a code that works once and for a minute."""
    return _issue("code", ticket, CODE_SECONDS)


def take_code(service: str, code: str) -> Ticket | None:
    """Take a code in exchange; the second time there is none."""
    ticket = _find("code", service, code)
    # Of two that come at once, one deletes.
    return ticket if ticket and cache.delete(_key("code", service, code)) else None


def issue_token(ticket: Ticket) -> tuple[str, Ticket]:
    """Make a token; the session gets its number of the person."""
    known = replace(ticket, user_id=str(secrets.randbelow(10**9)))
    return _issue("token", known, TOKEN_SECONDS), known


def find_token(service: str, token: str) -> Ticket | None:
    return _find("token", service, token)


def drop_token(service: str, token: str) -> None:
    cache.delete(_key("token", service, token))


def _issue(kind: str, ticket: Ticket, seconds: int) -> str:
    value = secrets.token_urlsafe(24)
    cache.set(_key(kind, ticket.service, value), asdict(ticket), seconds)
    return value


def _find(kind: str, service: str, value: str) -> Ticket | None:
    found = cache.get(_key(kind, service, value)) if value.isascii() and len(value) < 100 else None
    return Ticket(**found) if found else None


def _key(kind: str, service: str, value: str) -> str:
    return f"sandbox-{service}-{kind}-{value}"
