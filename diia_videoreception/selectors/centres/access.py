"""Who sees which centre: its people their own, the portal's operator all of them; of cases neither anything.

Who came by a request without the second factor that the role needs sees nothing. A superuser is
nobody's member; the centres themselves are open to superusers as to the operator.
"""

import uuid

from django.db.models import QuerySet

from diia_videoreception.models import Centre, CentreAccessRequest, CentreMember
from diia_videoreception.rules.second_factor import Role
from diia_videoreception.selectors.access import StaffUser, has_portal_right
from diia_videoreception.selectors.accounts.second_factor import is_unproven, operates


def operates_portal(user: StaffUser) -> bool:
    """Return whether this member of staff keeps centres, agencies and integrations for the portal (B-15)."""
    return has_portal_right(user, Role.OPERATOR, operates)


def centres_operated_by(user: StaffUser) -> QuerySet[Centre]:
    return Centre.objects.all() if operates_portal(user) else Centre.objects.none()


def access_requests_seen_by(user: StaffUser) -> QuerySet[CentreAccessRequest]:
    found = CentreAccessRequest.objects.all()
    return found if operates_portal(user) else found.none()


def memberships_of(user: StaffUser) -> QuerySet[CentreMember]:
    """Return where somebody works, blocked or not, with the centre; an ended membership counts no more."""
    members = CentreMember.objects.live().select_related("centre")
    if user.pk is None or not user.is_active or is_unproven(user, Role.CENTRE):
        return members.none()
    return members.filter(user_id=user.pk).order_by("centre__sort_key", "pk")


def membership_in(user: StaffUser, centre: uuid.UUID) -> CentreMember | None:
    """Return as whom somebody works in the centre with this public id; None where they do not."""
    return memberships_of(user).filter(centre__public_id=centre).first()
