"""As whom a member of staff looks at a case, and what its citizen is told of who has."""

from dataclasses import dataclass
from datetime import datetime

from diia_videoreception.models import AgencyModerator, Application, Citizen, Look, Official
from diia_videoreception.selectors.access import StaffUser, roles_of, sees_all

SHOWN = 50
_BY_POST = {Look.As.OFFICIAL, Look.As.SUBSTITUTE}


@dataclass(frozen=True, slots=True)
class SeenBy:
    """One look at a case as its citizen is told of it: nobody's name.

    Attributes:
        post: Of the official who looked, or who was substituted; empty for other roles.
    """

    moment: datetime
    role: Look.As
    post: str
    what: Look.What


@dataclass(frozen=True, slots=True)
class LookAtCase:
    """One look at one of the citizen's cases."""

    application: Application
    seen: SeenBy


def seen_by(application: Application) -> list[SeenBy]:
    """Return who of the staff has looked at a case of the citizen's own, the newest `SHOWN`.

    Officials by their post, all others by their role alone.
    """
    looks = Look.objects.filter(application_id=application.public_id)
    rows = list(looks.order_by("-moment", "-pk")[:SHOWN])
    posts = _posts_of(rows, {application.official_id: application.official.post})
    return [_seen(row, posts) for row in rows]


def looks_at_cases_of(citizen: Citizen, *, most: int) -> list[LookAtCase]:
    """Return who of the staff has looked at any case of the citizen, the newest `most`; three statements."""
    cases = Application.objects.filter(citizen=citizen)
    looks = Look.objects.filter(application_id__in=cases.values("public_id"))
    rows = list(looks.order_by("-moment", "-pk")[:most])
    if not rows:
        return []
    seen = cases.filter(public_id__in={row.application_id for row in rows})
    by_id = {one.public_id: one for one in seen.select_related("official__unit__agency")}
    posts = _posts_of(rows, {one.official_id: one.official.post for one in by_id.values()})
    return [LookAtCase(by_id[row.application_id], _seen(row, posts)) for row in rows]


def _posts_of(rows: list[Look], known: dict[int, str]) -> dict[int, str]:
    """Return the posts of the officials whom these looks name, beside those that are known."""
    others = {row.official_key for row in rows if row.role in _BY_POST} - known.keys()
    if not others:
        return known
    return known | dict(Official.objects.filter(pk__in=others).values_list("pk", "post"))


def _seen(row: Look, posts: dict[int, str]) -> SeenBy:
    post = posts.get(row.official_key, "") if row.role in _BY_POST else ""
    return SeenBy(row.moment, Look.As(row.role), post, Look.What(row.what))


def seen_as(user: StaffUser, application: Application) -> tuple[Look.As, Look.Ground]:
    """Return in which role a user sees this case, and why, if it is not on their own list.

    For what a selector has given them; asks nothing where `case_of` has read it.
    """
    if application.official.user_id == user.pk:
        return Look.As.OFFICIAL, Look.Ground.OWN
    if sees_all(user):
        return Look.As.SUPERUSER, Look.Ground.ADMINISTRATION
    roles = roles_of(user)
    if application.agency_id in roles.agencies:
        is_head = roles.is_head and _heads(user, application)
        return Look.As.HEAD if is_head else Look.As.MODERATOR, Look.Ground.OWN
    return Look.As.SUBSTITUTE, Look.Ground.SUBSTITUTION


def _heads(user: StaffUser, application: Application) -> bool:
    if "is_of_head" in application.__dict__:  # Else it is the default of the class.
        return application.is_of_head
    rights = AgencyModerator.objects.filter(user_id=user.pk or 0, is_head=True)
    return rights.filter(agency=application.agency_id).exists()
