"""The acts of which nothing may grow with what others have brought."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import QuerySet
from django.test import Client

from diia_videoreception import models
from diia_videoreception.selectors.booking import availability
from diia_videoreception.services.housekeeping.steps import STEPS, Step
from tests.bench.growth.dataset import AVERAGE_AGENCY, OWN

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
                models.AgencyModerator.objects.create(agency_id=AVERAGE_AGENCY, user=user)
        client = Client()
        client.force_login(user)
        return client

    def application(self) -> models.Application:
        """Give the application of the average agency to which each database has the same ones."""
        return self.own().latest("start", "pk")

    def own(self) -> QuerySet[models.Application]:
        return models.Application.objects.filter(agency_id=AVERAGE_AGENCY, pk__lte=OWN)


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
        application = world.application()
        where = address.format(
            day=world.now.date(),
            week=(world.now + timedelta(days=6)).date(),
            number=application.number,
            wrong=f"{application.number[:-1]}{(int(application.number[-1]) + 1) % 10}",
            part=f"{application.pk:07}",
            name=application.citizen.last_name,
            long="заявка " * 1400,
            case=application.public_id,
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
        "overdue": "?waiting=overdue",
        "answers to come": "?waiting=answer",
        "overdue answers": "?waiting=answer_overdue",
        "without an outcome": "?waiting=outcome",
        "failed letters": "?letters=failed",
        "by state": "?state=submitted",
        "a week": "?start_from={day}&start_to={week}",
        "search by number": "?q={number}",
        "search by a wrong number": "?q={wrong}",
        "search by a part of a number": "?q={part}",
        "search by name": "?q={name}",
        "search by two names": "?q={name}+дар’я",
        "search by a rare word": "?q=справа{part}",
        "search by a frequent word": "?q=компенсацію",
        "search by a word that nobody has": "?q=щоденник",
        "search by two letters": "?q=щд",
        "search by 10,000 characters": "?q={long}",
        "page 2": "?p=2",
        "last page": "?p=1000000000",
    }
    return [
        Act(f"work list, {who}: {part}", page(who, LIST + query), 15)
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


def sending_again(world: World) -> Run:
    """Send a letter of an application to come again; each round another one."""
    client = world.staff("average")
    letter = models.Letter.objects.filter(
        application__in=world.own().filter(state="confirmed", start__gt=world.now),
        kind=models.Letter.Kind.CONFIRMATION,
        state=models.Letter.State.SENT,
    ).latest("pk")
    letter.state = models.Letter.State.FAILED
    letter.save(update_fields=["state"])
    where = f"{LIST}{letter.application.public_id}/letters/{letter.public_id}/"

    def run() -> None:
        client.post(where)
        letter.refresh_from_db(fields=["state"])
        if letter.state != models.Letter.State.QUEUED:
            raise RuntimeError(f"{where}: the letter is {letter.state}")

    return run


def nothing_due(step: Step) -> Callable[[World], Run]:
    """Run a step of housekeeping that has just done what was due."""

    def prepare(world: World) -> Run:
        step(world.now)
        return lambda: step(world.now)

    return prepare


ACTS = [
    Act("free times of a week", day, 4),
    *lists(),
    Act("home, average", page("average", "/admin/"), 15),
    Act("home, super", page("super", "/admin/"), 25),
    Act("case page, average", page("average", LIST + "{case}/"), 15),
    Act("case page, super", page("super", LIST + "{case}/"), 15),
    Act("history of a case", page("average", LIST + "{case}/history/"), 17),
    Act("sending a letter again", sending_again, 20),
    Act("integrations", page("super", "/admin/videoreception/integrations/"), 15),
    Act("sign-in cases", page("super", "/admin/videoreception/sign_in_cases/"), 15),
    *(Act(f"housekeeping, nothing due: {name}", nothing_due(step)) for name, step in STEPS.items()),
]
