"""Cases that centres have filed for a person without an account, offered to who signs in as that person."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from diia_videoreception.models import Application, Centre, CentreMember, Citizen
from diia_videoreception.rules.names import have_same_names
from diia_videoreception.selectors.actors import SignedIn
from integrations.common.levels import Level

TOLD_FOR = timedelta(days=14)
"""How long the head of a centre sees among the visits that a case was disowned; the journal keeps it."""
MOST = 50
"""So many are looked at; nobody is helped oftener and stays without an account."""


def offered_applications(citizen: Citizen) -> QuerySet[Application]:
    """Return what was filed under the number of an account; the number was only told, so it proves nothing alone."""
    if citizen.identifier_kind != Citizen.IdentifierKind.RNOKPP or not citizen.identifier_hash:
        return Application.objects.none()
    return Application.objects.filter(
        citizen__identifier_kind=Citizen.IdentifierKind.HELPED,
        citizen__helped_person__claimed_hash=citizen.identifier_hash,
    )


def may_be_of(actor: SignedIn, application: Application) -> bool:
    """Return whether an application that is offered bears the names of who has signed in, however they are written."""
    return have_same_names(application.citizen, actor.citizen)


def shown_offers(actor: SignedIn) -> Sequence[Application]:
    """Return what is offered and bears the names, without what they have said is not theirs."""
    found = offered_applications(actor.citizen).select_related("citizen", "centre")
    left = found.exclude(declined_offers__citizen=actor.citizen)
    return [one for one in left.order_by("-pk")[:MOST] if may_be_of(actor, one)]


def offering_centres(actor: SignedIn) -> Sequence[Centre]:
    """Return which centres have filed something for who has signed in with BankID or КЕП; of what it is, nothing."""
    if not actor.satisfies(Level.SUBSTANTIAL.value):
        return []
    own = shown_offers(actor)
    return list({one.centre_id: one.centre for one in own if one.centre is not None}.values())


def disowned_numbers(head: CentreMember, *, now: datetime) -> Sequence[str]:
    """Return the numbers of cases of the centre that somebody has lately said are not theirs; for its head."""
    if not head.is_head:
        return []
    found = Application.objects.filter(
        centre=head.centre_id, declined_offers__declined_at__gte=now - TOLD_FOR
    )
    return list(found.distinct().order_by("-pk").values_list("number", flat=True)[:MOST])
