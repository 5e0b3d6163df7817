"""Which words of an agency are in force for its letters, and which were before."""

from collections.abc import Sequence

from django.db.models import QuerySet

from diia_videoreception.models import Agency, LetterText
from diia_videoreception.selectors.access import StaffUser, agencies_headed_by


def text_in_force(agency: Agency, kind: str, language: str) -> LetterText | None:
    """Return the agency's own words for a kind of letter; None where the portal's are in force."""
    if not agency.has_letter_texts:
        return None
    latest = versions_of(agency, kind, language).first()
    return None if latest is None or latest.is_standard else latest


def versions_of(agency: Agency, kind: str, language: str) -> QuerySet[LetterText]:
    """Return every version of an agency's words for a kind of letter, the latest first."""
    found = LetterText.objects.filter(agency=agency, kind=kind, language=language)
    return found.select_related("author").order_by("-version")


def latest_texts(user: StaffUser, kinds: Sequence[str]) -> list[tuple[Agency, list[LetterText]]]:
    """Return each agency that a member of staff heads, with the latest version of each own text."""
    agencies = list(agencies_headed_by(user).order_by("name"))
    found = LetterText.objects.filter(agency__in=agencies, kind__in=kinds).order_by("version")
    latest: dict[tuple[int, str, str], LetterText] = {
        (one.agency_id, one.kind, one.language): one for one in found
    }
    return [
        (agency, [one for one in latest.values() if one.agency_id == agency.pk])
        for agency in agencies
    ]
