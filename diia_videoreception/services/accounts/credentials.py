"""Binding and unbinding keys and banks; whose one is, `matching` decides (identity rule C.9, A-19)."""

import uuid
from datetime import datetime

from diia_videoreception.errors import LastStrongCredential, LevelTooLow, NotFound
from diia_videoreception.models import Citizen, CitizenSession, JournalAct, Letter, SignInCredential
from diia_videoreception.selectors.accounts.credentials import (
    can_unbind,
    credentials_of,
    has_portal_login,
    is_strong,
)
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services import journal, letters
from diia_videoreception.services.accounts.matching import (
    bound_credentials,
    fingerprint_hash,
    seen_hash,
)
from diia_videoreception.services.accounts.sessions import require_fresh
from diia_videoreception.services.transactions import act, lock_citizen
from integrations.common.levels import Level
from integrations.identity.base import Credential, Identity

MAX_LABEL = 200


def record_use(
    citizen: Citizen,
    used: Credential,
    identity: Identity,
    *,
    signs_in: bool = True,
    notify: bool = True,
    now: datetime,
) -> SignInCredential:
    """Write down that the citizen, who is locked, has used a key or bank; a new one is bound.

    Args:
        identity: What was verified with it.
        signs_in: whether it opens a session, rather than being bound for later.
        notify: whether a letter tells the citizen of a new one.
    """
    own = (row for row in bound_credentials(used) if row.citizen_id == citizen.pk)
    if row := next(own, None):
        row.level = identity.level.value
        row.last_used_at = now if signs_in else row.last_used_at
        # What was remembered by name is known by its certificate from now on.
        row.seen_hash = row.seen_hash or seen_hash(used)
        row.save(update_fields=["last_used_at", "level", "seen_hash"])
        return row
    row = SignInCredential.objects.create(
        citizen=citizen,
        provider=identity.provider,
        kind=used.kind.value,
        fingerprint_hash=fingerprint_hash(used),
        seen_hash=seen_hash(used),
        label=used.label[:MAX_LABEL],
        level=identity.level.value,
        valid_until=used.valid_until,
        bound_at=now,
        last_used_at=now if signs_in else None,
    )
    _record(JournalAct.BIND_CREDENTIAL, row, now=now)
    if notify:
        letters.queue_credential_changed(
            credential=row, change=Letter.CredentialChange.BOUND, now=now
        )
    return row


def require_level(actor: SignedIn, row: SignInCredential, *, now: datetime) -> None:
    """Refuse to take off a strong way in a session that a weak one has opened (rule C.9).

    Nobody is stuck: a strong way goes only while there is another one, to sign in with.

    Raises:
        LevelTooLow: the session is below the level substantial.
    """
    if is_strong(row, now=now) and not actor.satisfies(Level.SUBSTANTIAL):
        raise LevelTooLow


@act
def unbind(*, actor: SignedIn, public_id: uuid.UUID, now: datetime) -> SignInCredential:
    """Take a key or bank off the account; sessions begun with it elsewhere end.

    Raises:
        AuthenticationTooOld: the person has to sign in afresh.
        NotFound: the citizen has no such way to sign in.
        LevelTooLow: see `require_level`.
        LastStrongCredential: without it the person could not come back.
    """
    require_fresh(actor, now=now)
    lock_citizen(actor.citizen)
    rows = list(credentials_of(actor.citizen).select_related("citizen"))
    row = next((row for row in rows if row.public_id == public_id), None)
    if row is None:
        raise NotFound
    require_level(actor, row, now=now)
    if not can_unbind(row, rows, portal=has_portal_login(actor.citizen), now=now):
        raise LastStrongCredential
    row.unbound_at = now
    row.save(update_fields=["unbound_at"])
    sessions = CitizenSession.objects.live(now).filter(credential=row)
    if actor.session is not None:
        sessions = sessions.exclude(pk=actor.session.pk)
    sessions.update(ended_at=now)
    _record(JournalAct.UNBIND_CREDENTIAL, row, now=now)
    letters.queue_credential_changed(
        credential=row, change=Letter.CredentialChange.UNBOUND, now=now
    )
    return row


def _record(what: JournalAct, row: SignInCredential, *, now: datetime) -> None:
    journal.record(
        what,
        subject=row.citizen,
        citizen=row.citizen,
        now=now,
        details={"means": str(row.public_id), "kind": row.kind, "level": row.level},
    )
