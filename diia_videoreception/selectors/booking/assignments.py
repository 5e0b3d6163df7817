"""Who sees to a case, who could, and which cases are whose."""

from django.db.models import Count, Q, QuerySet

from diia_videoreception.models import Agency, AgencyModerator, Application, CaseAssignment
from diia_videoreception.rules.transitions import OPEN_STATES
from diia_videoreception.selectors.access import StaffUser


def assignment_of(application: Application) -> CaseAssignment | None:
    """Return who sees to a case; nobody where that account has been closed."""
    found: CaseAssignment | None = getattr(application, "assignment", None)
    return found if found is not None and found.right.user.is_active else None


def is_assigned_to(application: Application, user: StaffUser) -> bool:
    found = assignment_of(application)
    return found is not None and found.right.user_id == user.pk


def right_in(agency: Agency, user: StaffUser) -> AgencyModerator | None:
    """Return the user's own right to moderate an agency; superusers may without one."""
    return AgencyModerator.objects.filter(agency=agency, user=user.pk, user__is_active=True).first()


def colleagues_in(agency: Agency, *, besides: CaseAssignment | None) -> QuerySet[AgencyModerator]:
    """Return who could see to a case of the agency, each with the number of their open cases."""
    rights = AgencyModerator.objects.filter(agency=agency, user__is_active=True)
    if besides is not None:
        rights = rights.exclude(pk=besides.right_id)
    is_open = Q(assignments__application__state__in=OPEN_STATES)
    return rights.select_related("user").annotate(open_cases=Count("assignments", filter=is_open))


def assigned_to(user: StaffUser) -> Q:
    """Describe the cases to which the user sees."""
    return Q(assignment__right__user=user.pk or 0)


def assigned_to_nobody() -> Q:
    """Describe the cases to which nobody sees."""
    return Q(assignment__isnull=True) | Q(assignment__right__user__is_active=False)
