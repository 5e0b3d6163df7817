"""A self-service workplace of a centre, and the browser that stands there."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.test import Client

from diia_videoreception import models
from diia_videoreception.rules.centres import CentreFunction, Period
from diia_videoreception.services.centres import workplaces
from diia_videoreception.services.kiosk import pairing
from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld, decided, new_centre_world

BASE = "/videoreception/kiosk/"
COOKIE = "diia_videoreception_place"
VISITOR = "diia_videoreception_visitor"


@dataclass
class KioskWorld:
    """A centre that has self-service, is open around the clock and has one place."""

    centres: CentreWorld
    place: models.CentreWorkplace

    @property
    def centre(self) -> models.Centre:
        return self.centres.centre

    def code(self, *, now: datetime = NOW) -> str:
        return pairing.make_code(
            self.centre.public_id, self.place.public_id, staff=self.centres.head, now=now
        )

    def paired(self) -> Client:
        """A browser that stands at the place."""
        client = Client()
        assert client.post(f"{BASE}pair/", {"code": self.code()}).status_code == 303
        return client

    def visited(self) -> Client:
        """The same with a visitor at it."""
        client = self.paired()
        assert client.post(f"{BASE}begin/")["Location"] == f"{BASE}home/"
        return client

    @property
    def browser(self) -> models.PairedBrowser:
        return models.PairedBrowser.objects.get(workplace=self.place)

    @property
    def visitor(self) -> models.VisitorSession:
        return models.VisitorSession.objects.latest("pk")

    def acts(self) -> list[str]:
        """What the journal tells of the places of the centre, in order, without its subject."""
        found = models.JournalRecord.objects.filter(subject_id=str(self.centre.public_id))
        return [
            record.act.partition(".")[2]
            for record in found.order_by("pk")
            if record.details.get("workplace") == str(self.place.public_id)
        ]


def new_kiosk_world() -> KioskWorld:
    centres = new_centre_world()
    decided(centres.centre, CentreFunction.SELF_SERVICE)
    head: dict[str, Any] = {"staff": centres.head, "now": NOW}
    centre = centres.centre.public_id
    always = [Period(day, time(0), time(23, 59)) for day in range(7)]
    workplaces.set_hours(centre, None, periods=always, **head)
    place = workplaces.make_workplace(
        centre, kind=models.CentreWorkplace.Kind.SELF_SERVICE, label="Місце № 2", **head
    )
    return KioskWorld(centres, place)
