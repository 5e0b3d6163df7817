"""The acts of which nothing may grow with what others have brought."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client

from diia_videoreception import models
from diia_videoreception.selectors.booking import availability
from diia_videoreception.selectors.journal import sign_in_cases
from diia_videoreception.services.booking import deadlines
from diia_videoreception.services.housekeeping import cleaning
from diia_videoreception.services.journal.sealing import seal_journal
from diia_videoreception.services.letters.delivery import deliver_due
from tests.bench.growth.dataset import AGENCIES

LIST = "/admin/videoreception/applications/"
Run = Callable[[], object]


class World:
    """People of the filled database, made when they are first asked for."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        connection.ensure_connection()

    def staff(self, name: str) -> Client:
        """Sign in a member of staff: `average` moderates one agency, `super` sees all."""
        users = get_user_model().objects
        user = users.filter(username=name).first()
        if user is None:
            user = users.create_user(name, password=None, is_superuser=name == "super")
            user.user_permissions.add(Permission.objects.get(codename="access_admin"))
            if name != "super":
                models.AgencyModerator.objects.create(agency_id=AGENCIES // 2, user=user)
        client = Client()
        client.force_login(user)
        return client

    def application(self) -> models.Application:
        """Give the last application of the average agency."""
        return models.Application.objects.filter(agency_id=AGENCIES // 2).latest("start")


@dataclass(frozen=True)
class Act:
    """One act: `prepare` makes ready what is not measured and gives what is."""

    name: str
    prepare: Callable[[World], Run]
    max_queries: int = 0


def page(who: str, address: str) -> Callable[[World], Run]:
    """Open an address of the admin as a member of staff."""

    def prepare(world: World) -> Run:
        client = world.staff(who)
        where = address.format(
            day=world.now.date(),
            week=(world.now + timedelta(days=6)).date(),
            number=world.application().number,
            case=world.application().public_id,
        )
        # The first request of a connection reads what later ones have.
        client.get("/admin/account/")

        def run() -> None:
            response = client.get(where)
            if response.status_code != 200:
                raise RuntimeError(f"{where}: {response.status_code}")

        return run

    return prepare


def lists() -> list[Act]:
    """The work list of one agency and of all, by each filter, search and page."""
    parts = {
        "first page": "",
        "waiting": "?waiting=yes",
        "without an outcome": "?waiting=outcome",
        "failed letters": "?letters=failed",
        "by state": "?state=submitted",
        "a week": "?start_after={day}&start_before={week}",
        "search by number": "?q={number}",
        "page 2": "?p=2",
        "last page": "?p=1000000000",
    }
    return [
        Act(f"work list, {who}: {part}", page(who, LIST + query), 16)
        for who in ("average", "super")
        for part, query in parts.items()
    ]


def day(world: World) -> Run:
    """Free times of a week of one official."""
    official = models.Official.objects.select_related("unit__agency").get(pk=77)
    first = world.now.date() + timedelta(days=7)
    return lambda: availability.calendar(
        official, first=first, last=first + timedelta(days=6), citizen=None, now=world.now
    )


ACTS = [
    Act("free times of a week", day, 4),
    *lists(),
    Act("home, average", page("average", "/admin/"), 30),
    Act("home, super", page("super", "/admin/"), 30),
    Act("case page", page("average", LIST + "{case}/"), 25),
    Act("history of a case", page("average", LIST + "{case}/history/"), 20),
    Act("integrations", page("super", "/admin/videoreception/integrations/"), 15),
    Act("sign-in cases", lambda world: lambda: list(sign_in_cases()[:20]), 1),
    Act("sealing, nothing to seal", lambda world: seal_journal),
    Act("cleaning, nothing due", lambda world: lambda: cleaning.clean(now=world.now)),
    Act("delivering, nothing due", lambda world: lambda: deliver_due(now=world.now)),
    Act(
        "alarming agencies, nothing due",
        lambda world: lambda: deadlines.alarm_agencies(now=world.now - timedelta(days=400)),
    ),
]
