"""Consents to help: of a visit, for its holder; and what can be asked for."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from diia_videoreception.models import Centre, CentreVisit, Citizen, Mandate, MandateText
from diia_videoreception.personal_data import decrypt
from diia_videoreception.rules.mandates import ConsentMethod, HelpScope

BUILT = (HelpScope.BOOK_RECEPTION, HelpScope.ATTACH_DOCUMENTS)
"""What can be done for a person here so far; nothing else is asked of them."""


def mandate_of(visit: CentreVisit) -> Mandate | None:
    """Return the consent of a visit, whatever its state; None before the person is named."""
    if visit.mandate_id is None:
        return None
    found = Mandate.objects.select_related("person", "centre", "text", "evidence", "taken_by__user")
    return (
        found.prefetch_related("scopes").filter(pk=visit.mandate_id, centre=visit.centre_id).first()
    )


def mandates_of(citizen: Citizen) -> QuerySet[Mandate]:
    """Return the consents that have been in force of a person who is signed in, the newest first.

    Also what was taken under their number without a sign-in: whoever told it, the owner can end it.
    """
    own = Q(person=citizen)
    if citizen.identifier_kind == Citizen.IdentifierKind.RNOKPP:
        own |= Q(person__helped_person__claimed_hash=citizen.identifier_hash)
    found = Mandate.objects.filter(own, sealed_at__isnull=False)
    return found.select_related("centre", "taken_by__user").prefetch_related("scopes")


def signed_consents_of(citizen: Citizen) -> QuerySet[Mandate]:
    """Return the consents that were signed with a key of this number: its certificate proves whose they are."""
    if citizen.identifier_kind != Citizen.IdentifierKind.RNOKPP:
        return Mandate.objects.none()
    return Mandate.objects.filter(
        evidence__method=ConsentMethod.KEP_SIGNATURE.value,
        person__helped_person__claimed_hash=citizen.identifier_hash,
    )


def offered_scopes(centre: Centre) -> Sequence[HelpScope]:
    """Return what a centre may ask a person's consent to."""
    return [scope for scope in BUILT if scope.value in centre.allowed_scopes]


def text_in_language(language: str) -> MandateText | None:
    """Return the edition in force; None where there is none in this language."""
    return MandateText.objects.filter(language=language).order_by("-number").first()


def languages_of_texts() -> frozenset[str]:
    """Return the languages in which a person can be read the text."""
    return frozenset(MandateText.objects.values_list("language", flat=True).distinct())


def read_text(mandate: Mandate) -> str:
    """Return what the person was read, word for word; empty before it is."""
    return decrypt(mandate.rendered_encrypted) if mandate.rendered_encrypted else ""
