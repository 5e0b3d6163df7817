"""Citizens at programs of their own who want something at the same moment, over real HTTP."""

import http.client
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Barrier
from time import sleep
from urllib.parse import urlsplit

from diia_videoreception.models import Official
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.accounts.citizens import get_or_create_citizen
from tests.factories import signed_in
from tests.harness import portal
from tests.harness.captcha import solved_captcha
from tests.steps.api import API, identity

SECONDS_TO_GATHER = 60


@dataclass(frozen=True)
class Rival:
    """A citizen with the terms accepted and a valid access token."""

    actor: SignedIn
    token: str


@dataclass(frozen=True)
class Outcome:
    status: int
    code: str
    served_by: str


def make_rivals(count: int) -> list[Rival]:
    now = datetime.now(UTC)
    people = [identity(number, auth_time=now) for number in range(count)]
    return [
        Rival(
            actor=signed_in(get_or_create_citizen(person, now=now)),
            token=portal.access_token(person, now=now),
        )
        for person in people
    ]


def hold_all(
    url: str, rivals: Sequence[Rival], official: Official, start: datetime
) -> list[Outcome]:
    """Each rival, connected and with a solved captcha, asks for the same time at the same moment."""
    bodies = [
        {"official": official.pk, "start": start.isoformat(), "captcha": solved_captcha()}
        for _ in rivals
    ]
    return _at_once(url, rivals, bodies)


def hold_all_times(
    url: str, rival: Rival, official: Official, starts: Sequence[datetime]
) -> list[Outcome]:
    """One citizen asks for several times at the same moment, each with a proof of its own."""
    bodies = [
        {"official": official.pk, "start": start.isoformat(), "captcha": solved_captcha()}
        for start in starts
    ]
    return _at_once(url, [rival] * len(bodies), bodies)


def _at_once(url: str, rivals: Sequence[Rival], bodies: Sequence[object]) -> list[Outcome]:
    host = urlsplit(url).netloc
    barrier = Barrier(len(rivals), timeout=SECONDS_TO_GATHER)

    def post(rival: Rival, body: object) -> Outcome:
        connection = http.client.HTTPConnection(host, timeout=60)
        content = json.dumps(body)
        headers = {"Authorization": f"Bearer {rival.token}", "Content-Type": "application/json"}
        barrier.wait()
        connection.request("POST", f"{API}/holds", content, headers)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        code = json.loads(answer).get("code", "") if response.status < 500 else answer.decode()
        return Outcome(response.status, code, response.headers["X-Served-By"])

    with ThreadPoolExecutor(max_workers=len(rivals)) as pool:
        return list(pool.map(post, rivals, bodies))


def remove_guards() -> None:
    """Patches the lock of the official and the second check out of a server process."""
    from diia_videoreception.services.booking import occupancy

    first = iter([0.5])

    def look_only(official_id: int) -> Official:
        # So long that others of this process look as well, on a machine that is slow or very quick.
        sleep(next(first, 0))
        return Official.objects.select_related("unit__agency").get(pk=official_id)

    def nothing(*args: object, **kwargs: object) -> None:
        return None

    unguarded: dict[str, Callable[..., object]] = {
        "lock_official": look_only,
        "require_free": nothing,
    }
    for name, function in unguarded.items():
        setattr(occupancy, name, function)
