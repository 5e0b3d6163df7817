"""What works once, wanted twice at the same moment: a link, a code, an objection, a change of the conference."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from diia_videoreception.models import JournalAct, JournalRecord, Letter, Objection, Reception
from diia_videoreception.selectors.rooms.guests import invitation_of_browser
from diia_videoreception.selectors.rooms.seats import Visitor
from diia_videoreception.services.accounts import second_factor
from diia_videoreception.services.booking.objections import object_to_outcome
from diia_videoreception.services.rooms import inviting, switching
from tests.factories import ApplicationFactory, CitizenFactory, signed_in
from tests.harness.clock import NOW
from tests.steps.conferences import SERVED
from tests.steps.rooms import Meeting, make_meeting, own_room
from tests.steps.second_factor import begun, code_of, with_app

AtOnce = Callable[..., list[object]]
ROUNDS = 5


@pytest.fixture
def meeting(served: Any, settings: Any) -> Meeting:
    """On a server, with the own room in reserve."""
    conferences = {"default": SERVED, "own": own_room()["default"]}
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": conferences}
    made = make_meeting()
    agency = made.application.official.agency
    agency.spare_conference = "own"
    agency.save()
    return made


@pytest.fixture
def user(transactional_db: None) -> Any:
    return get_user_model().objects.create_user("official", "official@example.gov.ua")


def records(act: JournalAct) -> int:
    return JournalRecord.objects.filter(act=act).count()


def test_two_browsers__accept_one_link(at_once: AtOnce, meeting: Meeting) -> None:
    for turn in range(1, ROUNDS + 1):
        invitation, secret = inviting.invite(
            visitor=meeting.official, public_id=meeting.public_id, role="interpreter",
            name="Руденко Павло", now=NOW,
        )  # fmt: skip

        def accept(
            name: str, link: Any = invitation.public_id, secret: str = secret
        ) -> tuple[str, str]:
            came = inviting.accept(
                invitation=link, secret=secret, key=f"{name:x<32}", role="interpreter", name=name,
                now=NOW,
            )  # fmt: skip
            return name, came.token

        outcomes = at_once(accept, ["Руденко Павло", "Хтось інший"])

        (came,) = (one for one in outcomes if isinstance(one, tuple))
        assert [one for one in outcomes if one != came] == ["link_spent"]
        found = invitation_of_browser(invitation.public_id, came[1])
        assert found is not None
        assert (found.name, found.tried_at) == (came[0], NOW)
        assert records(JournalAct.ACCEPT_INVITATION) == turn
        assert records(JournalAct.REFUSE_BROWSER) == turn


def test_two_windows__give_one_code_of_the_phone(at_once: AtOnce, user: Any) -> None:
    device = with_app(user)
    code = code_of(device)

    def verify(_: int) -> object:
        return second_factor.verify(user, code=code, now=NOW).pk

    outcomes = at_once(verify, range(2))

    assert sorted(outcomes, key=str) == [device.pk, "code_repeated"]


def test_two_windows__give_one_recovery_code(at_once: AtOnce, user: Any) -> None:
    app = begun(user)
    _, codes = second_factor.confirm(user, device_id=app.pk, code=code_of(app), now=NOW)
    for turn, code in enumerate(codes[:ROUNDS], 1):

        def verify(_: int, code: str = code) -> str:
            second_factor.verify_recovery(user, code=code, now=NOW)
            return "verified"

        outcomes = at_once(verify, range(2))

        assert sorted(map(str, outcomes)) == ["recovery_code_wrong", "verified"]
        assert records(JournalAct.USE_RECOVERY_CODE) == turn
        sheet = second_factor.recovery_devices().get(user_id=user.pk)
        assert sheet.token_set.count() == len(codes) - turn
        # The wrong one lets wait, as it should.
        sheet.throttle_reset()


def test_a_citizen_in_two_tabs__objects_once(at_once: AtOnce, transactional_db: None) -> None:
    for turn in range(1, ROUNDS + 1):
        citizen = signed_in(CitizenFactory())
        noted = ApplicationFactory(
            citizen=citizen.citizen,
            state="citizen_absent",
            decided_at=NOW - timedelta(hours=1),
            start=NOW - timedelta(hours=2),
        )

        def object_to(text: str, public_id: Any = noted.public_id, actor: Any = citizen) -> str:
            object_to_outcome(actor=actor, public_id=public_id, text=text, now=NOW)
            return text

        outcomes = at_once(object_to, ["Я була.", "Я чекала."])

        (kept,) = Objection.objects.filter(application=noted)
        assert sorted(map(str, outcomes)) == sorted([kept.text, "wrong_state"])
        assert records(JournalAct.OBJECT) == turn


def test_official_and_moderator__switch_at_once_and_it_is_done_once(
    at_once: AtOnce, meeting: Meeting
) -> None:
    meeting.meet()
    for turn, (away_from, to) in enumerate([("default", "own"), ("own", "default")] * 3, 1):

        def switch(visitor: Visitor, away_from: str = away_from) -> str:
            return switching.switch(
                visitor=visitor, public_id=meeting.public_id, away_from=away_from, now=NOW
            )

        outcomes = at_once(switch, [meeting.official, meeting.moderator])

        assert outcomes == [to, to]
        assert records(JournalAct.SWITCH_CONFERENCE) == turn
        assert Letter.objects.filter(kind=Letter.Kind.SWITCHED).count() == turn
        assert Reception.objects.get().conference == meeting.room.conference == to
