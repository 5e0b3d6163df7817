"""A reception by Janus: three people on the same page, and a server that dies in the call."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from diia_videoreception.models import Participant
from integrations.conference.base import Entry, Meeting
from integrations.conference.janus import JanusOptions, JanusRoom
from tests.steps.in_room import Person, Reception, judge
from tests.steps.janus import UNAUTHORIZED, Server, browser, in_an_hour, janus
from tests.steps.rooms import own_room

# A page of somebody's own that asks for recording while it joins.
RECORDS = """
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  const words = JSON.parse(data);
  if (words.body?.ptype === "publisher") {
    Object.assign(words.body, { request: "joinandconfigure", record: true, filename: "%s" });
  }
  return send.call(this, JSON.stringify(words));
};
"""


@pytest.fixture
def server(
    reception: Reception, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    """The agency's receptions are held in rooms of Janus."""
    signed = JanusRoom._token

    def until_later(self: JanusRoom, until: datetime) -> str:
        return signed(self, in_an_hour())

    monkeypatch.setattr(JanusRoom, "_token", until_later)
    with janus(tmp_path) as running:
        settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
            "CONFERENCE": {"default": running.conference}
        }
        yield running


def see_each_other(*people: Person) -> None:
    for person in people:
        person.is_connected(len(people) - 1)
        person.sees_frames_advance()
        person.hears_a_tone()


def _listens_until_put_out(reception: Reception, server: Server) -> None:
    """A page of somebody's own may hear the others while it is in, and not a moment longer."""
    application, room = reception.application, JanusRoom(JanusOptions(**server.options))
    meeting = Meeting(application.public_id, application.start, application.end)
    others = [
        Entry(meeting, one.public_id, one.session)
        for one in Participant.objects.filter(room__application=application)
    ]
    own = Entry(meeting, uuid.uuid4(), 1)
    with browser(room, own) as page:
        page.begin()
        heard = page.join()["publishers"][0]["id"]
        assert page.listen(heard)["videoroom"] == "attached"
        room.dismiss(own, others=lambda: others)
        assert page.listen(heard)["error_code"] == UNAUTHORIZED


def test_three_people__meet_and_write_and_nothing_is_recorded(
    server: Server, arrive: Callable[..., Person], reception: Reception
) -> None:
    heard = server.folder / "heard"
    citizen = arrive("citizen", script=RECORDS % heard)
    official = arrive("official")
    moderator = arrive("moderator")
    official.enter()
    citizen.enter()
    citizen.heading("Посадова особа скоро приєднається")
    official.press("Впустити")
    moderator.enter()
    see_each_other(citizen, official, moderator)

    _listens_until_put_out(reception, server)

    # Text, letter by letter, reaches both others.
    citizen.page.get_by_label("Ви пишете").press_sequentially("Ґанок")
    for person in (official, moderator):
        expect(person.page.locator(".is-live [data-part=words]")).to_have_text("Ґанок")
    citizen.page.get_by_label("Ви пишете").press("Enter")
    expect(moderator.page.get_by_role("log")).to_contain_text("Ґанок")

    # Who reloads is back; who leaves is gone for the others.
    moderator.page.reload()
    see_each_other(citizen, official, moderator)
    moderator.press("Вийти з кімнати")
    see_each_other(citizen, official)
    assert not list(server.folder.rglob("*.mjr"))


def test_janus_killed_in_a_call__comes_back_by_itself(
    server: Server, arrive: Callable[..., Person]
) -> None:
    citizen, official = arrive("citizen"), arrive("official")
    official.enter()
    citizen.enter()
    official.press("Впустити")
    see_each_other(citizen, official)

    for person in (citizen, official):
        person.browsing.expect("503 for")
    server.kill()
    for person in (citizen, official):
        notice = person.page.get_by_text("Відеосервер не відповідає.").locator("visible=true")
        expect(notice.first).to_be_visible()

    server.start()
    see_each_other(citizen, official)
    for person in (citizen, official):
        notice = person.page.get_by_text("Відеосервер не відповідає.").locator("visible=true")
        expect(notice).to_have_count(0)


def test_janus_that_stays_dead__gives_way_to_the_own_room_by_one_button(
    server: Server, arrive: Callable[..., Person], reception: Reception, settings: Any
) -> None:
    conferences = {
        "program": {"BACKEND": "integrations.conference.external.ExternalProgram"},
        "default": server.conference,
        "own": own_room(direct=True, turn_urls=[])["default"],
    }
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": conferences}
    agency = reception.application.official.agency
    agency.spare_conference = "own"
    agency.save(update_fields=["spare_conference"])
    citizen, official = arrive("citizen"), arrive("official")
    for person in (citizen, official):
        person.browsing.expect("503 for")
    server.kill()
    official.enter()
    citizen.enter()
    citizen.heading("Посадова особа скоро приєднається")

    judge(official)
    official.press("Перейти на інший відеозв’язок")
    official.press("Впустити")
    see_each_other(citizen, official)
    citizen.is_told("Посадова особа перейшла на інший відеозв’язок.")

    # What is left is the program: both pages say so, and the application how to join there.
    agency.conference = "program"
    agency.save(update_fields=["conference"])
    official.press("Перейти на інший відеозв’язок")
    for person in (citizen, official):
        person.heading("Прийом триває у програмі установи")
    judge(citizen)
    citizen.page.get_by_role("link", name="До заявки").locator("visible=true").click()
    expect(citizen.page.get_by_role("heading", name="Як зайти на прийом")).to_be_visible()
    expect(citizen.button("Показати пароль")).to_be_visible()
