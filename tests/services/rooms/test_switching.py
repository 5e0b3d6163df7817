"""A conference that fails at the hour: the reception goes on in the other one, nobody is invited again."""

from typing import Any

import pytest

from diia_videoreception import errors
from diia_videoreception.models import JournalRecord, Letter, Reception, Room
from diia_videoreception.rules.rooms import Phase
from diia_videoreception.services.rooms import ending, entering, inviting, presence, switching
from tests.harness.clock import NOW
from tests.steps.conferences import SERVED, Served
from tests.steps.letters import render
from tests.steps.rooms import Meeting, make_meeting, own_room

pytestmark = pytest.mark.any_database

PROGRAM = {"BACKEND": "integrations.conference.external.ExternalProgram"}


@pytest.fixture
def meeting(served: Any, settings: Any) -> Meeting:
    """On a server that is down, with the own room in reserve; everybody may sign in."""
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "CONFERENCE": {
            "default": SERVED,
            "own": own_room()["default"],
            "program": PROGRAM,
        }
    }
    made = make_meeting()
    _reserve(made, "own")
    Served.is_down = True
    return made


def _reserve(meeting: Meeting, alias: str) -> None:
    agency = meeting.application.official.agency
    agency.spare_conference = alias
    agency.save()


def switch(meeting: Meeting, visitor: Any = None, away_from: str = "default") -> str:
    return switching.switch(
        visitor=visitor or meeting.official,
        public_id=meeting.public_id,
        away_from=away_from,
        now=NOW,
    )


def enter(meeting: Meeting, visitor: Any) -> entering.Entered:
    return entering.enter(visitor=visitor, public_id=meeting.public_id, window="w1", now=NOW)


def try_in_vain(meeting: Meeting, *visitors: Any) -> None:
    for visitor in visitors:
        with pytest.raises(errors.ConferenceDown):
            enter(meeting, visitor)


def test_switch__leads_both_into_the_other_conference_and_tells_both_by_letter(
    meeting: Meeting,
) -> None:
    try_in_vain(meeting, meeting.official)
    assert enter(meeting, meeting.citizen).phase is Phase.WAITING

    assert switch(meeting) == "own"

    entered = enter(meeting, meeting.official)
    assert (entered.phase, entered.engine, entered.conference) == (Phase.ADMITTED, "own", "own")
    assert enter(meeting, meeting.citizen).engine == "own"
    kinds = Letter.objects.values_list("kind", flat=True)
    assert sorted(kinds) == ["official_switched", "switched"]
    record = JournalRecord.objects.get(act="reception.switch_conference")
    assert record.details == {"from": "default", "to": "own"}


def test_letters_of_a_switch__say_where_it_goes_on(meeting: Meeting) -> None:
    _reserve(meeting, "program")
    try_in_vain(meeting, meeting.official)
    switch(meeting)
    meeting.application.refresh_from_db()
    reception = meeting.application.reception
    reception.refresh_from_db()
    citizen, official = (
        render(Letter.objects.get(kind=kind)) for kind in ("switched", "official_switched")
    )
    assert reception.login in citizen.text
    assert reception.password not in citizen.text
    assert "програмі установи" in official.text
    for letter in (citizen, official):
        assert letter.subject.startswith("Інший відеозв’язок:")


def test_switch__of_a_room_that_is_not_open_asks_nobody_outside(meeting: Meeting) -> None:
    try_in_vain(meeting, meeting.official)
    switch(meeting)
    Served.is_down = False
    enter(meeting, meeting.citizen)
    meeting.meet()
    ending.end(visitor=meeting.official, public_id=meeting.public_id, now=NOW)
    Served.reset()
    with pytest.raises(errors.RoomClosed):
        switch(meeting, away_from="own")
    assert Served.asked == []


def test_switch__overtaken_by_the_end_leaves_no_room_behind(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    try_in_vain(meeting, meeting.official)
    switch(meeting)
    Served.reset()
    meeting.meet()
    made = Served.ensure_room

    def ends_meanwhile(self: Served, place: Any) -> None:
        made(self, place)
        ending.end(visitor=meeting.official, public_id=meeting.public_id, now=NOW)

    monkeypatch.setattr(Served, "ensure_room", ends_meanwhile)
    with pytest.raises(errors.RoomClosed):
        switch(meeting, away_from="own")
    assert [what for what, _ in Served.asked] == ["ensure_room", "close"]


def test_end__takes_down_the_conference_to_which_it_was_switched_meanwhile(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A moderator switches while the official ends."""
    _begin_in_the_own_room(meeting)
    meeting.meet()
    found = ending.staff_room

    def switched_meanwhile(*args: Any, **kwargs: Any) -> Any:
        Reception.objects.update(conference="default")
        Room.objects.update(conference="default")
        return found(*args, **kwargs)

    monkeypatch.setattr(ending, "staff_room", switched_meanwhile)
    ending.end(visitor=meeting.official, public_id=meeting.public_id, now=NOW)
    assert [what for what, _ in Served.asked] == ["close"]


def test_switch_while_the_server_lets_in__takes_down_what_that_made_anew(meeting: Meeting) -> None:
    Served.is_down = False
    meeting.meet()
    Served.reset()
    Served.meanwhile = lambda: switch(meeting)
    enter(meeting, meeting.citizen)
    assert [what for what, _ in Served.asked] == ["join", "close", "close"]


def test_switch__is_heard_by_pages_that_are_there(meeting: Meeting) -> None:
    enter(meeting, meeting.citizen)
    try_in_vain(meeting, meeting.official)
    switch(meeting)
    news = presence.poll(
        visitor=meeting.citizen,
        public_id=meeting.public_id,
        report=presence.Report(window="w1"),
        now=NOW,
    )
    assert news.seats.room.conference == "own"


def test_switch_pressed_twice__does_not_lead_back(meeting: Meeting) -> None:
    """The official and a moderator press at once."""
    Served.is_down = False
    meeting.meet()
    assert switch(meeting) == switch(meeting, meeting.moderator) == "own"
    assert JournalRecord.objects.filter(act="reception.switch_conference").count() == 1


def test_switch__leads_back_when_it_is_asked_to(meeting: Meeting) -> None:
    try_in_vain(meeting, meeting.official)
    switch(meeting)
    Served.is_down = False
    assert switch(meeting, away_from="own") == "default"
    assert enter(meeting, meeting.official).engine == "janus"


def test_switch_to_a_program__gives_a_login_and_says_so_on_the_page(meeting: Meeting) -> None:
    _reserve(meeting, "program")
    enter(meeting, meeting.citizen)
    try_in_vain(meeting, meeting.official)

    assert switch(meeting) == "program"

    meeting.application.refresh_from_db()
    reception = meeting.application.reception
    reception.refresh_from_db()
    assert reception.login
    assert reception.password
    for visitor in (meeting.citizen, meeting.official):
        assert enter(meeting, visitor).phase is Phase.MOVED
    news = presence.poll(
        visitor=meeting.citizen,
        public_id=meeting.public_id,
        report=presence.Report(window="w1"),
        now=NOW,
    )
    assert news.phase is Phase.MOVED


def test_switch__to_one_that_is_down_too_changes_nothing(meeting: Meeting) -> None:
    try_in_vain(meeting, meeting.official)
    switch(meeting)
    with pytest.raises(errors.ConferenceDown):
        switch(meeting, away_from="own")
    assert enter(meeting, meeting.official).engine == "own"


@pytest.mark.parametrize("alias", ["", "default", "gone"])
def test_switch__without_another_conference_is_refused(meeting: Meeting, alias: str) -> None:
    _reserve(meeting, alias)
    try_in_vain(meeting, meeting.official)
    with pytest.raises(errors.NoOtherConference):
        switch(meeting)


def test_switch__is_for_staff_of_the_reception_only(meeting: Meeting) -> None:
    try_in_vain(meeting, meeting.official)
    for visitor in (meeting.citizen, make_meeting().official):
        with pytest.raises(errors.NotFound):
            switch(meeting, visitor)


def test_three_invited__are_received_in_the_larger_conference_from_the_start(
    meeting: Meeting,
) -> None:
    _begin_in_the_own_room(meeting)
    _invite(meeting, 2)
    assert _conference(meeting) == "own"

    _invite(meeting, 1)

    assert _conference(meeting) == "default"
    assert enter(meeting, meeting.official).engine == "janus"
    assert not Letter.objects.filter(kind="switched").exists()
    record = JournalRecord.objects.get(act="reception.switch_conference")
    assert record.details == {"from": "own", "to": "default"}


def test_guests_invited_in_the_call__do_not_tear_it_apart(meeting: Meeting) -> None:
    _begin_in_the_own_room(meeting)
    meeting.meet()
    _invite(meeting, 4)
    assert _conference(meeting) == "own"


def test_guests__do_not_lead_out_of_the_browser(meeting: Meeting) -> None:
    _begin_in_the_own_room(meeting)
    agency = meeting.application.official.agency
    agency.conference, agency.spare_conference = "own", "program"
    agency.save()
    _invite(meeting, 4)
    assert _conference(meeting) == "own"


def test_room__follows_the_conference_of_a_moved_reception(meeting: Meeting) -> None:
    Served.is_down = False
    enter(meeting, meeting.official)
    Reception.objects.update(conference="own")
    assert enter(meeting, meeting.official).conference == "own"
    assert meeting.room.conference == "own"


def _begin_in_the_own_room(meeting: Meeting) -> None:
    Served.is_down = False
    Reception.objects.update(conference="own")


def _invite(meeting: Meeting, count: int) -> None:
    for number in range(count):
        inviting.invite(
            visitor=meeting.official,
            public_id=meeting.public_id,
            role="interpreter",
            name=f"Гість {number}",
            now=NOW,
        )


def _conference(meeting: Meeting) -> str:
    meeting.room.refresh_from_db()
    reception = Reception.objects.get(application=meeting.application)
    assert meeting.room.conference == reception.conference
    return str(reception.conference)
