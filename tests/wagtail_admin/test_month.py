"""A month of an agency, from its being added to its report: no superuser is there, and none is missed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from diia_videoreception import models
from diia_videoreception.management.commands import setup_roles
from diia_videoreception.services.booking import applications, drafts, holds
from diia_videoreception.services.booking.drafts import DraftAnswers
from diia_videoreception.services.centres.granting import request_access
from tests.factories import CitizenFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import client_of
from tests.steps.centres import request_for_access
from tests.steps.proposals import answer
from tests.steps.second_factor import require, verify

pytestmark = pytest.mark.any_database

GROUPS = {
    "portal": setup_roles.OPERATOR,
    "head": setup_roles.HEAD,
    "next_head": setup_roles.HEAD,
    "moderator": setup_roles.MODERATOR,
    "official": setup_roles.OFFICIAL,
    "support": setup_roles.HELP_DESK,
}
"""Who works here, and the group that the portal's own sign-in of staff has put each into."""
FIRST_THURSDAY = datetime(2026, 12, 3, 12, 0, tzinfo=NOW.tzinfo)
"""14:00 in Kyiv."""
WEEK = timedelta(days=7)
HALF_HOUR = timedelta(minutes=30)


class Month:
    """The agency, its people, and the day that it is."""

    def __init__(self, clock: Any) -> None:
        self.clock = clock
        self.today = NOW

    def at(self, moment: datetime) -> None:
        """Let the days until then pass, each with its housekeeping."""
        while self.today.date() < moment.date():
            self.today += timedelta(days=1)
            self.clock.move_to(self.today, tick=False)
            call_command("videoreception_housekeeping")
        self.clock.move_to(moment, tick=False)

    def client(self, name: str) -> Client:
        """Somebody who has come by password and second factor just now."""
        user = get_user_model().objects.get(username=name)
        return verify(client_of(user), user)

    def does(self, name: str, screen: str, /, *arguments: Any, **sent: Any) -> Any:
        """Send a form of the admin as somebody who works here."""
        address = reverse(f"videoreception_{screen}", args=arguments)
        response = self.client(name).post(address, sent)
        assert response.status_code == 302, Page(response).text[:2000]
        return response

    def sees(self, name: str, screen: str, /, *arguments: Any, **asked: Any) -> Page:
        address = reverse(f"videoreception_{screen}", args=arguments)
        response = self.client(name).get(address, asked)
        assert response.status_code == 200, (name, screen)
        return Page(response)

    def files(self, start: datetime) -> models.Application:
        """Somebody books this time."""
        now, actor = timezone.now(), signed_in(CitizenFactory())
        official = models.Official.objects.get()
        holds.reserve(
            actor=actor, official_id=official.pk, start=start, captcha=solved_captcha(), now=now
        )
        answers = DraftAnswers(topic="Прошу роз’яснити умови.", phone="067 123 45 67")
        draft = drafts.save_answers(
            citizen=actor.citizen, answers=answers, by_program=False, now=now
        )
        return applications.submit(
            actor=actor,
            draft_token=draft.token,
            captcha=solved_captcha(),
            channel=models.Application.Channel.WEB,
            now=now,
        )


@pytest.fixture
def month(db: None, settings: Any, time_machine: Any) -> Month:
    call_command("setup_roles")
    for name, group in GROUPS.items():
        user = get_user_model().objects.create_user(name, email=f"{name}@example.gov.ua")
        user.groups.add(Group.objects.get(name=group))
    user.groups.model.objects.get(name=setup_roles.EXPORTER).user_set.add(
        get_user_model().objects.get(username="head")
    )
    require(settings)
    return Month(time_machine)


def begin(month: Month) -> models.Agency:
    """The operator adds the agency and its head, the head everything else."""
    month.does(
        "portal",
        "agencies:add",
        name="Міністерство прикладів",
        is_connected="on",
        phone="0 800 000 777",
        email="office@example.gov.ua",
        notices="daily",
        minimum_level="low",
        lead_days=3,
        lead_time_policy="hours",
        answer_hours=48,
        time_zone="Europe/Kyiv",
        conference="default",
    )
    agency = models.Agency.objects.get()
    month.does("portal", "moderators:add", agency=agency.pk, user_name="head")
    month.does("head", "moderators:add", agency=agency.pk, user_name="moderator")
    month.does("head", "units:add", agency=agency.pk, parent="", name="Відділ", position=1)
    month.does(
        "head",
        "officials:add",
        unit=models.Unit.objects.get().pk,
        last_name="Шевчук",
        first_name="Марія",
        post="директорка",
        position=0,
        receives="on",
        slot_minutes=30,
        pause_minutes=0,
        horizon_days=60,
        user_name="official",
    )
    month.does(
        "moderator",
        "schedule_rules:add",
        official=models.Official.objects.get().pk,
        frequency="weekly",
        weekdays=["TH"],
        starts="14:00",
        ends="16:00",
        valid_from="2026-11-23",
    )
    month.does("head", "refusal_reasons:add", agency=agency.pk, text="Не до нас.", **NEXT_STEP)
    return agency


NEXT_STEP = {"next_step": "none", "position": 1}


def confirm(month: Month, application: models.Application) -> None:
    month.does(
        "moderator",
        "applications:confirm",
        application.public_id,
        version=application.version,
    )
    application.refresh_from_db()
    assert application.state == "confirmed"


def conclude(month: Month, application: models.Application) -> None:
    """The official sees the day, and answers when the reception is over."""
    month.at(application.start - timedelta(minutes=10))
    assert application.number in month.sees("official", "my_day:index").text
    month.at(application.end + HALF_HOUR)
    sent = month.client("official").post(
        reverse("diia_videoreception:official_conclude", args=[application.public_id]),
        {
            "version": models.Application.objects.get(pk=application.pk).version,
            "answer_version": 0,
            "outcome": "complete",
            "text": "Подайте заяву за місцем проживання.",
            "step": "letter",
        },
    )
    assert sent.status_code == 303
    application.refresh_from_db()
    assert application.state == "completed"


def test_a_month__needs_no_superuser(month: Month) -> None:
    month.clock.move_to(NOW, tick=False)
    agency = begin(month)

    held, moved, declined = (month.files(FIRST_THURSDAY + n * HALF_HOUR) for n in range(3))
    confirm(month, held)
    later = FIRST_THURSDAY + WEEK
    month.does(
        "moderator",
        "applications:propose",
        moved.public_id,
        version=moved.version,
        start=later.isoformat(),
        reason="Нарада.",
        step="confirm",
    )
    answer("accept", moved.proposals.get())
    month.does(
        "moderator",
        "applications:decline",
        declined.public_id,
        version=declined.version,
        words="Не до нас.",
        step="decline",
    )
    conclude(month, held)
    moved.refresh_from_db()
    conclude(month, moved)

    month.at(FIRST_THURSDAY + WEEK + timedelta(days=1))
    touched = month.files(FIRST_THURSDAY + 2 * WEEK)
    confirm(month, touched)
    absence = {"official": touched.official_id, "reason": "відрядження"} | {
        "start": "2026-12-17 09:00",
        "end": "2026-12-17 18:00",
    }
    add = reverse("videoreception_absences:add")
    shown = Page(month.client("moderator").post(add, absence))
    chosen = shown.form("what-changes").hidden() | {
        f"touched-{touched.public_id}": "propose",
        "touched-why": "Відрядження.",
        "touched-step": "apply",
    }
    assert month.client("moderator").post(add, chosen).status_code == 302
    assert models.Proposal.objects.get(application=touched).reason == "Відрядження."

    facts = {
        "about": touched.number,
        "surname": touched.citizen.last_name,
        "day": f"{touched.start:%Y-%m-%d}",
    }
    found = month.client("support").post(reverse("videoreception_help_desk:index"), facts)
    assert found.status_code == 302

    month.at(NOW + timedelta(days=30))
    month.does("portal", "moderators:add", agency=agency.pk, user_name="next_head")
    former = models.AgencyModerator.objects.get(user__username="head")
    report = month.sees("head", "reports:index", first="2026-11-23", last="2026-12-22")
    assert "Міністерство прикладів" in report.text
    saved = month.client("head").post(
        reverse("videoreception_reports:export"),
        {"export-kind": "list", "export-format": "csv", "export-reason": "Для звіту про роботу"},
    )
    assert (saved.status_code, models.Export.objects.count()) == (200, 1)
    month.does("portal", "moderators:delete", former.pk)
    assert "next_head" in month.sees("portal", "moderators:index").text

    centre = request_access(request_for_access(), captcha=solved_captcha(), now=timezone.now())
    month.does("portal", "centres:request", centre.public_id, act="grant", code="YAV-1")
    month.sees("portal", "integrations:index")
    month.sees("portal", "sign_in_cases:index")
    assert not get_user_model().objects.filter(is_superuser=True).exists()
