"""Consents to help, brought as far as a test needs them, in the ways that people go."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from diia_videoreception import models
from diia_videoreception.personal_data import decrypt, encrypt
from diia_videoreception.rules.mandates import (
    ConsentMethod,
    HelpScope,
    IdentitySource,
    MandateTerm,
)
from diia_videoreception.rules.visits import VisitMode, VisitPhase
from diia_videoreception.services.assistance import consents, mandates
from diia_videoreception.services.assistance.helped import DescribedPerson
from diia_videoreception.services.assistance.mandates import AskedConsent
from diia_videoreception.services.documents.scans import Upload
from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld, new_centre_world
from tests.steps.samples import png
from tests.steps.second_factor import code_of, device_of
from tests.steps.visits import at, shown

PHONE = "+380501234518"
TODAY = NOW.date()
RNOKPP = "3184710691"
SHEVCHUK = DescribedPerson(
    "Шевчук",
    "Петро",
    "Іванович",
    source=IdentitySource.DOCUMENT_SHOWN,
    document_kind=models.Mandate.DocumentKind.PASSPORT,
    document_number="АВ 123456",
    rnokpp=RNOKPP,
    phone="050 123 45 18",
)
BOOKING = AskedConsent(
    [HelpScope.BOOK_RECEPTION],
    MandateTerm.THIS_VISIT,
    ConsentMethod.SMS_CODE,
    models.CentreVisit.Language.UKRAINIAN,
)


def by(method: ConsentMethod, **changes: Any) -> AskedConsent:
    values: dict[str, Any] = {
        "scopes": BOOKING.scopes,
        "term": BOOKING.term,
        "language": BOOKING.language,
    }
    return AskedConsent(method=method, **(values | changes))


def takes_texts(settings: Any, folder: Path) -> None:
    """A portal that sends text messages into a folder."""
    settings.DEBUG = True
    options = {"folder": str(folder / "sms")}
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "SMS": {"default": {"BACKEND": "integrations.sms.console.ConsoleSms", "OPTIONS": options}}
    }


def may_act(user: Any) -> Any:
    """Somebody with whom nothing is missing for acting on behalf of people."""
    user.is_verified = lambda: True
    return user


def visit_for(world: CentreWorld) -> models.CentreVisit:
    """A visit of the administrator at which they act on behalf of the person."""
    return at(VisitPhase.WORK, world, VisitMode.ON_BEHALF)


def identified(
    visit: models.CentreVisit,
    staff: Any,
    said: DescribedPerson = SHEVCHUK,
    *,
    now: datetime = NOW,
    signed_in: models.Citizen | None = None,
) -> models.Mandate:
    return mandates.identify(shown(visit), said, signed_in=signed_in, staff=staff, now=now)


def asked(
    visit: models.CentreVisit,
    staff: Any,
    consent: AskedConsent = BOOKING,
    *,
    said: DescribedPerson = SHEVCHUK,
    now: datetime = NOW,
) -> models.Mandate:
    identified(visit, staff, said, now=now)
    return mandates.ask(shown(visit), consent, staff=staff, now=now)


def sent_code(mandate: models.Mandate) -> str:
    """What only the phone of the person has."""
    return decrypt(models.MandateCode.objects.get(mandate=mandate).code_encrypted)


def given_by_sms(
    visit: models.CentreVisit, staff: Any, *, now: datetime = NOW, **how: Any
) -> models.Mandate:
    mandate = asked(visit, staff, now=now, **how)
    consents.send_code(shown(visit), staff=staff, now=now)
    return consents.confirm_code(shown(visit), sent_code(mandate), staff=staff, now=now)


def with_scan(
    visit: models.CentreVisit,
    staff: Any,
    reference: str,
    *,
    data: bytes | None = None,
    signed_on: date | None = TODAY,
    now: datetime = NOW,
) -> models.Mandate:
    return consents.add_scan(
        shown(visit),
        Upload("Згода.png", png() if data is None else data),
        reference=reference,
        signed_on=signed_on,
        staff=staff,
        now=now,
    )


def seal(visit: models.CentreVisit, staff: Any, *, now: datetime = NOW) -> models.Mandate:
    """Seal with the code of the app; one that was used before is as good as new."""
    device = device_of(staff)
    device.last_t = -1
    device.save()
    return mandates.seal(
        shown(visit), code=code_of(device), is_stepped_up=False, staff=staff, now=now
    )


def sealed(visit: models.CentreVisit, staff: Any, **how: Any) -> models.Mandate:
    """A consent in force, by SMS."""
    given_by_sms(visit, staff, **how)
    return seal(visit, staff)


def consent_of(citizen: models.Citizen, world: CentreWorld | None = None) -> models.Mandate:
    """A consent in force that somebody has given, as the account shows it."""
    world = world or new_centre_world()
    visit = at(VisitPhase.WORK, world)
    text = models.MandateText.objects.get(language="uk", number=1)
    mandate = models.Mandate.objects.create(
        reference="ЗГ-2026-000417-8",
        centre=world.centre,
        visit=visit,
        person=citizen,
        taken_by=world.member,
        identity_source=IdentitySource.EID.value,
        method=ConsentMethod.PAPER_SCAN.value,
        term=MandateTerm.DAYS_30.value,
        language="uk",
        text=text,
        rendered_encrypted=encrypt(text.body),
        rendered_sha256=text.sha256,
        state="active",
        created_at=NOW,
        sealed_at=NOW,
        expires_at=NOW + timedelta(days=30),
    )
    models.MandateScope.objects.create(
        mandate=mandate,
        centre=world.centre,
        person=citizen,
        scope=HelpScope.BOOK_RECEPTION.value,
        since=NOW,
    )
    return mandate
