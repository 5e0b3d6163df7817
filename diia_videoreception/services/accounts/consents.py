"""The terms of a service: publishing editions and agreeing to them (A-20)."""

import hashlib
from datetime import date, datetime

from diia_videoreception.errors import NotFound
from diia_videoreception.models import Citizen, ConsentAcceptance, ConsentText, JournalAct, Service
from diia_videoreception.selectors.accounts.consents import rules_in_force, terms_in_force
from diia_videoreception.services import journal
from diia_videoreception.services.transactions import act


@act
def publish_service(
    *,
    key: str,
    language: str,
    terms: str,
    is_paused: bool,
    paused_until: date | None,
    now: datetime,
) -> ConsentText:
    """Take over what an editor published: the terms and whether booking is paused.

    A changed text becomes a new edition; earlier acceptances stay with the edition they were given to.
    """
    Service.objects.update_or_create(
        key=key, defaults={"is_paused": is_paused, "paused_until": paused_until}
    )
    return publish_text(key=key, language=language, text=terms, now=now)


@act
def publish_text(*, key: str, language: str, text: str, now: datetime) -> ConsentText:
    """Make a new edition of a text that people agree to, unless it is the newest one already."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    newest = (
        ConsentText.objects.select_for_update()
        .filter(service=key, language=language)
        .order_by("-version")
        .first()
    )
    if newest is not None and newest.sha256 == sha256:
        return newest
    return ConsentText.objects.create(
        service=key,
        language=language,
        version=newest.version + 1 if newest else 1,
        body=text,
        sha256=sha256,
        published_at=now,
    )


@act
def pause_service(*, key: str) -> None:
    """Pause booking, because the page of the service was taken down; unknown services stay unknown."""
    Service.objects.filter(key=key).update(is_paused=True, paused_until=None)


@act
def accept(
    *, citizen: Citizen, text_id: int, rules: bool = False, now: datetime
) -> ConsentAcceptance:
    """Store that the citizen agrees to this edition, and when; agreeing again changes nothing.

    Args:
        rules: whether it is the rules of the system (A-13) and not the terms of a service.

    Raises:
        NotFound: there is no such edition in force.
    """
    texts = rules_in_force() if rules else terms_in_force()
    text = texts.filter(pk=text_id).first()
    if text is None:
        raise NotFound
    acceptance, created = ConsentAcceptance.objects.get_or_create(
        citizen=citizen, text=text, defaults={"accepted_at": now}
    )
    if created:
        journal.record(
            JournalAct.ACCEPT_TERMS,
            subject=citizen,
            citizen=citizen,
            now=now,
            details={"service": text.service, "language": text.language, "version": text.version},
        )
    return acceptance
