"""An official whose times are all taken, and people who wait for one."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from diia_videoreception.models import Application, Official, WaitingEntry, WaitingOffer
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import waiting
from diia_videoreception.services.booking.waiting import Wish
from tests.factories import ApplicationFactory, CitizenFactory, ScheduleRuleFactory, signed_in
from tests.harness.clock import NOW, START

LATER = START + timedelta(minutes=30)
ANY_DAY = Wish(weekdays=range(1, 8))


@dataclass
class Full:
    """An official with two times on one Tuesday, both taken."""

    official: Official
    first: Application
    second: Application


def fill(official: Official) -> Full:
    official.schedule_rules.all().delete()
    official.horizon_days = 14
    official.save(update_fields=["horizon_days"])
    ScheduleRuleFactory(
        official=official,
        recurrence="FREQ=WEEKLY;BYDAY=TU",
        starts=time(10, 30),
        ends=time(11, 30),
        valid_from=date(2026, 11, 25),
    )
    taken = [ApplicationFactory(official=official, start=start) for start in (START, LATER)]
    return Full(official, *taken)


def somebody() -> SignedIn:
    return signed_in(CitizenFactory())


def wait(
    full: Full, actor: SignedIn | None = None, *, wish: Wish = ANY_DAY, now: datetime = NOW
) -> WaitingEntry:
    who = actor or somebody()
    return waiting.join(actor=who, official_id=full.official.pk, wish=wish, now=now)


def serve(now: datetime = NOW) -> list[WaitingOffer]:
    """What is being offered when the queues have been served."""
    waiting.serve_queues(now=now)
    offers = WaitingOffer.objects.open(now).select_related("entry__citizen", "entry__official")
    return list(offers.order_by("start"))


def owner_of(offer: WaitingOffer) -> SignedIn:
    return signed_in(offer.entry.citizen)
