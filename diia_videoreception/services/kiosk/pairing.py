"""Which browser stands at a self-service workplace: paired by a short-lived code, known by a token, shut out.

The token is changed with each visitor. The one before works until the browser shows the new one; who shows
it later has a copy, and nobody can tell which of the two browsers is the right one: both are shut out.
"""

import secrets
import uuid
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from django.utils.crypto import constant_time_compare

from diia_videoreception.errors import NotFound, PairingCodeInvalid
from diia_videoreception.models import (
    CentreMember,
    CentreWorkplace,
    JournalAct,
    PairedBrowser,
)
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.rules.kiosk import EndReason
from diia_videoreception.selectors.centres.kiosks import serves, token_hash
from diia_videoreception.selectors.centres.workplaces import workplace_in
from diia_videoreception.services import journal
from diia_videoreception.services.centres.guard import head_in
from diia_videoreception.services.kiosk.ending import end_open
from diia_videoreception.services.transactions import act, locked
from integrations.common.readable_codes import readable_code

CODE_LIVES = timedelta(minutes=10)
CODE_LENGTH = 8
"""Signs of a code, almost five bits each; it is typed once, at a place that stands open to nobody yet."""
IN_FLIGHT = timedelta(minutes=1)
"""How long a request may be under way that was sent with the token before."""
REFUSALS_APART = timedelta(minutes=1)
"""How far apart two records of refused browsers of one place lie at least."""
_MARKS = str.maketrans("", "", " -\t\r\n")


class Pairing(NamedTuple):
    """A browser that has just become that of a place, and the token that it keeps."""

    browser: PairedBrowser
    token: str


@act
def make_code(
    centre_id: uuid.UUID, place_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> str:
    """Make the code by which a browser becomes that of a place; an earlier one is worth nothing any more.

    The browser that is paired already goes on until the code is used.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: who asks does not head the centre, or it has no such place.
    """
    place = _place(centre_id, place_id, staff)
    code = readable_code(CODE_LENGTH)
    PairedBrowser.objects.update_or_create(
        workplace=place,
        defaults={"code_hash": _code_hash(code), "code_expires_at": now + CODE_LIVES},
    )
    _record(JournalAct.MAKE_PAIRING_CODE, place, staff_id=staff.pk, now=now)
    return code


@act
def pair(code: str, *, now: datetime) -> Pairing:
    """Make the browser that gave this code that of its place, in the stead of any before.

    Raises:
        PairingCodeInvalid: it is wrong, expired or spent, or the place does not serve now; of two who
            come at once the second gets it.
    """
    plain = code.translate(_MARKS).upper()
    if len(plain) != CODE_LENGTH or not plain.isascii():
        raise PairingCodeInvalid
    found = PairedBrowser.objects.filter(code_hash=_code_hash(plain), code_expires_at__gt=now)
    browser = locked(found).first()
    if browser is None or not serves(browser.workplace):
        raise PairingCodeInvalid
    end_open(browser.workplace, EndReason.PAIRED_ANEW, now=now)
    token = new_token()
    browser.code_hash = browser.code_expires_at = browser.next_hash = browser.refused_at = None
    browser.token_hash, browser.spent_hash = token_hash(token), ""
    browser.paired_at = browser.rotated_at = now
    browser.save()
    _record(JournalAct.PAIR_BROWSER, browser.workplace, now=now)
    return Pairing(browser, token)


@act
def unpair(
    centre_id: uuid.UUID, place_id: uuid.UUID, *, staff: AbstractBaseUser, now: datetime
) -> None:
    """Shut the browser of a place out, and any code for another; who is at it is wiped.

    Raises:
        NotFound, MemberBlocked, CentreSuspended: as `make_code`; or no browser was ever to be there.
    """
    place = _place(centre_id, place_id, staff)
    browser = locked(PairedBrowser.objects.filter(workplace=place)).first()
    if browser is None:
        raise NotFound
    _shut_out(browser, now=now)
    _record(JournalAct.UNPAIR_BROWSER, place, staff_id=staff.pk, now=now)


def browser_with(place_id: uuid.UUID, token: str, *, now: datetime) -> PairedBrowser | None:
    """Return the browser of a place that shows this token; None for any other, which is recorded."""
    found = PairedBrowser.objects.select_related("workplace__centre")
    browser = found.filter(workplace__public_id=place_id).first()
    if browser is None:
        return None
    shown = token_hash(token)
    if _is(shown, browser.token_hash):
        return browser
    if _is(shown, browser.next_hash):
        _take_next(browser, shown, now=now)
        return browser
    if _is(shown, browser.spent_hash):
        if browser.rotated_at is not None and now - browser.rotated_at <= IN_FLIGHT:
            return browser
        _refuse_copy(browser, now=now)
    else:
        _refuse_stranger(browser, now=now)
    return None


def new_token() -> str:
    return secrets.token_urlsafe(32)


def _is(shown: str, kept: str | None) -> bool:
    return bool(kept) and constant_time_compare(shown, str(kept))


def _take_next(browser: PairedBrowser, shown: str, *, now: datetime) -> None:
    """Take the new token, which the browser has shown, for good: the one before is spent."""
    PairedBrowser.objects.filter(pk=browser.pk, next_hash=shown).update(
        token_hash=shown, next_hash=None, spent_hash=browser.token_hash, rotated_at=now
    )


@act
def _refuse_copy(browser: PairedBrowser, *, now: datetime) -> None:
    again = locked(PairedBrowser.objects.filter(pk=browser.pk)).get()
    if again.spent_hash == browser.spent_hash:
        _shut_out(again, now=now)
        _record(JournalAct.REPORT_COPIED_BROWSER, browser.workplace, now=now)


@act
def _refuse_stranger(browser: PairedBrowser, *, now: datetime) -> None:
    long_ago = Q(refused_at=None) | Q(refused_at__lte=now - REFUSALS_APART)
    if PairedBrowser.objects.filter(long_ago, pk=browser.pk).update(refused_at=now):
        _record(JournalAct.REFUSE_PLACE_BROWSER, browser.workplace, now=now)


def _shut_out(browser: PairedBrowser, *, now: datetime) -> None:
    end_open(browser.workplace, EndReason.UNPAIRED, now=now)
    browser.code_hash = browser.code_expires_at = None
    browser.token_hash = browser.next_hash = browser.paired_at = None
    browser.spent_hash = ""
    browser.save()


def _place(centre_id: uuid.UUID, place_id: uuid.UUID, staff: AbstractBaseUser) -> CentreWorkplace:
    head: CentreMember = head_in(centre_id, staff)
    place = workplace_in(head, place_id)
    if place is None or place.kind != CentreWorkplace.Kind.SELF_SERVICE:
        raise NotFound
    return place


def _code_hash(code: str) -> str:
    return lookup_hash("pairing_code", code)


def _record(
    done: JournalAct, place: CentreWorkplace, *, now: datetime, staff_id: int | None = None
) -> None:
    journal.record(
        done,
        subject=place.centre,
        staff_id=staff_id,
        now=now,
        details={"workplace": str(place.public_id)},
    )
