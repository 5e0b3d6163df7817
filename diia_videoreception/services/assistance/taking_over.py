"""Taking a case that a centre has filed for a person into the account of that person (B-43)."""

import uuid
from datetime import datetime

from diia_videoreception.errors import CaseNotOffered, LevelTooLow
from diia_videoreception.models import (
    Application,
    Centre,
    Citizen,
    ConsentAcceptance,
    DeclinedOffer,
    JournalAct,
    LevelOfAssurance,
    Occupancy,
)
from diia_videoreception.rules.numbers import NumberError, parse_number
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.assistance.offered import (
    may_be_of,
    offered_applications,
    shown_offers,
)
from diia_videoreception.services import journal
from diia_videoreception.services.throttling import require_rate
from diia_videoreception.services.transactions import act, lock_citizen, locked


def take_over(number: str, *, actor: SignedIn, now: datetime) -> Application:
    """Take a case by its number, which the slip has; what is the person's already is given back unchanged.

    The account has the number (RNOKPP) that was told at the centre, and the names; nobody is told which of
    them differs. Wrong numbers are counted.

    Raises:
        LevelTooLow: they are not surely known.
        TooManyRequests: they have tried too often.
        CaseNotOffered: no case with this number was filed for them.
    """
    if not actor.satisfies(LevelOfAssurance.SUBSTANTIAL.value):
        raise LevelTooLow
    require_rate("take_over", f"citizen {actor.citizen.pk}", now=now)
    try:
        plain = str(parse_number(number))
    except NumberError:
        raise CaseNotOffered from None
    return _take_over(plain, actor, now=now)


@act
def _take_over(number: str, actor: SignedIn, *, now: datetime) -> Application:
    citizen = actor.citizen
    own = Application.objects.filter(citizen=citizen, number=number).first()
    if own is not None:
        return own
    found = offered_applications(citizen).filter(number=number).first()
    if found is None:
        raise CaseNotOffered
    # Whoever acts for either of the two waits; citizens come first in the order of locks.
    keys = sorted([citizen.pk, found.citizen_id])
    list(locked(Citizen.objects.filter(pk__in=keys).order_by("pk")))
    rows = offered_applications(citizen).select_related("citizen", "consent", "centre", "mandate")
    application = locked(rows.filter(pk=found.pk)).first()
    if application is None or not may_be_of(actor, application):
        raise CaseNotOffered
    told, consent = application.citizen, application.consent
    agreed, _is_new = ConsentAcceptance.objects.get_or_create(
        citizen=citizen, text_id=consent.text_id, defaults={"accepted_at": consent.accepted_at}
    )
    application.citizen, application.consent = citizen, agreed
    changed = ["citizen", "consent"]
    if citizen.letters_address and not application.letters_address:
        application.letters_address = citizen.letters_address
        changed.append("letters_address")
    application.save(update_fields=changed)
    Occupancy.objects.filter(application=application, citizen=told).update(citizen=citizen)
    journal.record(
        JournalAct.TAKE_OVER,
        subject=application,
        citizen=citizen,
        now=now,
        details={
            "centre": str(application.centre.public_id) if application.centre else "",
            "mandate": application.mandate.reference if application.mandate else "",
            "before": str(told.public_id),
        },
    )
    return application


def disown(centre_id: uuid.UUID, *, actor: SignedIn, now: datetime) -> int:
    """Offer what a centre has filed so far to this account no more: it is not theirs. Its head is told.

    Nothing is told of what it is, and whose it is stays as it was. Again it is no error.

    Returns:
        How many cases there were.

    Raises:
        LevelTooLow: they are not surely known.
        TooManyRequests: they have tried too often.
    """
    if not actor.satisfies(LevelOfAssurance.SUBSTANTIAL.value):
        raise LevelTooLow
    require_rate("take_over", f"citizen {actor.citizen.pk}", now=now)
    return _disown(centre_id, actor, now=now)


@act
def _disown(centre_id: uuid.UUID, actor: SignedIn, *, now: datetime) -> int:
    lock_citizen(actor.citizen)
    centre = Centre.objects.filter(public_id=centre_id).first()
    found = [one for one in shown_offers(actor) if centre and one.centre_id == centre.pk]
    if centre is None or not found:
        return 0
    DeclinedOffer.objects.bulk_create(
        DeclinedOffer(citizen=actor.citizen, application=one, declined_at=now) for one in found
    )
    journal.record(
        JournalAct.DECLINE_OFFER,
        subject=centre,
        citizen=actor.citizen,
        now=now,
        details={"numbers": [one.number for one in found]},
    )
    return len(found)
