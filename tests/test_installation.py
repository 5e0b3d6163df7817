"""The built wheel in a fresh project, put in as docs/install.md says, serves a page and a booking."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import altcha
import pytest
import requests

from tests.harness import wheel
from tests.harness.fresh_project import FreshProject
from tests.harness.html import Page

pytestmark = pytest.mark.packaging

INSTALL = Path(__file__).parent.parent / "docs" / "install.md"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> FreshProject:
    """Of somebody who has followed the manual."""
    built = wheel.build(tmp_path_factory.mktemp("wheel"))
    return FreshProject.follow(INSTALL, folder=tmp_path_factory.mktemp("install"), wheel=built)


@pytest.fixture(scope="module")
def address(project: FreshProject) -> Iterator[str]:
    with project.serve() as address:
        yield address


@pytest.fixture
def browser() -> requests.Session:
    session = requests.Session()
    session.headers["Accept-Language"] = "uk"
    return session


@pytest.fixture
def program(project: FreshProject) -> requests.Session:
    """Acts for a citizen with an access token of the portal, printed as the manual says."""
    token = project.python("from portal.trial_identity import access_token; print(access_token())")
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token.strip()}"
    return session


def hidden(page: requests.Response, name: str) -> str:
    values = set(Page(page).values(name))
    assert len(values) == 1, f"{page.url} {page.status_code}: {name} {values} {page.text[:3000]}"
    return values.pop()


def send(browser: requests.Session, url: str, page: requests.Response, **fields: str) -> Any:
    """Presses the button of a form of ours."""
    fields |= {"csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken")}
    return browser.post(url, fields, headers={"Referer": page.url}, allow_redirects=False)


def test_service_page__is_shown(address: str, browser: requests.Session) -> None:
    page = browser.get(f"{address}/service/")

    assert page.status_code == 200
    assert Page(page).language == "uk"
    assert Page(page).heading == "Відеоприйом"
    assert "Умови послуги." in page.text
    assert "Записатися на прийом" in page.text
    assert "/static/css/portal.css" in page.text, "this is not the portal's own template"
    style = requests.get(f"{address}/static/diia_videoreception/css/vr.css")
    assert style.status_code == 200


def test_sign_in__works(address: str, browser: requests.Session) -> None:
    page = browser.get(f"{address}/service/")
    ticked = send(browser, page.url, page, agree="on", edition=hidden(page, "edition"))
    ways = browser.get(f"{address}{ticked.headers['Location']}")
    sign_in = f"{address}/videoreception/sign-in/portal/start/"
    begun = send(browser, sign_in, ways, next=hidden(ways, "next"))
    # The settings of the manual name the usual port; this server has another one.
    leaving = Page(begun).one("a.vr-button").attribute("href")
    at_portal = urlsplit(leaving or "")
    assert at_portal.path == "/identity/"
    handed = browser.get(f"{address}/identity/?{at_portal.query}")
    action = f"{address}/videoreception/sign-in/portal/return/"
    asked = browser.post(action, {"token": Page(handed).form(action).hidden()["token"]})

    assert "Мельник Ірина" in asked.text
    confirmed = send(browser, asked.url, asked)
    assert confirmed.headers["Location"] == "/videoreception/choose/"
    choose = browser.get(f"{address}/videoreception/choose/")
    assert "Міністерство прикладів" in choose.text
    assert "Ви погодилися з" in browser.get(f"{address}/service/").text


def test_booking__works(
    address: str, program: requests.Session, project: FreshProject, browser: requests.Session
) -> None:
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
    stored = project.python(
        "from diia_videoreception.models import Application; a = Application.objects.get(); "
        "print(a.number, a.topic)"
    )
    assert stored.strip() == f"{filed['number']} Компенсація за догляд"

    login = browser.get(f"{address}/admin/login/")
    send(browser, login.url, login, username="admin", password="trial-password")
    work_list = browser.get(f"{address}/admin/videoreception/applications/")
    assert work_list.status_code == 200
    assert filed["number"] in work_list.text
