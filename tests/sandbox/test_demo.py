"""What `make demo` promises: content, real sign-in, data that stays, a clean stop."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
import requests
from django.utils import timezone

from integrations.common.levels import Level
from integrations.identity.base import IdentifierKind, IdentityError
from integrations.identity.portal_tokens import PortalTokens, PortalTokensOptions
from integrations.identity.rnokpp import normal_identifier
from sandbox.demo.citizens import CITIZENS, citizen
from tests.harness.demo import Demo, Visitor
from tests.harness.html import Page

COUNTS = """
from django.apps import apps
answer = {m._meta.label: [m.objects.count(), str(m.objects.order_by("-pk").values_list("pk").first())]
          for m in apps.get_models() if m._meta.app_label in
          ("diia_videoreception", "diia_cms_pages", "sandbox", "auth")}
"""


def test_start__prints_the_addresses_and_the_accounts(demo: Demo) -> None:
    assert f"{demo.url}/" in demo.output
    assert "Демонстраційний портал працює / The demonstration portal is running" in demo.output
    for name in ("admin", "editor", "moderator1", "moderator2", "official", "operator", "head1"):
        assert f"    {name} " in demo.output


def test_content__is_as_much_as_promised(demo: Demo) -> None:
    content = demo.ask(
        """
from diia_videoreception.models import *
from diia_videoreception.selectors.booking.catalogue import connected_agencies
from cms_pages.models import ServicePage, InstructionPage
from django.contrib.auth import get_user_model
from diia_videoreception.selectors.booking import availability, catalogue

# The content is that of the day on which it was loaded, also when midnight has passed since.
loaded = get_user_model().objects.earliest("date_joined").date_joined

def is_full(official, now=loaded):
    return availability.whole_calendar(official, citizen=None, now=now).nearest() is None

answer = {
    "full": [o.full_name for o in catalogue.receiving_officials() if is_full(o)],
    "connected": connected_agencies().count(),
    "not_connected": Agency.objects.filter(is_connected=False).count(),
    "high": Agency.objects.filter(minimum_level="high", is_connected=True).count(),
    "working_holidays": Agency.objects.filter(works_on_holidays=True).count(),
    "officials": Official.objects.count(),
    "deepest_unit": Unit.objects.filter(parent__parent__isnull=True, parent__isnull=False).count(),
    "rules": sorted(set(ScheduleRule.objects.values_list("recurrence", flat=True))),
    "exceptions": ScheduleException.objects.count(),
    "absences": Occupancy.objects.filter(kind="absence").count(),
    "holidays": Holiday.objects.filter(date__gt=loaded.date()).count(),
    "moderated": AgencyModerator.objects.values("agency").distinct().count(),
    "states": sorted(set(Application.objects.filter(citizen__last_name="Вербицька")
                         .values_list("state", flat=True))),
    "services": list(ServicePage.objects.live().values_list("title", flat=True)),
    "instructions": InstructionPage.objects.live().count(),
}"""
    )

    assert content["full"] == [], "every official has a free time"
    assert content["connected"] >= 6
    assert content["not_connected"] == 1
    assert content["high"] == 1
    assert content["working_holidays"] >= 2
    assert content["officials"] >= 40
    assert content["deepest_unit"] >= 8
    rules = " ".join(content["rules"])
    assert "FREQ=WEEKLY;BYDAY" in rules
    assert "INTERVAL=2" in rules
    assert "BYDAY=2TU" in rules
    assert content["exceptions"] >= 2
    assert content["absences"] >= 2
    assert content["holidays"] >= 10
    assert content["moderated"] == 2
    assert {"submitted", "confirmed", "declined", "cancelled"} <= set(content["states"])
    assert content["services"] == ["Прийом громадян за допомогою відеозв’язку"]
    assert content["instructions"] == 3


def test_loading_again__changes_nothing(demo: Demo) -> None:
    before, after = demo.ask(
        f"""
from django.core.management import call_command
{COUNTS}
before = answer
call_command("load_demo")
{COUNTS}
answer = before, answer"""
    )

    # What the housekeeping beside the server may add is left out.
    moving = {"diia_videoreception.Letter", "diia_videoreception.JournalRecord"}
    assert len(before) > 20
    assert {name for name in before if before[name] != after[name]} <= moving


def test_four_texts__are_pages_of_the_portal(visitor: Visitor) -> None:
    home = visitor.go("/")
    assert "Кабінет електронних сервісів" in home
    for way in ("pryiom-hromadian/zapys/", "device-check/", "videoreception/cabinet/"):
        assert Page(home).leads_to(f"/{way}")
    about = visitor.go("/pryiom-hromadian/")
    assert "Відеоприйом особливо зручний тим" in about
    registration = visitor.go("/pryiom-hromadian/reiestratsiia/")
    assert "Як отримати електронний підпис" in registration
    booking = visitor.go("/pryiom-hromadian/zapys/")
    assert "Обраний час буде зарезервовано на 15 хвилин." in booking
    assert "Перейти до послуги" in booking
    letters = visitor.go("/pryiom-hromadian/lysty/")
    assert "Пароля в листі немає" in letters
    # The demonstration has no mail server of its own and no passwords of accounts.
    for promise in ("mail.gov.ua", "ЕЦП", "Реєстрація нового користувача"):
        assert promise not in about + registration + booking + letters


def test_guest__signs_in_by_a_real_token_and_comes_back(visitor: Visitor, demo: Demo) -> None:
    visitor.go("/pryiom-hromadian/")
    visitor.send('name="agree"', agree="on")
    assert "/videoreception/sign-in/" in visitor.address
    visitor.send("/sign-in/portal/start/")
    assert "Це не справжній вхід." in visitor.page
    assert visitor.address.startswith(f"{demo.url}/identity/?nonce=")
    visitor.send('name="citizen"', citizen="halyna")
    visitor.send('name="token"')
    assert "Щербань-Їжакевич" in visitor.page
    visitor.send("csrfmiddlewaretoken")

    assert visitor.address == f"{demo.url}/videoreception/choose/"
    assert "Вихід" in visitor.go("/")
    assert "Ви погодилися з" in visitor.go("/pryiom-hromadian/")


def test_identity_page__hands_over_to_this_host_only(demo: Demo) -> None:
    for address in (
        "https://evil.example/",
        f"{demo.url}@evil.example/",
        "//evil.example",
        "",
        "/x",
    ):
        answer = requests.get(f"{demo.url}/identity/", params={"return_url": address}, timeout=30)
        assert answer.status_code == 400, address


def reader(demo: Demo) -> PortalTokens:
    options = PortalTokensOptions(
        issuer=f"{demo.url}/identity",
        audience="diia-videoreception",
        authorize_url=f"{demo.url}/identity/",
        jwks_url=f"{demo.url}/identity/jwks.json",
        allow_http_loopback=True,
    )
    return PortalTokens(options)


def test_portal_token__is_an_access_token_of_the_wanted_level(demo: Demo) -> None:
    person = citizen("taras")
    assert person
    token = demo.manage("portal_token", "--rnokpp", person.identifier, "--level", "high").strip()

    access = reader(demo).read_access(token, timezone.now())

    assert access.identity.last_name == "Гончарук"
    assert access.identity.level is Level.HIGH
    with pytest.raises(IdentityError):
        reader(demo).read_handover(token, timezone.now())


def test_portal_token__fits_without_being_told_the_port(demo: Demo) -> None:
    person = citizen("olena")
    assert person

    token = demo.manage("portal_token", "--rnokpp", person.identifier, finds_port=True).strip()

    answer = requests.get(
        f"{demo.url}/videoreception/api/v1/applications",
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text


def test_refusals__do_not_fill_the_console(demo: Demo) -> None:
    demo.printed_meanwhile()
    refused = [
        requests.get(f"{demo.url}/nowhere/", timeout=30),
        requests.get(f"{demo.url}/videoreception/api/v1/applications", timeout=30),
        requests.post(f"{demo.url}/videoreception/choose/reserve/", timeout=30),
        requests.get(f"{demo.url}/identity/", timeout=30),
    ]

    assert [answer.status_code for answer in refused] == [404, 401, 403, 400]
    printed = demo.printed_meanwhile()
    words = (
        "nowhere",
        "reserve",
        "identity",
        "applications",
        "Traceback",
        "Forbidden",
        "Bad Request",
    )
    assert [word for word in words if word in printed] == [], printed


def test_bare_address__leads_to_the_service(visitor: Visitor, demo: Demo) -> None:
    visitor.go("/videoreception/")

    assert visitor.address == f"{demo.url}/pryiom-hromadian/"


def test_portal_token__of_the_other_kind(demo: Demo) -> None:
    person = citizen("amina")
    assert person
    token = demo.manage("portal_token", "--unzr", person.identifier, "--handover").strip()

    handover = reader(demo).read_handover(token, timezone.now())

    assert handover.identity.identifier == person.identifier
    assert handover.nonce is None


def test_stop_and_second_start__keep_the_data(demo: Demo) -> None:
    children = demo.children()
    database = demo.folder / "portal.sqlite3"
    secrets = (demo.folder / "secrets.json").read_text()

    assert demo.stop() == 0
    assert "Traceback" not in demo.output
    assert children
    assert not any(Path(f"/proc/{pid}").exists() for pid in children), "housekeeping goes on"

    with closing(sqlite3.connect(database)) as connection:
        read = "SELECT number, citizen_id FROM diia_videoreception_application ORDER BY id"
        before = connection.execute(read).fetchall()
        demo.start()
        assert len(before) >= 8
        after = connection.execute(read).fetchall()
        # At most one more: the reception that is placed at each start.
        assert after[: len(before)] == before
        assert len(after) <= len(before) + 1
    assert (demo.folder / "secrets.json").read_text() == secrets


def test_citizens__are_of_every_kind_and_their_numbers_are_valid() -> None:
    assert len(CITIZENS) >= 6
    assert {person.kind for person in CITIZENS} == set(IdentifierKind)
    assert any(person.level is Level.LOW for person in CITIZENS)
    assert any(person.email is None for person in CITIZENS)
    assert len({person.identifier for person in CITIZENS}) == len(CITIZENS)
    for person in CITIZENS:
        identity = person.identity(timezone.now())
        assert normal_identifier(person.kind, identity.identifier) == identity.identifier
        assert isinstance(identity.auth_time, datetime)


def test_a_reception__is_minutes_away_at_each_start(demo: Demo) -> None:
    placed = demo.ask(
        """
from datetime import datetime, timedelta
from django.db import transaction
from diia_videoreception.models import Application
from sandbox.demo.today import TOPIC, place_reception
from sandbox.demo.schedules import ZONE

def facts(application):
    local = application.start.astimezone(ZONE)
    return [application.number, local.isoformat(), application.official.user.username,
            application.state, local.date() == application.end.astimezone(ZONE).date()]

first = Application.objects.filter(topic=TOPIC).latest("pk")
noon = datetime.combine(first.start.date() + timedelta(days=1), datetime.min.time(), ZONE) + timedelta(hours=12)
answer = []
with transaction.atomic():
    for now in (noon, noon + timedelta(minutes=1), noon + timedelta(hours=11, minutes=40)):
        answer.append(facts(place_reception(now=now)))
    # Its folder may be of an earlier run, with a reception of that hour.
    placed = Application.objects.filter(topic=TOPIC, pk__gte=first.pk)
    answer.append(sorted(placed.values_list("state", flat=True)))
    transaction.set_rollback(True)
answer.append(facts(first))
"""
    )

    noon, again, midnight, states, first = placed
    assert noon[1][11:16] == "12:05"
    assert again == noon, "who starts again at once finds the same"
    assert midnight[1][11:16] == "00:00"
    assert [one[2:] for one in (noon, midnight, first)] == [["official", "confirmed", True]] * 3
    assert states == ["completed", "completed", "confirmed"]


def test_start__says_where_to_try_a_reception(demo: Demo) -> None:
    assert "Прийом для проби о" in demo.output
    assert f"official: {demo.url}/videoreception/official/" in demo.output
