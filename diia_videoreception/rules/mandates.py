"""Consents to help («згода на допомогу»): what is allowed by one, how it is given, how long it holds (B-36).

A centre acts for a person only under one. It is given for what is named in it, for days and not for years, and
once it has ended there is no way back.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType

from diia_videoreception.rules.numbers import check_digit, digits_of

LONGEST = timedelta(days=60)
"""Nothing holds longer, whatever it waits for."""
DAYS_30 = timedelta(days=30)
AFTER_RECEPTION = timedelta(hours=24)
TO_ANSWER = timedelta(minutes=30)
"""How long a consent that was asked for may be given."""
CODE_LIVES = timedelta(minutes=10)
MAX_RESENDS = 3
PEOPLE_PER_PHONE = 5
"""So many people of one phone are usual for a day at one centre; the head is told of more."""
LAST_SIGNS = 4
"""Of the number of a document that was shown, nothing but these is kept."""
MAX_SCAN_BYTES = 5 * 1024 * 1024
SCAN_TYPES = frozenset({"application/pdf", "image/jpeg", "image/png"})
PREFIX, PREFIX_DIGIT = "ЗГ", "8"
MAX_REFERENCE = 40
# A hand-written З may be read as 3; it is one only where a letter follows.
_REFERENCE = re.compile(
    "(?:3(?=[A-ZА-ЯҐЄІЇ]))?[A-ZА-ЯҐЄІЇ]{0,2}(2[0-9]{3})([0-9]{6}|[1-9][0-9]{6,8})([0-9])"
)


class HelpScope(StrEnum):
    """What a centre may do for a person."""

    BOOK_RECEPTION = "book_reception"
    EDIT_APPLICATION = "edit_application"
    ATTACH_DOCUMENTS = "attach_documents"
    RESCHEDULE_OR_CANCEL = "reschedule_or_cancel"
    VIEW_STATUS = "view_status"
    RECEIVE_COPIES = "receive_copies"
    ACCOMPANY_CONFERENCE = "accompany_conference"


class ScopeRisk(StrEnum):
    """What can go wrong with a scope: somebody looks, or something is done in the person's name."""

    LOOKS = "looks"
    ACTS = "acts"


class ConsentStrength(IntEnum):
    """How well a consent proves that it is the person's; a greater one is enough wherever a lesser is."""

    SIMPLE = 1
    HANDWRITTEN = 2
    ADVANCED = 3
    QUALIFIED = 4


class ConsentMethod(StrEnum):
    """How a person gives it."""

    SMS_CODE = "sms_code"
    EID_CONFIRMATION = "eid_confirmation"
    KEP_SIGNATURE = "kep_signature"
    PAPER_SCAN = "paper_scan"


class MandateTerm(StrEnum):
    """Until when it holds."""

    THIS_VISIT = "this_visit"
    UNTIL_RECEPTION = "until_reception"
    DAYS_30 = "days_30"


class MandateState(StrEnum):
    """How far it has come; what has ended stays so."""

    DRAFT = "draft"
    AWAITING_CONSENT = "awaiting_consent"
    ACTIVE = "active"
    COMPLETED = "completed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REFUSED = "refused"


class IdentitySource(StrEnum):
    """By what a centre knows who the person is."""

    EID = "eid"
    DOCUMENT_SHOWN = "document_shown"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class ScopeRule:
    """What a scope needs.

    Attributes:
        needs_confirmation: Whether the person confirms each result themselves, too.
    """

    risk: ScopeRisk
    least: ConsentStrength
    needs_confirmation: bool


_LOOKS = ScopeRule(ScopeRisk.LOOKS, ConsentStrength.SIMPLE, needs_confirmation=False)
_ACTS = ScopeRule(ScopeRisk.ACTS, ConsentStrength.SIMPLE, needs_confirmation=True)
SCOPES: Mapping[HelpScope, ScopeRule] = MappingProxyType(
    {
        HelpScope.BOOK_RECEPTION: _ACTS,
        HelpScope.EDIT_APPLICATION: _ACTS,
        HelpScope.ATTACH_DOCUMENTS: _ACTS,
        HelpScope.RESCHEDULE_OR_CANCEL: _ACTS,
        HelpScope.VIEW_STATUS: _LOOKS,
        HelpScope.RECEIVE_COPIES: _LOOKS,
        HelpScope.ACCOMPANY_CONFERENCE: _LOOKS,
    }
)
STRENGTHS: Mapping[ConsentMethod, ConsentStrength] = MappingProxyType(
    {
        ConsentMethod.SMS_CODE: ConsentStrength.SIMPLE,
        ConsentMethod.PAPER_SCAN: ConsentStrength.HANDWRITTEN,
        ConsentMethod.EID_CONFIRMATION: ConsentStrength.ADVANCED,
        ConsentMethod.KEP_SIGNATURE: ConsentStrength.QUALIFIED,
    }
)
ON_OWN_SCREEN = frozenset({ConsentMethod.EID_CONFIRMATION, ConsentMethod.KEP_SIGNATURE})
"""Given in a browser of the person, which has the code from the screen of the centre."""
_STEPS: Mapping[MandateState, frozenset[MandateState]] = MappingProxyType(
    {
        MandateState.DRAFT: frozenset({MandateState.AWAITING_CONSENT, MandateState.REFUSED}),
        MandateState.AWAITING_CONSENT: frozenset({MandateState.ACTIVE, MandateState.REFUSED}),
        MandateState.ACTIVE: frozenset(
            {MandateState.COMPLETED, MandateState.EXPIRED, MandateState.REVOKED}
        ),
    }
)
BEFORE_CONSENT = frozenset({MandateState.DRAFT, MandateState.AWAITING_CONSENT})
ENDED = frozenset(MandateState) - BEFORE_CONSENT - {MandateState.ACTIVE}


def can_become(state: MandateState, other: MandateState) -> bool:
    """Return whether there is a way from one state to the other."""
    return other in _STEPS.get(state, frozenset())


def is_strong_enough(method: ConsentMethod, scopes: Iterable[HelpScope]) -> bool:
    """Return whether a consent given so is enough for all of these."""
    return all(STRENGTHS[method] >= SCOPES[scope].least for scope in scopes)


def end_of(term: MandateTerm, *, sealed_at: datetime) -> datetime:
    """Return the moment after which a consent does not hold, whatever becomes of the visit or the reception."""
    return sealed_at + (DAYS_30 if term == MandateTerm.DAYS_30 else LONGEST)


def end_with_reception(ends_at: datetime, *, sealed_at: datetime) -> datetime:
    """Return until when a consent holds that waits for a reception which ends then."""
    return min(ends_at + AFTER_RECEPTION, sealed_at + LONGEST)


def has_too_many_people(people: int) -> bool:
    """Return whether more people than usual have given one phone in a day at one centre."""
    return people > PEOPLE_PER_PHONE


# --- References --------------------------------------------------------------------------------


def format_reference(year: int, sequence: int) -> str:
    """Write the reference of a consent: ЗГ-2026-000417-8.

    Raises:
        ValueError: the year is not of this millennium, or the sequence is out of range.
    """
    digits = digits_of(year, sequence)
    return f"{PREFIX}-{digits[:4]}-{digits[4:]}-{check_digit(digits, prefix=PREFIX_DIGIT)}"


def read_reference(text: str) -> str | None:
    """Read a reference as it is copied from paper; None for what is none, or has a wrong digit.

    Look-alikes in Latin, spaces and missing hyphens do not matter.
    """
    if len(text) > MAX_REFERENCE:
        return None
    found = _REFERENCE.fullmatch(re.sub("[^0-9A-ZА-ЯҐЄІЇ]", "", text.upper()))
    if found is None:
        return None
    try:
        reference = format_reference(int(found[1]), int(found[2]))
    except ValueError:
        return None
    return reference if reference.endswith(f"-{found[3]}") else None


# --- The text ----------------------------------------------------------------------------------


class ConsentField(StrEnum):
    """What is filled into the text of a consent; the list is closed."""

    PERSON = "person"
    CENTRE = "centre"
    CENTRE_PHONE = "phone"
    SCOPES = "scopes"
    TERM = "term"


NEEDED = frozenset(ConsentField) - {ConsentField.CENTRE_PHONE}
"""What has to stand in each text."""
MAX_BODY = 6000
_BRACED = re.compile(r"\{([^{}\n]*)\}")


def problem_of_body(body: str) -> str:
    """Return what keeps a text from being published: a name in braces that is none, or one that is missing.

    Returns:
        The name; empty for a text that can be published.
    """
    names = _BRACED.findall(body)
    for name in names:
        if name not in set(ConsentField):
            return f"{{{name}}}"
    if re.search("[{}]", _BRACED.sub("", body)):
        return "{"
    missing = sorted(NEEDED - {ConsentField(name) for name in names})
    return f"{{{missing[0]}}}" if missing else ""


def filled_body(body: str, values: Mapping[ConsentField, str]) -> str:
    """Return a text with its fields filled in, once: a value that looks like a field stays as it is."""
    return _BRACED.sub(lambda found: values[ConsentField(found[1])], body)


def text_to_sign(read: str, reference: str, *, asked_at: datetime, portal: str) -> str:
    """Return what a key signs: what the person was read, and which asking this is.

    So the signature of one consent is never that of another, or of the same one asked for anew.
    """
    return f"{read}\n\n{reference}\n{asked_at.astimezone(UTC).isoformat()}\n{portal}\n"
