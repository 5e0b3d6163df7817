"""How many statements an act takes: throttle, session, authentication, proof, BEGIN and COMMIT among them.

The counts are exact, so that one more is noticed and one less is written down. The connection is warm
and the cache outside the database, as docs/install.md has it for production; the citizen is known.
SQLite takes as many as PostgreSQL.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from diia_videoreception.models import Application, Citizen, Draft, Occupancy
from diia_videoreception.services.booking import holds
from tests.factories import ConsentAcceptanceFactory, ScheduleRuleFactory, signed_in
from tests.harness import portal
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.harness.kept import ROOT
from tests.steps import people
from tests.steps.api import API, identity
from tests.steps.application import checked, url, write_draft
from tests.steps.inspection import examine_inside
from tests.steps.moderation import decide, moderator_of
from tests.steps.samples import png

HALF_HOUR = timedelta(minutes=30)
Act = Callable[[], Any]


class Scene:
    """One official, and a citizen who is known, with a program and a browser."""

    def __init__(self) -> None:
        self.official = ScheduleRuleFactory().official
        self.program, self.citizen = self.new_program(0)
        self.browser = Client()
        people.sign_in(self.browser, self.citizen)
        self.moderator = moderator_of(self.official.agency)

    def new_program(self, number: int) -> tuple[APIClient, Citizen]:
        program = APIClient()
        token = portal.access_token(identity(number), now=NOW)
        program.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        program.get(f"{API}/applications")
        citizen = Citizen.objects.latest("pk")
        Citizen.objects.filter(pk=citizen.pk).update(phone="+380671234567")
        ConsentAcceptanceFactory(citizen=citizen)
        return program, citizen

    def send(self, method: str, path: str, body: object = None, **how: Any) -> Act:
        """A write of the program, with an Idempotency-Key."""
        how.setdefault("format", "json")
        write = getattr(self.program, method)
        return lambda: write(f"{API}{path}", body, headers={"Idempotency-Key": "key"}, **how)

    def wanted(self, start: datetime = START) -> dict[str, object]:
        return {"official": self.official.pk, "start": start.isoformat()}

    def held(self, citizen: Citizen | None = None) -> Occupancy:
        return holds.reserve(
            actor=signed_in(citizen or self.citizen),
            official_id=self.official.pk,
            start=START,
            captcha=solved_captcha(),
            now=NOW,
        )

    def written(self) -> Draft:
        self.held()
        draft = write_draft(signed_in(self.citizen))
        for name in ("a.png", "b.png"):
            file = SimpleUploadedFile(name, png())
            self.program.post(f"{API}/draft/documents", {"file": file}, format="multipart")
        return draft

    def filed(self) -> Application:
        body = {"draft": str(self.written().token), "captcha": solved_captcha()}
        self.program.post(f"{API}/applications", body, format="json")
        return Application.objects.get()

    def confirmed(self) -> Application:
        return decide("confirm", self.filed(), self.moderator)


def hold(scene: Scene) -> Act:
    return scene.send("post", "/holds", scene.wanted() | {"captcha": solved_captcha()})


def hold_what_is_taken(scene: Scene) -> Act:
    scene.held(scene.new_program(1)[1])
    return hold(scene)


def move_a_hold(scene: Scene) -> Act:
    token = scene.held().token
    return scene.send("patch", f"/holds/{token}", scene.wanted(START + HALF_HOUR))


def release(scene: Scene) -> Act:
    return scene.send("delete", f"/holds/{scene.held().token}")


def upload(scene: Scene) -> Act:
    write_draft(signed_in(scene.citizen))
    file = {"file": SimpleUploadedFile("a.png", png())}
    return scene.send("post", "/draft/documents", file, format="multipart")


def file(scene: Scene) -> Act:
    body = {"draft": str(scene.written().token), "captcha": solved_captcha()}
    return scene.send("post", "/applications", body)


def cancel(scene: Scene) -> Act:
    return scene.send("post", f"/applications/{scene.filed().public_id}/cancellation", {})


def hold_on_the_page(scene: Scene) -> Act:
    fields = {"official": scene.official.pk, "time": START.isoformat(), "altcha": solved_captcha()}
    return lambda: scene.browser.post(url("reserve"), fields)


def file_on_the_page(scene: Scene) -> Act:
    scene.written()
    fields = checked(scene.browser)
    return lambda: scene.browser.post(url("submit"), fields)


def confirm(scene: Scene) -> Act:
    application = scene.filed()
    return lambda: decide("confirm", application, scene.moderator)


def move(scene: Scene) -> Act:
    application = scene.confirmed()
    later = START + HALF_HOUR
    return lambda: decide("confirm_other_time", application, scene.moderator, start=later)


IN_THE_MANUAL = {
    hold: "hold through the API",
    hold_what_is_taken: "hold of a time that is taken",
    move_a_hold: "move a hold",
    release: "release a hold",
    upload: "upload a document",
    file: "file with two documents through the API",
    cancel: "cancel through the API",
    hold_on_the_page: "hold on the page",
    file_on_the_page: "file on the page",
    confirm: "confirm (the act alone)",
    move: "move to another time (the act alone)",
}
STATEMENTS = {
    hold: 14,
    hold_what_is_taken: 7,
    move_a_hold: 15,
    release: 12,
    upload: 12,
    file: 30,
    cancel: 22,
    hold_on_the_page: 17,
    file_on_the_page: 31,
    confirm: 17,
    move: 29,
}


def test_table_of_statements__says_what_is_counted() -> None:
    manual = (ROOT / "docs/performance.md").read_text("utf-8")
    _, found, table = manual.partition("| Act | before | now |\n|---|---:|---:|\n")
    assert found
    rows = re.findall(r"^\| (.+) \| \d+ \| (\d+) \|$", table.partition("\n\n")[0], re.MULTILINE)

    assert dict(rows) == {IN_THE_MANUAL[act]: str(count) for act, count in STATEMENTS.items()}


@pytest.fixture
def scene(transactional_db: None, frozen: datetime, monkeypatch: pytest.MonkeyPatch) -> Scene:
    examine_inside(monkeypatch)
    return Scene()


@pytest.mark.parametrize(
    ("act", "count"), STATEMENTS.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_an_act__takes_so_many_statements(
    scene: Scene, act: Callable[[Scene], Act], count: int
) -> None:
    run = act(scene)
    connection.ensure_connection()

    with CaptureQueriesContext(connection) as captured:
        answer = run()

    said = "\n".join(f"{n:3} {one['sql'].strip()[:200]}" for n, one in enumerate(captured, 1))
    refused = 409 if act is hold_what_is_taken else None
    assert getattr(answer, "status_code", 200) < 400 or answer.status_code == refused, (
        answer.content
    )
    assert len(captured) == count, said
