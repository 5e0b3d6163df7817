"""Two centres with their people, and the portal's operator."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from device_check.services import workplaces as machines
from diia_videoreception import models
from diia_videoreception.models.centres import OPERATE
from diia_videoreception.personal_data import decrypt
from diia_videoreception.rules.centre_tests import (
    ChoiceAnswer,
    ChoiceQuestion,
    draw_paper,
    paper_as_data,
)
from diia_videoreception.rules.centres import CentreFunction, CentreRole
from diia_videoreception.services.centres import invitations, testing, workplaces
from tests.harness.clock import NOW
from tests.steps.admin import client_of
from tests.steps.second_factor import verify

MARKER = "ЯВОРІВКА"
"""In every text of the first centre that a page could show, and nowhere else."""
DECIDED = date(2026, 3, 12)


def user(name: str, **values: Any) -> Any:
    values = {"email": f"{name}@cnap.example", "last_name": "Ткачук", "first_name": name} | values
    return get_user_model().objects.create_user(name, password="p", **values)


def operator(name: str = "operator") -> Any:
    """Somebody with the permission of the operator, who comes into Wagtail's admin."""
    made = user(name)
    made.user_permissions.add(*Permission.objects.filter(codename__in=[OPERATE, "access_admin"]))
    return made


def centre(code: str = "YAVORIVKA-1", **values: Any) -> models.Centre:
    values = {
        "name": f"ЦНАП {code}",
        "place": "Яворівка",
        "address": "вул. Садова, 1",
        "phone": "0 800 000 010",
        "email": "cnap@yavorivka.example",
        "created_at": NOW,
    } | values
    return models.Centre.objects.create(code=code, **values)


def member(
    of: models.Centre, who: Any, role: CentreRole = CentreRole.ADMINISTRATOR
) -> models.CentreMember:
    return models.CentreMember.objects.create(centre=of, user=who, role=role, joined_at=NOW)


def decided(of: models.Centre, function: CentreFunction = CentreFunction.INTERMEDIATION) -> None:
    models.CentreDecision.objects.create(
        centre=of, function=function, number="214-VIII", issued_on=DECIDED, recorded_at=NOW
    )


def accredited(who: Any, at: models.Centre, *kinds: str, until: date = date(2027, 11, 24)) -> None:
    for kind in kinds or ("training", "test"):
        models.CentreAccreditation.objects.create(
            user=who,
            centre=at,
            kind=kind,
            valid_from=date(2026, 1, 1),
            valid_until=until,
            recorded_at=NOW,
        )


def secret_of(invitation: models.CentreInvitation) -> str:
    """What only the letter has."""
    return decrypt(invitation.secret_encrypted)


def request_for_access(**values: Any) -> models.CentreAccessRequest:
    values = {
        "name": "ЦНАП міста Яворівка",
        "place": "Яворівка",
        "address": "вул. Садова, 1",
        "phone": "0 800 000 010",
        "email": "cnap@yavorivka.example",
        "head_name": "Гнатюк Світлана",
        "head_email": "hnatiuk@yavorivka.example",
        "intermediation_number": "231-08",
        "intermediation_day": DECIDED,
        "people": 4,
    } | values
    return models.CentreAccessRequest(**values)


@dataclass
class CentreWorld:
    """A centre whose texts carry the marker, and an ordinary second one."""

    centre: models.Centre
    foreign: models.Centre
    head: Any
    administrator: Any
    consultant: Any
    foreign_head: Any
    member: models.CentreMember
    invitation: models.CentreInvitation
    workplace: models.CentreWorkplace

    def client(self, who: str) -> Client:
        return client_of(getattr(self, who))

    def proven_client(self, who: str) -> Client:
        return verify(self.client(who), getattr(self, who))


def new_centre_world() -> CentreWorld:
    own = centre(name=f"ЦНАП {MARKER}", address=f"вул. {MARKER}")
    foreign = centre("OTHER-1", name="Інший ЦНАП")
    head, administrator = user("head"), user("tkachuk", last_name=f"Ткачук{MARKER}")
    consultant, foreign_head = user("consultant"), user("foreign_head")
    member(own, head, CentreRole.HEAD)
    found = member(own, administrator)
    member(own, consultant, CentreRole.CONSULTANT)
    member(foreign, foreign_head, CentreRole.HEAD)
    decided(own)
    accredited(administrator, own)
    return CentreWorld(
        centre=own,
        foreign=foreign,
        head=head,
        administrator=administrator,
        consultant=consultant,
        foreign_head=foreign_head,
        member=found,
        invitation=invitations.invite(
            own.public_id,
            role=CentreRole.ADMINISTRATOR,
            name=f"Лисенко {MARKER}",
            address="lysenko@cnap.example",
            staff=head,
            now=NOW - timedelta(hours=1),
        ),
        workplace=workplaces.make_workplace(
            own.public_id,
            kind=models.CentreWorkplace.Kind.VIDEO_SEAT,
            label=f"Місце {MARKER}",
            staff=head,
            now=NOW,
        ),
    )


def questions(count: int = 3) -> list[ChoiceQuestion]:
    """Questions whose right answer is the one that says so."""
    return [
        ChoiceQuestion(
            f"q{number}",
            f"Запитання про {number}?",
            (
                ChoiceAnswer("0", f"Правильно {number}", is_right=True),
                ChoiceAnswer("1", f"Хибно {number}", is_right=False),
                ChoiceAnswer("2", f"Інакше {number}", is_right=False),
            ),
            f"Пояснення {number}.",
        )
        for number in range(1, count + 1)
    ]


def published_test(**values: Any) -> models.CentreTestVersion:
    written: dict[str, Any] = {
        "title": "Тест «Цифровий посередник»",
        "questions": questions(),
        "asked": 3,
        "pass_percent": 100,
        "max_attempts": 2,
        "valid_days": 365,
        "days_to_finish": 14,
        "instruction": "Прочитайте інструкцію.",
    }
    return testing.publish_test(
        testing.WrittenTest(**(written | values)), key="test", language="uk", now=NOW
    )


def place_of(attempt: models.CentreTestAttempt, number: int, *, is_right: bool) -> int:
    """Where the right answer, or a wrong one, of a question stands in this attempt."""
    item = attempt.paper[number - 1]
    return next(place for place, key in enumerate(item.answers) if (key == "0") is is_right)


def begun_test(taker: models.CentreMember, **values: Any) -> models.CentreTestAttempt:
    """An attempt that somebody has begun, whatever they have passed already."""
    version = published_test(**values)
    paper = draw_paper(version.questions, asked=version.asked, seen=(), shuffled=list)
    return models.CentreTestAttempt.objects.create(
        version=version,
        user=taker.user,
        centre=taker.centre,
        number=1,
        paper_data=paper_as_data(paper),
        started_at=NOW,
        deadline=NOW + timedelta(days=version.days_to_finish),
    )


def video_seat(
    at: models.Centre | None = None, *, label: str = "Відеомісце", **values: Any
) -> models.CentreWorkplace:
    """A seat for video receptions that is open all day, every day."""
    at = at or centre()
    machine = machines.create_workplace(
        label=label, site_code=at.code, kind="video_seat", now=NOW, is_managed=True
    )
    seat = models.CentreWorkplace.objects.create(
        centre=at,
        machine=machine,
        kind=models.CentreWorkplace.Kind.VIDEO_SEAT,
        label=label,
        created_at=NOW,
        **values,
    )
    for weekday in range(7):
        models.CentreHours.objects.create(
            centre=at, workplace=seat, weekday=weekday, opens=time(6), closes=time(22)
        )
    return seat
