"""Which terms and rules are in force, and whether a citizen has agreed to them (A-13, A-20)."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from diia_videoreception.models import Citizen, ConsentAcceptance, ConsentText, Service

RULES = "rules"
"""The service by whose name the rules of the system are kept."""


def texts_in_force() -> QuerySet[ConsentText]:
    """Return the newest edition of each service's terms in each language."""
    newest = (
        ConsentText.objects.filter(service=OuterRef("service"), language=OuterRef("language"))
        .order_by("-version")
        .values("version")[:1]
    )
    return ConsentText.objects.filter(version=Subquery(newest))


def terms_in_force() -> QuerySet[ConsentText]:
    """Return the editions that people book under."""
    return texts_in_force().exclude(service=RULES)


def rules_in_force() -> QuerySet[ConsentText]:
    """Return the rules of the system in each language, which people agree to once, to register (A-13)."""
    return texts_in_force().filter(service=RULES)


def rules_are_published() -> bool:
    return ConsentText.objects.filter(service=RULES).exists()


def rules_to_read(language: str) -> ConsentText | None:
    """Return the rules in this language, else in that of the portal, else in any."""
    editions = {text.language: text for text in rules_in_force().order_by("language")}
    for wanted in (language, settings.LANGUAGE_CODE):
        if wanted in editions:
            return editions[wanted]
    return next(iter(editions.values()), None)


@dataclass(frozen=True, slots=True)
class CitizenTerms:
    """How a citizen stands to the terms: the consent to book under, and whether booking is paused."""

    consent: ConsentAcceptance | None
    service_paused: bool


def terms_of(citizen: Citizen, *, service: str | None = None) -> CitizenTerms:
    """Return the newest consent whose edition is in force, one of a service that is open before others.

    One query. Consents to editions that have been replaced count no more.

    Args:
        service: only consents to the terms of this service.
    """
    paused = Service.objects.filter(key=OuterRef("text__service"), is_paused=True)
    consents = citizen.consents.filter(text__in=terms_in_force()).annotate(paused=Exists(paused))
    if service is not None:
        consents = consents.filter(text__service=service)
    consent = consents.select_related("text").order_by("paused", "-accepted_at", "-pk").first()
    return CitizenTerms(consent=consent, service_paused=bool(consent and consent.paused))
