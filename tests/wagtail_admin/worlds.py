"""What an entitled person fills in, and what has to have happened before an address makes sense."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from diia_videoreception.models import (
    AnswerSignature,
    AnswerTask,
    Application,
    CaseAssignment,
    Representation,
)
from diia_videoreception.services.accounts.evidence import pack
from diia_videoreception.services.booking.representing import name_represented
from tests.factories import ApplicationFactory, ScheduleRuleFactory
from tests.harness.clock import NOW, START
from tests.steps import move_requests
from tests.steps.admin import MARKER, World
from tests.steps.clarifications import ask
from tests.steps.corrections import correct
from tests.steps.moderation import decide
from tests.steps.proposals import propose
from tests.steps.representing import MOTHER
from tests.steps.terms import set_term
from tests.steps.written_answers import answer_in_writing


def agency_form(world: World) -> dict[str, Any]:
    return {
        "name": "Нове міністерство",
        "phone": "0 800 000 777",
        "email": "new@example.gov.ua",
        "notices": "at_once",
        "works_on_holidays": "on",
        "minimum_level": "high",
        "lead_days": 3,
        "answer_hours": 48,
        "lead_time_policy": "hours",
        "time_zone": "Europe/Kyiv",
        "conference": "default",
    }


def unit_form(world: World) -> dict[str, Any]:
    return {"agency": world.agency.pk, "parent": "", "name": "Новий відділ", "position": 1}


def official_form(world: World) -> dict[str, Any]:
    return {
        "unit": world.unit.pk,
        "last_name": "Шевчук",
        "first_name": "Марія",
        "post": "директорка",
        "position": 0,
        "receives": "on",
        "slot_minutes": 20,
        "pause_minutes": 5,
        "horizon_days": 40,
    }


def rule_form(world: World) -> dict[str, Any]:
    return {
        "official": world.official.pk,
        "frequency": "weekly",
        "weekdays": ["TU", "TH"],
        "starts": "14:00",
        "ends": "16:00",
        "valid_from": "2026-12-01",
    }


def exception_form(world: World) -> dict[str, Any]:
    return {"official": world.official.pk, "date": "2026-12-10", "closed": "on", "reason": "з’їзд"}


def absence_form(world: World) -> dict[str, Any]:
    return {
        "official": world.official.pk,
        "start": "2026-12-15 09:00",
        "end": "2026-12-15 12:00",
        "reason": "нарада",
    }


def case(world: World) -> list[Any]:
    return [world.submitted.public_id]


def proposed(world: World) -> list[Any]:
    """An application of its own, to which another time is proposed."""
    number = "ВП-2025-000105-0"
    found = Application.objects.filter(number=number).first()
    if found is None:
        found = ApplicationFactory(official=world.official, start=START, number=number)
        propose(found, world.moderator, START + timedelta(hours=1), reason=f"Засідання {MARKER}")
    return [found.public_id]


def assigned(world: World) -> Application:
    """An application that its moderator has taken."""
    CaseAssignment.objects.get_or_create(
        application=world.confirmed,
        defaults={"right": world.moderation, "created_at": NOW},
    )
    return Application.objects.get(pk=world.confirmed.pk)


def asked(world: World) -> list[Any]:
    """An application of its own, about which the citizen is asked."""
    number = "ВП-2025-000106-9"
    found = Application.objects.filter(number=number).first()
    if found is None:
        start = START + timedelta(hours=2)
        found = ApplicationFactory(official=world.official, start=start, number=number)
        ask(found, world.moderator, question=f"Коли? {MARKER}")
    return [found.public_id]


def corrected(world: World) -> list[Any]:
    """An application of its own, which its citizen has corrected."""
    number = "ВП-2025-000108-0"
    found = Application.objects.filter(number=number).first()
    if found is None:
        start = START + timedelta(hours=4)
        found = ApplicationFactory(official=world.official, start=start, number=number)
        correct(found, topic=f"Виправлено {MARKER}")
    return [found.public_id]


def represented(world: World) -> list[Any]:
    """The application, for somebody else."""
    if not Representation.objects.filter(application=world.submitted).exists():
        name_represented(world.submitted, replace(MOTHER, name=f"Шульга {MARKER}"))
    return case(world)


def with_colleague(world: World) -> list[Any]:
    """An application at whose time the idle official is free."""
    if not world.idle_official.schedule_rules.exists():
        ScheduleRuleFactory(official=world.idle_official)
    return case(world)


def wishing(world: World) -> list[Any]:
    """A confirmed application of its own, whose citizen asks for another time."""
    number = "ВП-2025-000107-0"
    found = Application.objects.filter(number=number).first()
    if found is None:
        found = ApplicationFactory(
            official=world.official, start=START + timedelta(hours=3), number=number
        )
        decide("confirm", found, world.moderator)
        move_requests.ask(found, START + timedelta(days=14), reason=f"Лікарня {MARKER}")
    return [found.public_id]


def answered(world: World) -> list[Any]:
    """An application of its own, answered in writing with КЕП."""
    number = "ВП-2025-000108-0"
    found = Application.objects.filter(number=number).first()
    if found is None:
        found = ApplicationFactory(
            official=world.official, start=START + timedelta(hours=4), number=number
        )
        answer_in_writing(found, world.moderator)
        AnswerSignature.objects.filter(application=found).update(
            kind="kep",
            signed_on=None,
            serial="1",
            archive_encrypted=pack({"signature.p7s": b"signature", "challenge.txt": b"text"}),
        )
    return [found.public_id]


def with_term(world: World) -> list[Any]:
    """The submitted application, whose term its moderator may extend."""
    if not world.agency.terms.exists():
        set_term(world.agency, days=1)
        Application.objects.filter(pk=world.submitted.pk).update(decide_by=NOW + timedelta(days=1))
    return case(world)


def with_task(world: World) -> list[Any]:
    """The reception that is over, and took place; a written answer is to come."""
    if not hasattr(world.held, "answer_task"):
        set_term(world.agency, kind="answer", counts_from="reception")
        Application.objects.filter(pk=world.held.pk).update(state="completed")
        AnswerTask.objects.create(
            application=world.held, opened_at=NOW, due=NOW + timedelta(days=1)
        )
    return [world.held.public_id]


def version(world: World) -> dict[str, Any]:
    return {"version": 1}
