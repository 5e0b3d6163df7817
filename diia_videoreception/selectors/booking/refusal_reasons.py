"""The reasons that an agency offers to those who decline for it."""

from django.db.models import QuerySet

from diia_videoreception.models import Agency, RefusalReason


def reasons_offered(agency: Agency) -> QuerySet[RefusalReason]:
    """Return the agency's own reasons in their order; none where it keeps no list."""
    return RefusalReason.objects.filter(agency=agency, is_archived=False).order_by("position", "pk")
