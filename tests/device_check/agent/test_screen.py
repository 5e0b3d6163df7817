"""«Робочі місця» in Wagtail's admin: for superusers, in words (B-72)."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from device_check.models import Workplace
from device_check.protocol import read_report
from device_check.services import workplaces
from device_check.services.workplaces import take_report
from device_check.workplace_screens import WorkplacesViewSet
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.workplaces import KeyFolder, Seat, enrolled, report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

INDEX = "device_check_workplaces:index"


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("chief", password="p"))
    return client


@pytest.fixture
def moderator() -> Client:
    user = get_user_model().objects.create_user("moderator", password="p", is_staff=True)
    user.user_permissions.set(Permission.objects.all())
    client = Client()
    client.force_login(user)
    return client


def page_text(client: Client, **query: Any) -> str:
    return str(client.get(reverse(INDEX), query).content.decode())


def row_of(client: Client, label: str) -> str:
    (row,) = (row for row in Page(page_text(client)).texts("tr") if label in row)
    return row


def heard(label: str, *, seq: int = 1, **changed: Any) -> Seat:
    seat = enrolled(label=label)
    take_report(
        public_key=seat.keys.public, seq=seq, report=read_report(report(**changed)), now=NOW
    )
    return seat


def device(*problems: str, present: bool | None = True) -> dict[str, Any]:
    return {"present": present, "problems": list(problems), "measures": {}}


def test_list__says_what_is_wrong_in_words(admin: Client) -> None:
    heard("Справна")
    heard(
        "Несправна",
        camera=device("too_dark", "covered"),
        microphone=device("no_device", present=False),
        skew_seconds=-300.0,
        rtt_ms=2500.0,
    )
    heard("Без мікрофона", microphone=device(present=None))

    assert "Усе гаразд" in row_of(admin, "Справна")
    wrong = row_of(admin, "Несправна")
    for words in (
        "Зображення надто темне",
        "Камеру закрито",
        "Мікрофон не під’єднано",
        "Годинник неточний на 5 хвилин",
        "Повільний зв’язок із порталом",
        "2500 мс",
        "Агент: 1.0",
    ):
        assert words in wrong
    assert "Усе гаразд" not in wrong
    assert "Мікрофон не перевірено" in row_of(admin, "Без мікрофона")
    assert "3 робочі місця." in page_text(admin)
    assert "Щось не так: 2." in page_text(admin)
    assert "Справна" not in page_text(admin, show="troubled")
    assert "Несправна" in page_text(admin, show="troubled")


def test_list__knows_who_is_silent_and_who_has_never_reported(
    admin: Client, time_machine: Any
) -> None:
    heard("Мовчить", every=60)
    heard("Звітує", every=300)
    enrolled(label="Нова")
    workplaces.create_workplace(label="Очікувана", site_code="К", kind="desk", now=NOW)
    gone = heard("Відкликана", camera=device("covered"))
    workplaces.revoke(public_id=gone.workplace.public_id, now=NOW)

    time_machine.move_to(NOW + timedelta(seconds=180), tick=False)
    assert "Немає звітів" not in page_text(admin)
    time_machine.move_to(NOW + timedelta(seconds=181), tick=False)

    silent = row_of(admin, "Мовчить")
    assert "Немає звітів" in silent
    assert "Усе гаразд" not in silent
    assert "Усе гаразд" in row_of(admin, "Звітує")
    assert "Ще жодного звіту" in row_of(admin, "Нова")
    assert "Очікує на реєстрацію" in row_of(admin, "Очікувана")
    revoked = row_of(admin, "Відкликана")
    assert "відкликан" in revoked
    assert not {"Немає звітів", "Камеру закрито", "Усе гаразд"} & set(re.split("  +", revoked))


def test_list__is_empty_or_has_pages(admin: Client) -> None:
    assert "Робочих місць ще немає" in page_text(admin)
    for number in range(21):
        workplaces.create_workplace(label=f"Каса {number:02}", site_code="К", kind="desk", now=NOW)

    assert "Каса 19" in page_text(admin)
    assert "Каса 20" not in page_text(admin)
    assert "Каса 20" in page_text(admin, p=2)
    assert "Каса 20" in page_text(admin, p="99")


def test_add__then_a_code_that_is_shown_once(
    admin: Client, settings: Any, key_folder: KeyFolder
) -> None:
    settings.DEVICE_CHECK = {
        "REPORTS": {"ENDPOINT": "tcp://127.0.0.1:5571", "KEYS": str(key_folder.path)}
    }
    form = {"label": "Каса <1>", "site_code": "КИЇВ-1", "kind": "kiosk"}
    response = admin.post(reverse("device_check_workplaces:add"), form)
    workplace = Workplace.objects.get()
    page = reverse("device_check_workplaces:code", args=[workplace.public_id])
    assert response["Location"] == page
    assert (workplace.label, workplace.status) == ("Каса <1>", "invited")

    asked = admin.get(page).content.decode()
    assert "Каса <1>" in Page(asked).text
    shown = admin.post(page)
    [code] = [text for text in Page(shown).texts("strong code") if len(text) == 14]

    assert "no-store" in shown["Cache-Control"]
    assert f"enrol --portal http://testserver{reverse('device_check:enrol')}" in (
        shown.content.decode()
    )
    for again in (asked, admin.get(page).content.decode(), page_text(admin)):
        assert code not in again
    assert workplaces.enrol(code=code, public_key="0" * 40, now=NOW) == workplace


def test_add__names_what_is_missing(admin: Client) -> None:
    response = admin.post(reverse("device_check_workplaces:add"), {"kind": "spaceship"})

    assert response.status_code == 422
    assert response.content.decode().count("error-message") >= 3
    assert not Workplace.objects.exists()


def test_without_the_setting__the_screen_says_so(admin: Client, settings: Any) -> None:
    settings.DEVICE_CHECK = {}

    assert "Портал ще не приймає звітів" in page_text(admin)


def test_revoke__asks_first(admin: Client) -> None:
    seat = enrolled(label="Каса 7")
    page = reverse("device_check_workplaces:revoke", args=[seat.workplace.public_id])

    asked = admin.get(page).content.decode()
    assert "Каса 7" in asked
    assert "перестануть прийматися одразу" in asked
    assert seat.fresh().status == "active"

    assert "відкликано" in admin.post(page, follow=True).content.decode()
    assert (seat.fresh().status, seat.fresh().revoked_at) == ("revoked", NOW)
    assert "тим часом змінилося" in admin.post(page, follow=True).content.decode()


def test_others__see_and_change_nothing(moderator: Client) -> None:
    seat = enrolled(label="Таємна каса")
    key = [seat.workplace.public_id]
    before = list(Workplace.objects.values_list())
    addresses = [
        reverse(
            f"device_check_workplaces:{pattern.name}",
            args=key if "<" in str(pattern.pattern) else [],
        )
        for pattern in WorkplacesViewSet().get_urlpatterns()
    ]
    assert len(addresses) == 4
    addresses.append(reverse("device_check_workplaces:revoke", args=[uuid.uuid4()]))

    form = {"label": "Чужа", "site_code": "К", "kind": "desk"}
    for address in addresses:
        for client, home in ((moderator, reverse("wagtailadmin_home")), (Client(), "/login/")):
            for response in (client.get(address), client.post(address, form)):
                assert response.status_code == 302
                assert home in response["Location"]
    assert list(Workplace.objects.values_list()) == before
    assert reverse(INDEX) not in moderator.get("/admin/").content.decode()
