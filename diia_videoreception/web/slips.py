"""What a slip shows, on paper of a centre and on the screen of a self-service place (B-39, B-41, B-44)."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diia_videoreception.models import Agency, Application, Centre, Official
from diia_videoreception.personal_data import decrypt, encrypt
from diia_videoreception.rules.slips import SlipPaper, written_code
from diia_videoreception.rules.transitions import AWAITING_DECISION, State
from diia_videoreception.services.assistance.slips import GivenSlip
from diia_videoreception.web.browser_state import SLIP, KeptSlip
from diia_videoreception.web.qr import drawn
from diia_videoreception.wording import decision_due, masked_phone

LEARNING_URL = "https://osvita.diia.gov.ua/"
"""«Дія. Цифрова освіта», the national platform where people learn to use the services alone (B-44)."""
PAPERS: tuple[tuple[str, str | Promise], ...] = (
    (SlipPaper.A4.value, _("sheet A4")),
    (SlipPaper.A6.value, _("sheet A6")),
    (SlipPaper.ROLL.value, _("receipt of 80 mm")),
)


@dataclass(frozen=True, slots=True)
class ShownSlip:
    """A slip as it is shown and printed; no name, no question, no identifier, nothing of the conference."""

    application: Application
    code: str = field(repr=False)
    picture: SafeString = field(repr=False)
    short_address: str
    title: str | Promise
    time_label: str | Promise
    is_open: bool
    decided_by: str
    phone: str = field(repr=False)
    papers: tuple[tuple[str, str | Promise], ...] = PAPERS
    learning_address: str = LEARNING_URL

    @property
    def official(self) -> Official:
        return self.application.official

    @property
    def agency(self) -> Agency:
        return self.application.official.agency

    @property
    def zone(self) -> str:
        return self.agency.time_zone

    @property
    def consent(self) -> str:
        """The reference of the consent under which somebody typed it; empty for who filed alone."""
        mandate = self.application.mandate
        return mandate.reference if mandate is not None else ""

    @property
    def documents(self) -> int:
        """How many documents were filed with it; their names tell too much of a person."""
        return self.application.filed_documents.count()

    @property
    def centre(self) -> Centre | None:
        return self.application.centre


def keep(request: HttpRequest, given: GivenSlip, *, now: datetime) -> None:
    """Let this browser show a slip that has just been made, for a few minutes."""
    until = (now + KeptSlip.LIFETIME).timestamp()
    SLIP.save(request, KeptSlip(given.application.public_id, encrypt(given.code), until))


def kept(
    request: HttpRequest, find: Callable[[uuid.UUID], Application | None], *, now: datetime
) -> GivenSlip | None:
    """Return the slip that this browser may show; None where there is none any more.

    Args:
        find: returns an application that whoever is there may see.
    """
    slip = SLIP.load(request)
    found = find(slip.application) if slip is not None and slip.is_live(now) else None
    if slip is None or found is None:
        SLIP.drop(request)
        return None
    return GivenSlip(found, decrypt(slip.code))


def shown_slip(request: HttpRequest, given: GivenSlip) -> ShownSlip:
    application = given.application
    address = request.build_absolute_uri(reverse("diia_videoreception:status"))
    return ShownSlip(
        application=application,
        code=written_code(given.code),
        picture=drawn(f"{address}#{address_part(given)}", border=2),
        short_address=address.partition("://")[2],
        title=_title(application),
        time_label=time_label(application) or _("Requested time"),
        is_open=application.state in AWAITING_DECISION,
        decided_by=decision_due(
            application.start,
            application.official.agency.time_zone,
            submitted_at=application.submitted_at,
            term=application.decide_by,
        ),
        phone=masked_phone(application.phone),
    )


def address_part(given: GivenSlip) -> str:
    """Return what stands behind the «#» of a QR code: the digits of the number, and the code."""
    number = given.application.number.partition("-")[2]
    return f"{number}_{given.code}"


def time_label(application: Application) -> str | Promise:
    """Return what the time of an application is by now; empty where there is none any more."""
    if application.state in AWAITING_DECISION:
        return _("Requested time")
    if application.state in {State.CONFIRMED, State.COMPLETED}:
        return pgettext_lazy("slip", "Reception")
    return ""


def _title(application: Application) -> str | Promise:
    if application.state in AWAITING_DECISION:
        return _("The application for a video reception is submitted")
    if application.state == State.CONFIRMED:
        return _("You are booked for a video reception")
    return _("Your application for a video reception")
