"""The built wheel in a fresh project, put in as docs/install.md says, serves a page and a booking."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import altcha
import pytest
import requests

from integrations.identity.base import IdentifierKind, Identity, Level
from tests.harness import portal, wheel
from tests.harness.fresh_project import FreshProject

pytestmark = pytest.mark.packaging

INSTALL = Path(__file__).parent.parent / "docs" / "install.md"

# What differs from portal to portal: who vouches for the citizens.
THIS_PORTAL = f"""
from .base import DIIA_VIDEORECEPTION as _of_the_manual

DIIA_VIDEORECEPTION = {{**_of_the_manual, "IDENTITY": {{"portal": {portal.PROVIDER!r}}}}}
"""

# What an administrator and an editor enter.
CONTENT = """
from datetime import date, time
from wagtail.models import Site
from cms_pages.models import ServicePage
from diia_videoreception.models import Agency, Official, ScheduleRule, Unit

agency = Agency.objects.create(name="Міністерство прикладів", is_connected=True)
unit = Unit.objects.create(agency=agency, name="Відділ прикладів")
official = Official.objects.create(
    unit=unit, last_name="Коваленко", first_name="Олена", post="начальниця відділу", slot_minutes=30
)
ScheduleRule.objects.create(
    official=official, recurrence="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
    starts=time(9), ends=time(13), valid_from=date(2026, 1, 5),
)
page = ServicePage(
    title="Відеоприйом", slug="service", lead="Запис на прийом", terms="<p>Умови послуги.</p>"
)
Site.objects.get().root_page.add_child(instance=page)
page.save_revision().publish()
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of the portal in which somebody has followed the manual."""
    folder = tmp_path_factory.mktemp("install")
    wheels = wheel.build(folder).parent
    project = FreshProject.start(folder).follow(INSTALL, wheels=wheels)
    (project.folder / "portal" / "settings" / "local.py").write_text(THIS_PORTAL)
    project.python(CONTENT)
    with project.serve() as address:
        yield address


@pytest.fixture(scope="module")
def program(address: str) -> requests.Session:
    """Acts for a citizen with an access token of the portal."""
    now = datetime.now(UTC)
    citizen = Identity(
        provider="portal",
        subject="person-1",
        identifier_kind=IdentifierKind.RNOKPP,
        identifier="2847213605",
        last_name="Мельник",
        first_name="Ірина",
        level=Level.HIGH,
        method="bankid",
        auth_time=now,
        email="citizen@example.com",
    )
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {portal.access_token(citizen, now=now)}"
    return session


def test_service_page(address: str) -> None:
    page = requests.get(f"{address}/service/", headers={"Accept-Language": "uk"})

    assert page.status_code == 200
    assert "Умови послуги." in page.text
    assert "Записатися на прийом" in page.text
    style = requests.get(f"{address}/static/diia_videoreception/css/vr.css")
    assert style.status_code == 200


def test_booking(address: str, program: requests.Session) -> None:
    api = f"{address}/videoreception/api/v1"

    def call(method: str, path: str, **body: Any) -> Any:
        answer = program.request(method, f"{api}/{path}", json=body or None)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:2000]}"
        return answer.json() if answer.content else None

    def proof() -> str:
        challenge = altcha.Challenge.from_dict(call("GET", "captcha"))
        solution = altcha.solve_challenge(challenge)
        assert solution is not None
        return altcha.Payload(challenge, solution).to_base64()

    call("POST", f"terms/{call('GET', 'terms')['results'][0]['id']}/acceptance")
    agency = call("GET", "agencies")["results"][0]
    official = call("GET", f"agencies/{agency['id']}/officials")["results"][0]
    day = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
    times = f"officials/{official['id']}/slots?first={day}&last={day}"
    free = [slot["start"] for slot in call("GET", times)["slots"] if slot["state"] == "free"]
    assert len(free) == 8

    hold = call("POST", "holds", official=official["id"], start=free[0], captcha=proof())
    draft = call("PUT", "draft", topic="Компенсація за догляд", phone="067 123 45 67")
    filed = call("POST", "applications", draft=draft["token"], captcha=proof())

    assert filed["state"] == "submitted"
    assert filed["start"] == hold["start"] == free[0]
    left = [slot["start"] for slot in call("GET", times)["slots"] if slot["state"] == "free"]
    assert left == free[1:]


def test_admin_knows_the_app(address: str) -> None:
    page = requests.get(f"{address}/admin/videoreception_applications/", allow_redirects=False)

    assert page.status_code == 302
    assert page.headers["Location"].startswith("/admin/login/")
