"""Writes the invented agencies, units and officials into the tables."""

from datetime import datetime

from diia_videoreception.models import Agency, Official, Unit
from sandbox.demo.agencies import AGENCIES, AgencySpec, Person, UnitSpec
from sandbox.demo.holidays import load_holidays
from sandbox.demo.schedules import PATTERNS, ZONE, add_exceptions_and_absences, add_rules

INSTRUCTIONS = (
    "Завантажте програму за посиланням і встановіть її на комп’ютер, планшет або телефон.\n"
    "Відкрийте програму за 10 хвилин до прийому.\n"
    "Введіть логін із листа-підтвердження і пароль зі сторінки заявки.\n"
    "Дозвольте програмі користуватися камерою і мікрофоном."
)
COMPLAINTS = (
    "Відмову можна оскаржити до керівника установи або до суду (статті 16–18 Закону України "
    "«Про звернення громадян»)."
)
DOCUMENT_DAYS = 5 * 365
DOCUMENT_GROUND = (
    "Зразок для демонстрації: звернення громадян зберігають 5 років (Перелік типових документів, "
    "наказ Міністерства юстиції України від 12.04.2012 № 578/5)"
)
EQUIPMENT = "веб-камера\nнавушники або динаміки\nмікрофон\nдоступ до Інтернету"


def load_directory(*, now: datetime) -> None:
    load_holidays(today=now.astimezone(ZONE).date())
    for number, spec in enumerate(AGENCIES, start=1):
        agency = agency_of(number, spec)
        agency.save()
        for position, unit in enumerate(spec.units):
            _add_unit(agency, None, position, unit, now=now)
    add_exceptions_and_absences(now=now)


def agency_of(number: int, spec: AgencySpec) -> Agency:
    """Return the agency, not saved yet."""
    return Agency(
        name=spec.name,
        short_name=spec.short_name,
        is_connected=spec.is_connected,
        phone=f"+38044200{number:02}00",
        email=f"moderator{number}@agency.example",
        address=f"м. Київ, вул. Зразкова, {number}",
        minimum_level=spec.minimum_level,
        works_on_holidays=spec.works_on_holidays,
        program_name="Відеоприйом",
        program_url="https://videopryiom.example/download",
        program_devices=Agency.Devices.ANY,
        instructions=INSTRUCTIONS,
        equipment=EQUIPMENT,
        complaints=COMPLAINTS,
        document_days=DOCUMENT_DAYS,
        document_ground=DOCUMENT_GROUND,
        **spec.extra,
    )


def official_of(unit: Unit, order: int, person: Person) -> Official:
    """Return the official at this place in the unit, not saved yet."""
    last_name, first_name, patronymic, post, pattern_name = person
    pattern = PATTERNS[pattern_name]
    return Official(
        unit=unit,
        last_name=last_name,
        first_name=first_name,
        patronymic=patronymic,
        post=post,
        position=order,
        slot_minutes=pattern.slot_minutes,
        pause_minutes=pattern.pause_minutes,
        horizon_days=pattern.horizon_days,
    )


def _add_unit(
    agency: Agency, parent: Unit | None, position: int, spec: UnitSpec, *, now: datetime
) -> None:
    name, people, below = spec
    unit = Unit.objects.create(agency=agency, parent=parent, name=name, position=position)
    for order, person in enumerate(people):
        official = official_of(unit, order, person)
        official.save()
        add_rules(official, PATTERNS[person[-1]], today=now.astimezone(ZONE).date())
    for order, child in enumerate(below):
        _add_unit(agency, unit, order, child, now=now)
