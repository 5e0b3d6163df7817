"""Pages of a centre among a million visits of 500 centres, beside those of the same centre alone.

The panel of places is looked at again and again, with 50 visits open and somebody at each of 20 places.
PostgreSQL only: rows are inserted by the server itself.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from diia_videoreception import models
from diia_videoreception.rules.centres import CentreFunction, CentreRole
from diia_videoreception.rules.visits import MAX_OPEN
from diia_videoreception.services.centres import workplaces
from tests.bench import Figure
from tests.steps.centres import centre, decided, member, user

VISITS = int(os.environ.get("BENCH_VISITS", "1000000"))
CENTRES, OPEN, PLACES, ROUNDS = 500, 50, 20, 9
MAX_PANEL_MS, MAX_STATEMENTS, MAX_GROWTH = 100, 8, 1.3
NOISE_MS = 1
YEAR, PANEL = "statistics of a year", "panel of places"
_VISITS = f"""INSERT INTO {models.CentreVisit._meta.db_table} (public_id, centre_id, member_id, version,
        phase, need, language, purpose, agency_name, reason, eid, mode, started_at, changed_at, ended_at,
        end_reason, outcome)
    SELECT gen_random_uuid(), (%s::bigint[])[1 + n %% %s], (%s::bigint[])[1 + n %% %s], 5, 'close', '',
        'uk', 'reception', '', (ARRAY['no_eid', 'no_skills', 'no_equipment', 'other'])[1 + n %% 4], 'no',
        (ARRAY['self_service', 'side_by_side', 'on_behalf', 'paper', 'consultation'])[1 + n %% 5],
        began, ended, ended, 'done', (ARRAY['sent', 'draft', 'consulted'])[1 + n %% 3]
    FROM (SELECT n, began, began + (n %% 60) * interval '1 minute' AS ended
        FROM (SELECT n, %s::timestamptz - (n * 7919 %% 1096) * interval '1 day' - interval '2 hours' AS began
            FROM generate_series(1::bigint, %s) AS n) AS begun) AS rows"""
_USES = f"""INSERT INTO {models.SelfServiceUse._meta.db_table} (centre_id, day)
    SELECT (%s::bigint[])[1 + n %% %s], %s::date - (n * 7919 %% 1096)::int
    FROM generate_series(1::bigint, %s) AS n"""
_RATINGS = f"""INSERT INTO {models.VisitRating._meta.db_table} (centre_id, day, mode, value)
    SELECT (%s::bigint[])[1 + n %% %s], %s::date - (n * 7919 %% 1096)::int, 'self_service', 1 + n %% 5
    FROM generate_series(1::bigint, %s) AS n"""


def figures() -> list[Figure]:
    """Give how long the pages take, how they grow, and how many statements the panel needs."""
    if connection.vendor != "postgresql":
        print("centres: measured with PostgreSQL only")
        return []
    own = centre("BENCH-0", name="ЦНАП")
    head = member(own, user("bench_head"), CentreRole.HEAD)
    _make_busy(own, head)
    client = Client()
    client.force_login(head.user)
    last = timezone.localdate()
    first = last - timedelta(days=365)
    year = {"period": "own", "first": f"{first:%d.%m.%Y}", "last": f"{last:%d.%m.%Y}"}
    pages = {
        "statistics of a month": _page(client, own, "statistics"),
        YEAR: _page(client, own, "statistics", **year),
        PANEL: _page(client, own, "places"),
        "open visits": _page(client, own, "visits"),
    }
    alone = {name: _milliseconds(page) for name, page in pages.items()}
    _fill(own)
    found = []
    for name, page in pages.items():
        among = _milliseconds(page)
        print(f"centres: {name}: {alone[name]:.1f} ms alone, {among:.1f} ms among {VISITS} visits")
        # Of a year there are more visits to count: what may not grow are the first pages.
        if name != YEAR:
            growth = among / (alone[name] + NOISE_MS)
            found.append(Figure(f"centres: growth, {name}", growth, MAX_GROWTH))
        if name == PANEL:
            found.append(Figure(f"centres: {name}, ms", among, MAX_PANEL_MS))
    with CaptureQueriesContext(connection) as asked:
        pages[PANEL]()
    return [*found, Figure(f"centres: {PANEL}, statements", len(asked), MAX_STATEMENTS)]


def _page(client: Client, of: models.Centre, name: str, **asked: str) -> Callable[[], None]:
    address = reverse(f"diia_videoreception:centre_{name}", args=[of.public_id])

    def look() -> None:
        answer = client.get(address, asked, headers={"X-VR-Poll": "1"})
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")

    return look


def _milliseconds(look: Callable[[], None]) -> float:
    look()
    taken = []
    for _round in range(ROUNDS):
        begun = perf_counter()
        look()
        taken.append((perf_counter() - begun) * 1000)
    return min(taken)


def _make_busy(own: models.Centre, head: models.CentreMember) -> None:
    """Open visits of several members, and somebody at each place."""
    now = timezone.now()
    decided(own, CentreFunction.SELF_SERVICE)
    helpers = [member(own, user(f"bench_{one}")) for one in range(OPEN // MAX_OPEN + 1)]
    models.CentreVisit.objects.bulk_create(
        models.CentreVisit(
            centre=own,
            member=helpers[number // MAX_OPEN],
            letter=number % MAX_OPEN,
            started_at=now,
            changed_at=now,
        )
        for number in range(OPEN)
    )
    for number in range(PLACES):
        place = workplaces.make_workplace(
            own.public_id,
            kind=models.CentreWorkplace.Kind.SELF_SERVICE,
            label=f"Місце № {number}",
            staff=head.user,
            now=now,
        )
        models.VisitorSession.objects.create(
            workplace=place,
            token_hash=f"bench {number}",
            started_at=now,
            seen_at=now,
            ends_at=now + timedelta(minutes=45),
        )


def _fill(own: models.Centre) -> None:
    """Spread visits of three years over all centres, of which this one is the first."""
    owner = user("bench_owner")
    others = [centre(f"BENCH-{number}", name=f"ЦНАП {number}") for number in range(1, CENTRES)]
    members = [member(one, owner) for one in (own, *others)]
    centres = [one.centre_id for one in members]
    ways = [centres, CENTRES, [one.pk for one in members], CENTRES]
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_VISITS, [*ways, now, VISITS])
        for statement in (_USES, _RATINGS):
            cursor.execute(statement, [centres, CENTRES, now, VISITS // 4])
        for model in (models.Centre, models.CentreVisit, models.SelfServiceUse, models.VisitRating):
            cursor.execute(f"ANALYZE {model._meta.db_table}")
