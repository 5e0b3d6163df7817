"""Writes the invented agencies, units and officials into the tables."""

from datetime import datetime

from diia_videoreception.models import Agency, Official, Unit
from sandbox.demo.agencies import AGENCIES, AgencySpec, UnitSpec
from sandbox.demo.holidays import load_holidays
from sandbox.demo.schedules import PATTERNS, ZONE, add_exceptions_and_absences, add_rules

INSTRUCTIONS = (
    "Завантажте програму за посиланням і встановіть її на комп’ютер.\n"
    "Відкрийте програму за 10 хвилин до прийому.\n"
    "Введіть логін і пароль з листа-підтвердження.\n"
    "Дозвольте програмі користуватися камерою і мікрофоном."
)
EQUIPMENT = "веб-камера\nнавушники або динаміки\nмікрофон\nдоступ до Інтернету"


def load_directory(*, now: datetime) -> None:
    load_holidays()
    for number, spec in enumerate(AGENCIES, start=1):
        _add_agency(number, spec, now=now)
    add_exceptions_and_absences(now=now)


def _add_agency(number: int, spec: AgencySpec, *, now: datetime) -> None:
    agency = Agency.objects.create(
        name=spec.name,
        short_name=spec.short_name,
        is_connected=spec.is_connected,
        phone=f"+38044200{number:02}00",
        email=f"moderator{number}@agency.example",
        address=f"м. Київ, вул. Зразкова, {number}",
        minimum_level=spec.minimum_level,
        works_on_holidays=spec.works_on_holidays,
        program_name="Зустріч",
        program_url="https://zustrich.example/download",
        instructions=INSTRUCTIONS,
        equipment=EQUIPMENT,
        **spec.extra,
    )
    for position, unit in enumerate(spec.units):
        _add_unit(agency, None, position, unit, now=now)


def _add_unit(
    agency: Agency, parent: Unit | None, position: int, spec: UnitSpec, *, now: datetime
) -> None:
    name, people, below = spec
    unit = Unit.objects.create(agency=agency, parent=parent, name=name, position=position)
    for order, (last_name, first_name, patronymic, post, pattern_name) in enumerate(people):
        pattern = PATTERNS[pattern_name]
        official = Official.objects.create(
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
        add_rules(official, pattern, today=now.astimezone(ZONE).date())
    for order, child in enumerate(below):
        _add_unit(agency, unit, order, child, now=now)
