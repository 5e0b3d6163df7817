"""The centres of the demonstration: one with self-service and the digital intermediary, one with the latter alone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from wagtail.models import Page

from cms_pages.models import AgencyDirectoryPage, CentreDirectoryPage
from diia_videoreception.models import Centre, CentreDecision, CentreMember, CentreWorkplace
from diia_videoreception.rules.centres import CentreFunction, CentreRole, Period
from diia_videoreception.services.centres import people, workplaces
from sandbox.demo.publishing import publish
from sandbox.demo.staff import STAFF

DECIDED = date(2026, 3, 12)
Kind = CentreWorkplace.Kind


@dataclass(frozen=True, slots=True)
class DemoCentre:
    code: str
    name: str
    place: str
    address: str
    functions: tuple[CentreFunction, ...]
    places: tuple[tuple[str, CentreWorkplace.Kind], ...]


CENTRES = (
    DemoCentre(
        "YAVORIVKA",
        "ЦНАП міста Яворівка",
        "Яворівка",
        "вул. Садова, 1",
        (CentreFunction.SELF_SERVICE, CentreFunction.INTERMEDIATION),
        (
            ("Місце № 1", Kind.SELF_SERVICE),
            ("Стіл адміністратора", Kind.DESK),
            ("Відеомісце", Kind.VIDEO_SEAT),
        ),
    ),
    DemoCentre(
        "LUHOVE",
        "ЦНАП селища Лугове",
        "Лугове",
        "вул. Нова, 2",
        (CentreFunction.INTERMEDIATION,),
        (("Стіл адміністратора", Kind.DESK),),
    ),
)
WEEK = [Period(weekday, time(9), time(17)) for weekday in range(5)]
SEAT_WEEK = [Period(weekday, time(8), time(20)) for weekday in range(7)]
"""As long as any official of the demonstration receives."""


def load_centres(*, now: datetime) -> None:
    """Make the centres that there are not yet, with the people who have an account."""
    for centre in CENTRES:
        if not Centre.objects.filter(code=centre.code).exists():
            _load(centre, now=now)


def load_directory_page(parent: Page, editor: AbstractBaseUser) -> None:
    """Publish the lists of agencies and of centres, unless there are such."""
    if not AgencyDirectoryPage.objects.exists():
        agencies = AgencyDirectoryPage(
            title="Хто приймає",
            slug="khto-pryimaie",
            lead="Знайдіть державну установу або посадову особу й виберіть час прийому.",
        )
        publish(parent, agencies, editor)
    if not CentreDirectoryPage.objects.exists():
        page = CentreDirectoryPage(
            title="Центри, де Вам допоможуть",
            slug="tsentry",
            lead="Прийдіть до центру, якщо не маєте електронного підпису або хочете, щоб хтось був поруч.",
        )
        publish(parent, page, editor)


def _load(demo: DemoCentre, *, now: datetime) -> None:
    """Make a centre and its people as rows: nobody is to get an invitation that is spent already."""
    centre = Centre.objects.create(
        code=demo.code,
        name=demo.name,
        place=demo.place,
        address=demo.address,
        phone="0 800 000 010",
        email=f"{demo.code.lower()}@portal.example",
        created_at=now,
    )
    for function in demo.functions:
        CentreDecision.objects.create(
            centre=centre, function=function, number="214-08", issued_on=DECIDED, recorded_at=now
        )
    team = {
        one.centre_role: CentreMember.objects.create(
            centre=centre, user=_user(one.username), role=one.centre_role, joined_at=now
        )
        for one in STAFF
        if one.centre == demo.code
    }
    by_head = {"staff": team[CentreRole.HEAD].user, "now": now}
    if CentreRole.ADMINISTRATOR in team:
        _train(centre, team[CentreRole.ADMINISTRATOR], **by_head)
    for label, kind in demo.places:
        workplaces.make_workplace(centre.public_id, kind=kind, label=label, **by_head)
    for place in (None, *centre.workplaces.filter(kind=Kind.VIDEO_SEAT)):
        key = place.public_id if place is not None else None
        week = WEEK if place is None else SEAT_WEEK
        workplaces.set_hours(centre.public_id, key, periods=week, **by_head)


def _train(centre: Centre, member: CentreMember, *, staff: Any, now: datetime) -> None:
    today = now.date()
    people.record_training(
        centre.public_id,
        member.public_id,
        valid_from=today - timedelta(days=30),
        valid_until=today + timedelta(days=335),
        staff=staff,
        now=now,
    )


def _user(name: str) -> Any:
    return get_user_model().objects.get(username=name)
