"""Which terms are in force, and whether a citizen has agreed to them (A-20)."""

from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery

from diia_videoreception.models import Citizen, ConsentAcceptance, ConsentText, Service


def texts_in_force() -> QuerySet[ConsentText]:
    """The newest edition of each service's terms in each language."""
    newest = (
        ConsentText.objects.filter(service=OuterRef("service"), language=OuterRef("language"))
        .order_by()
        .values("service", "language")
        .annotate(newest=Max("version"))
        .values("newest")
    )
    return ConsentText.objects.filter(version=Subquery(newest))


def consent_in_force(citizen: Citizen) -> ConsentAcceptance | None:
    """The citizen's latest acceptance, if its edition is still the one in force."""
    acceptance = citizen.consents.select_related("text").order_by("-accepted_at", "-pk").first()
    if acceptance is None or not texts_in_force().filter(pk=acceptance.text_id).exists():
        return None
    return acceptance


@dataclass(frozen=True, slots=True)
class Terms:
    """How a citizen stands to the terms, for showing."""

    accepted: bool
    service_paused: bool


def terms_of(citizen: Citizen) -> Terms:
    """What `consent_in_force` and `service_is_paused` say, in one query."""
    paused = Service.objects.filter(key=OuterRef("text__service"), is_paused=True)
    latest = (
        citizen.consents.order_by("-accepted_at", "-pk")
        .values_list(Exists(texts_in_force().filter(pk=OuterRef("text_id"))), Exists(paused))
        .first()
    )
    accepted, service_paused = latest or (False, False)
    return Terms(accepted=bool(accepted), service_paused=bool(accepted and service_paused))


def service_is_paused(service: str) -> bool:
    """Whether the editors have paused booking for this service (C01)."""
    return Service.objects.filter(key=service, is_paused=True).exists()
