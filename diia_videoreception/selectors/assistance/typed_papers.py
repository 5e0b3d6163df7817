"""Applications that people sign on paper, for the centre that enters them."""

from collections.abc import Sequence

from django.db.models import QuerySet

from diia_videoreception.models import CentreMember, CentreVisit, Document, Mandate, TypedPaper


def waiting_papers(member: CentreMember) -> Sequence[TypedPaper]:
    """Return what is signed and still to be entered: one's own, and of the whole centre for its head."""
    found = TypedPaper.objects.waiting().filter(mandate__centre=member.centre_id)
    if not member.is_head:
        found = found.filter(member=member)
    return list(found.select_related("member__user").order_by("enter_by", "pk"))


def paper_of(visit: CentreVisit, mandate: Mandate) -> TypedPaper | None:
    """Return the paper of what is typed in a visit; None before it is printed."""
    found = TypedPaper.objects.select_related("member__user", "scan")
    return found.filter(typed__visit=visit, typed__mandate=mandate).first()


def is_scan_of_another(paper: TypedPaper, sha256: str) -> bool:
    """Return whether a scan with this content proves another paper or a consent already."""
    return scans_with(sha256).exclude(typed_paper=paper).exists()


def scans_with(sha256: str) -> QuerySet[Document]:
    """Return the scans of papers and of consents with this content."""
    of_centres = Document.objects.exclude(consent=None, typed_paper=None)
    return of_centres.filter(sha256=sha256)
