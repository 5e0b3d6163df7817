"""Rows for tests: each factory gives a valid, unremarkable one."""

from datetime import UTC, date, datetime, time, timedelta

import factory
from factory.django import DjangoModelFactory

from diia_videoreception import models
from diia_videoreception.personal_data import encrypt, lookup_hash
from diia_videoreception.selectors.actors import SignedIn
from integrations.common.levels import Level
from tests.harness.clock import NOW


class AgencyFactory(DjangoModelFactory):
    class Meta:
        model = models.Agency

    name = factory.Sequence(lambda n: f"Міністерство прикладів № {n}")
    is_connected = True
    phone = "0 800 000 001"
    email = factory.Sequence(lambda n: f"moderator{n}@example.gov.ua")
    program_name = "ВКЗ Клієнт"
    program_url = "https://vkz.example.gov.ua/"
    instructions = "Завантажте програму.\nВведіть логін і пароль."
    equipment = "веб-камера\nнавушники або динаміки\nмікрофон\nдоступ до Інтернету"


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = models.Unit

    agency = factory.SubFactory(AgencyFactory)
    name = factory.Sequence(lambda n: f"Відділ прикладів № {n}")


class OfficialFactory(DjangoModelFactory):
    class Meta:
        model = models.Official

    unit = factory.SubFactory(UnitFactory)
    last_name = factory.Sequence(lambda n: f"Коваленко{n}")
    first_name = "Олена"
    patronymic = "Петрівна"
    post = "начальниця відділу"
    slot_minutes = 30


class ScheduleRuleFactory(DjangoModelFactory):
    """Every working day from 9:00 to 13:00 local time."""

    class Meta:
        model = models.ScheduleRule

    official = factory.SubFactory(OfficialFactory)
    recurrence = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    starts = time(9)
    ends = time(13)
    valid_from = date(2026, 1, 5)


class CitizenFactory(DjangoModelFactory):
    class Meta:
        model = models.Citizen

    class Params:
        identifier = factory.Sequence(lambda n: f"{3_000_000_000 + n}")

    identifier_kind = "rnokpp"
    identifier_hash = factory.LazyAttribute(lambda o: lookup_hash("rnokpp", o.identifier))
    identifier_encrypted = factory.LazyAttribute(lambda o: encrypt(o.identifier))
    last_name = "Мельник"
    first_name = "Ірина"
    patronymic = "Василівна"
    email = factory.Sequence(lambda n: f"citizen{n}@example.com")
    email_confirmed_at = NOW
    phone = "+380671234567"
    created_at = NOW


class ConsentTextFactory(DjangoModelFactory):
    class Meta:
        model = models.ConsentText
        django_get_or_create = ("service", "language", "version")

    service = "video-reception"
    language = "uk"
    version = 1
    body = "Умови використання послуги."
    sha256 = "0" * 64
    published_at = NOW


class ConsentAcceptanceFactory(DjangoModelFactory):
    class Meta:
        model = models.ConsentAcceptance
        django_get_or_create = ("citizen", "text")

    citizen = factory.SubFactory(CitizenFactory)
    text = factory.SubFactory(ConsentTextFactory)
    accepted_at = NOW


class ApplicationFactory(DjangoModelFactory):
    """A submitted application with its occupancy; pass `official` and `start` to place it."""

    class Meta:
        model = models.Application
        skip_postgeneration_save = True

    number = factory.Sequence(lambda n: f"ВП-2026-{n:06}-0")
    citizen = factory.SubFactory(CitizenFactory)
    official = factory.SubFactory(OfficialFactory)
    agency = factory.LazyAttribute(lambda o: o.official.agency)
    start = factory.Sequence(lambda n: datetime(2026, 12, 1, 7, 0, tzinfo=UTC) + timedelta(hours=n))
    end = factory.LazyAttribute(lambda o: o.start + timedelta(minutes=30))
    requested_start = factory.SelfAttribute("start")
    topic = "Прошу роз’яснити, чому припинили компенсацію."
    phone = "+380671234567"
    letters_address = factory.SelfAttribute("citizen.letters_address")
    consent = factory.SubFactory(
        ConsentAcceptanceFactory, citizen=factory.SelfAttribute("..citizen")
    )
    level = "substantial"
    method = "bankid"
    draft_token = factory.Faker("uuid4")
    submitted_at = NOW

    @factory.post_generation
    def occupancy(self, create: bool, extracted: object, **kwargs: object) -> None:
        if create and self.state in ("submitted", "in_review", "confirmed"):
            models.Occupancy.objects.create(
                official=self.official,
                kind="application",
                start=self.start,
                end=self.end,
                citizen=self.citizen,
                application=self,
                created_at=NOW,
            )


def signed_in(citizen: models.Citizen, *, level: str = "substantial") -> SignedIn:
    """The citizen as a service wants to know them, with the terms agreed to."""
    if not citizen.consents.exists():
        ConsentAcceptanceFactory(citizen=citizen)
    return SignedIn(citizen=citizen, level=Level(level), method="bankid", auth_time=NOW)
