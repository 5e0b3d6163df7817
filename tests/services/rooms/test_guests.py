"""Guests of a room: a link for one browser, admitted each time, gone when it is withdrawn."""

import uuid
from datetime import timedelta
from itertools import count

import pytest

from diia_videoreception import errors
from diia_videoreception.models import JournalRecord, Participant, RoomInvitation
from diia_videoreception.rules.rooms import Phase
from diia_videoreception.rules.signals import SignalKind
from diia_videoreception.selectors.rooms.guests import invitation_of_browser
from diia_videoreception.selectors.rooms.seats import Visitor
from diia_videoreception.services.rooms import (
    admitting,
    conversation,
    documents,
    ending,
    entering,
    inviting,
    presence,
    signalling,
)
from tests.harness.clock import NOW
from tests.steps.rooms import Meeting, make_meeting
from tests.steps.samples import png

MINUTE = timedelta(minutes=1)
KEYS = count()
"""Each browser has one of its own."""


def invite(meeting: Meeting, **changes: object) -> tuple[RoomInvitation, str]:
    values: dict[str, object] = {
        "visitor": meeting.official,
        "public_id": meeting.public_id,
        "role": "sign_interpreter",
        "name": "Руденко Павло",
        "now": NOW,
    }
    return inviting.invite(**values | changes)  # type: ignore[arg-type]


def accept(invitation: RoomInvitation, secret: str, **changes: object) -> str:
    values: dict[str, object] = {
        "invitation": invitation.public_id,
        "secret": secret,
        "key": f"{next(KEYS):064}",
        "role": "interpreter",
        "name": "Руденко Павло Ігорович",
        "now": NOW,
    }
    return inviting.accept(**values | changes).token  # type: ignore[arg-type]


def guest_of(meeting: Meeting) -> Visitor:
    """Somebody whose browser has accepted a link to this reception."""
    invitation, secret = invite(meeting)
    token = accept(invitation, secret)
    found = invitation_of_browser(invitation.public_id, token)
    assert found is not None
    return Visitor(guest=found)


def admit(meeting: Meeting, participant: Participant) -> None:
    admitting.admit(
        visitor=meeting.official,
        public_id=meeting.public_id,
        participant=participant.public_id,
        now=NOW,
    )


def poll(meeting: Meeting, visitor: Visitor, **report: object) -> presence.News:
    return presence.poll(
        visitor=visitor,
        public_id=meeting.public_id,
        report=presence.Report(**{"window": "w1"} | report),  # type: ignore[arg-type]
        now=NOW,
    )


def acts(meeting: Meeting) -> list[str]:
    records = JournalRecord.objects.filter(subject_id=str(meeting.public_id))
    return [name.removeprefix("reception.") for name in records.values_list("act", flat=True)]


def test_guest__is_invited_comes_waits_is_admitted_and_has_to_go(meeting: Meeting) -> None:
    meeting.meet()
    guest = guest_of(meeting)
    seat = meeting.enter(guest)
    assert (seat.role, seat.name, seat.role_label) == (
        "guest", "Руденко Павло Ігорович", "перекладач",
    )  # fmt: skip
    assert poll(meeting, guest).phase is Phase.WAITING

    admit(meeting, seat)
    assert poll(meeting, guest).phase is Phase.ADMITTED
    assert guest.guest is not None
    inviting.withdraw(
        visitor=meeting.moderator,
        public_id=meeting.public_id,
        invitation=guest.guest.public_id,
        now=NOW,
    )

    with pytest.raises(errors.NotFound):
        poll(meeting, guest)
    with pytest.raises(errors.NotFound):
        meeting.enter(guest)
    assert not seat.attendances.filter(left_at=None).exists()
    assert acts(meeting)[-5:] == [
        "admit", "invite_guest", "accept_invitation", "admit", "withdraw_invitation",
    ]  # fmt: skip


def test_guest__who_comes_again_is_admitted_anew(meeting: Meeting) -> None:
    meeting.meet()
    guest = guest_of(meeting)
    admit(meeting, meeting.enter(guest))
    assert poll(meeting, guest).phase is Phase.ADMITTED

    again = meeting.enter(guest, "w2")

    assert again.state == Participant.State.WAITING
    assert poll(meeting, guest, window="w2").phase is Phase.WAITING
    admit(meeting, again)
    assert poll(meeting, guest, window="w2").phase is Phase.ADMITTED


def test_guest__whose_page_connects_anew_stays_in(meeting: Meeting) -> None:
    meeting.meet()
    guest = guest_of(meeting)
    admit(meeting, meeting.enter(guest, "w1"))
    where = {"visitor": guest, "public_id": meeting.public_id, "now": NOW}

    for window, earlier, phase in (
        ("w2", "w1", Phase.ADMITTED),
        ("w2", "w1", Phase.ADMITTED),  # The answer was lost.
        ("w3", "w1", Phase.WAITING),
        ("w4", "w3", Phase.WAITING),
        ("w5", "", Phase.WAITING),
    ):
        entered = entering.enter(window=window, earlier=earlier, **where)  # type: ignore[arg-type]
        assert entered.phase is phase


@pytest.mark.parametrize("secret", ["", "x", "{other}", "{hash}"])
def test_link__guessed_foreign_or_read_from_the_database_opens_nothing(
    meeting: Meeting, secret: str
) -> None:
    invitation, own = invite(meeting)
    _, other = invite(meeting)
    tried = secret.format(other=other, hash=invitation.secret_hash)

    with pytest.raises(errors.LinkInvalid):
        accept(invitation, tried)
    with pytest.raises(errors.LinkInvalid):
        inviting.accept(
            invitation=uuid.uuid4(),
            secret=own,
            key="k" * 64,
            role="companion",
            name="Хтось",
            now=NOW,
        )
    invitation.refresh_from_db()
    assert (invitation.spent_at, invitation.tried_at) == (None, None)


def test_link__neither_it_nor_the_cookie_is_kept(meeting: Meeting) -> None:
    invitation, secret = invite(meeting)
    token = accept(invitation, secret)
    invitation.refresh_from_db()
    kept = {str(getattr(invitation, field.attname)) for field in invitation._meta.concrete_fields}

    assert not {secret, token} & kept
    assert len(secret) >= 43
    assert len({secret, token, *(invite(meeting)[1] for _ in range(3))}) == 5
    records = JournalRecord.objects.filter(subject_id=str(meeting.public_id))
    assert not any(secret in str(one.details) for one in records)


def test_link__spent_refuses_a_second_browser_and_all_are_told(meeting: Meeting) -> None:
    meeting.meet()
    invitation, secret = invite(meeting)
    token = accept(invitation, secret)
    for _ in range(2):
        with pytest.raises(errors.LinkSpent):
            accept(invitation, secret, name="Хтось інший")

    found = invitation_of_browser(invitation.public_id, token)
    assert found is not None
    assert (found.name, found.tried_at) == ("Руденко Павло Ігорович", NOW)
    guest = Visitor(guest=found)
    meeting.enter(guest)
    own = poll(meeting, guest).seats.own.invitation
    assert own is not None
    assert own.tried_at == NOW
    told = poll(meeting, meeting.official).invitations
    assert told is not None
    assert [one.tried_at for one in told] == [NOW]
    assert acts(meeting).count("refuse_browser") == 1, "told once, however often it is tried"


def test_link__whose_answer_was_lost_gives_the_same_browser_the_same_again(
    meeting: Meeting,
) -> None:
    invitation, secret = invite(meeting)
    token = accept(invitation, secret, key="a" * 64)

    assert accept(invitation, secret, key="a" * 64, name="Інше Ім’я") == token
    for key in ("b" * 64, token):
        with pytest.raises(errors.LinkSpent):
            accept(invitation, secret, key=key)

    found = invitation_of_browser(invitation.public_id, token)
    assert found is not None
    assert found.name == "Руденко Павло Ігорович", "what was said first stays"
    assert acts(meeting).count("accept_invitation") == 1
    second, other_secret = invite(meeting)
    assert accept(second, other_secret, key="a" * 64) != token, "of another link another"


def test_link__whose_answer_was_lost_opens_nothing_once_it_is_withdrawn(meeting: Meeting) -> None:
    invitation, secret = invite(meeting)
    accept(invitation, secret, key="a" * 64)
    inviting.withdraw(
        visitor=meeting.official, public_id=meeting.public_id,
        invitation=invitation.public_id, now=NOW,
    )  # fmt: skip
    with pytest.raises(errors.GuestAccessEnded):
        accept(invitation, secret, key="a" * 64)


def test_cookie__opens_its_own_link_alone(meeting: Meeting) -> None:
    invitation, secret = invite(meeting)
    other, _ = invite(meeting)
    token = accept(invitation, secret)

    assert invitation_of_browser(invitation.public_id, token) == invitation
    assert invitation_of_browser(other.public_id, token) is None
    assert invitation_of_browser(other.public_id, "") is None
    assert invitation_of_browser(uuid.uuid4(), token) is None
    assert invitation_of_browser(invitation.public_id, secret) is None


def test_guest__sees_nothing_of_the_case_and_nobody_before_being_let_in(meeting: Meeting) -> None:
    meeting.meet()
    say = {"public_id": meeting.public_id, "window": "w1", "now": NOW}
    conversation.say(visitor=meeting.citizen, text="Мій діагноз", key="1", **say)  # type: ignore[arg-type]
    document = documents.add(
        visitor=meeting.citizen, public_id=meeting.public_id, window="w1",
        data=png(), filename="довідка.png", now=NOW,
    )  # fmt: skip
    guest = guest_of(meeting)
    seat = meeting.enter(guest)

    waiting = poll(meeting, guest)
    assert waiting.people == [seat]
    assert (waiting.messages, waiting.documents, waiting.invitations) == ([], [], None)
    with pytest.raises(errors.NotAdmitted):
        conversation.say(visitor=guest, text="Чекаю", key="2", **say)  # type: ignore[arg-type]
    admit(meeting, seat)
    Participant.objects.filter(pk=seat.pk).update(admitted_at=NOW + MINUTE)

    inside = poll(meeting, guest)
    assert len(inside.people) == 3
    assert (inside.messages, inside.documents, inside.invitations) == ([], [], None)
    with pytest.raises(errors.NotFound):
        documents.find(
            visitor=guest, public_id=meeting.public_id, document_id=document.public_id, now=NOW
        )
    with pytest.raises(errors.NotFound):
        documents.add(
            visitor=guest, public_id=meeting.public_id, window="w1",
            data=png(), filename="від гостя.png", now=NOW,
        )  # fmt: skip


def test_objection__of_the_citizen_keeps_a_guest_out_for_good(meeting: Meeting) -> None:
    meeting.meet()
    guest = guest_of(meeting)
    seat = meeting.enter(guest)
    admit(meeting, seat)
    assert guest.guest is not None
    inviting.object_to(
        visitor=meeting.citizen,
        public_id=meeting.public_id,
        invitation=guest.guest.public_id,
        now=NOW,
    )

    with pytest.raises(errors.NotFound):
        poll(meeting, guest)
    with pytest.raises(errors.NotFound):
        admit(meeting, seat)
    told = poll(meeting, meeting.official).invitations
    assert told is not None
    assert [one.end for one in told] == ["objected"]
    assert acts(meeting)[-1] == "object_to_guest"
    assert JournalRecord.objects.latest("pk").actor_kind == "citizen"


def test_objection__before_the_guest_has_opened_the_link(meeting: Meeting) -> None:
    early = meeting.application.start - timedelta(days=1)
    invitation, secret = invite(meeting, now=early)
    inviting.object_to(
        visitor=meeting.citizen, public_id=meeting.public_id,
        invitation=invitation.public_id, now=early,
    )  # fmt: skip

    with pytest.raises(errors.GuestAccessEnded):
        accept(invitation, secret, now=early)


def test_guests__are_invited_by_staff_of_this_reception_alone(
    meeting: Meeting,
) -> None:
    stranger = make_meeting()
    guest = guest_of(meeting)
    invitation = guest.guest
    assert invitation is not None
    for visitor in (meeting.citizen, guest, stranger.official, Visitor()):
        with pytest.raises(errors.NotFound):
            invite(meeting, visitor=visitor)
        with pytest.raises(errors.NotFound):
            inviting.withdraw(
                visitor=visitor, public_id=meeting.public_id,
                invitation=invitation.public_id, now=NOW,
            )  # fmt: skip
    for visitor in (meeting.official, guest, stranger.citizen):
        with pytest.raises(errors.NotFound):
            inviting.object_to(
                visitor=visitor, public_id=meeting.public_id,
                invitation=invitation.public_id, now=NOW,
            )  # fmt: skip
    with pytest.raises(errors.NotFound):
        inviting.object_to(
            visitor=stranger.citizen, public_id=stranger.public_id,
            invitation=invitation.public_id, now=NOW,
        )  # fmt: skip
    invitation.refresh_from_db()
    assert invitation.ended_at is None


def test_guest__is_no_staff_and_nobody_elses_guest(meeting: Meeting) -> None:
    citizen, _ = meeting.meet()
    guest = guest_of(meeting)
    seat = meeting.enter(guest)
    other = make_meeting()

    for act in (admitting.admit, admitting.refuse):
        with pytest.raises(errors.NotFound):
            act(visitor=guest, public_id=meeting.public_id, participant=seat.public_id, now=NOW)
    with pytest.raises(errors.NotFound):
        ending.end(visitor=guest, public_id=meeting.public_id, now=NOW)
    with pytest.raises(errors.NotFound):
        entering.enter(visitor=guest, public_id=other.public_id, window="w", now=NOW)
    with pytest.raises(errors.NotAdmitted):
        signalling.signal(
            visitor=guest, public_id=meeting.public_id, window="w1", to=citizen.public_id,
            session=citizen.session, kind=SignalKind.TEXT, payload={"text": "ї"}, now=NOW,
        )  # fmt: skip


def test_guests__leave_citizen_and_official_their_places(meeting: Meeting) -> None:
    guests = [guest_of(meeting) for _ in range(3)]
    for guest in guests[:2]:
        meeting.enter(guest)
    with pytest.raises(errors.RoomFull):
        meeting.enter(guests[2])

    meeting.meet()
    assert len(poll(meeting, meeting.official).people) == 4


def test_end__takes_the_links_and_the_names_of_who_never_came_with_it(meeting: Meeting) -> None:
    meeting.meet()
    invitation, secret = invite(meeting)
    guest = guest_of(meeting)
    meeting.enter(guest)
    ending.end(visitor=meeting.official, public_id=meeting.public_id, now=NOW)

    with pytest.raises(errors.GuestAccessEnded):
        accept(invitation, secret)
    with pytest.raises(errors.NotFound):
        poll(meeting, guest)
    names = RoomInvitation.objects.values_list("name", "end")
    assert list(names) == [("", "over"), ("Руденко Павло Ігорович", "over")]
    with pytest.raises(errors.RoomClosed):
        invite(meeting)


def test_invitation__has_a_role_a_name_and_a_limit(meeting: Meeting) -> None:
    invitation, secret = invite(meeting, name="")
    for changes in ({"name": " "}, {"role": "citizen"}, {"name": "х" * 101}, {"key": "k" * 31}):
        with pytest.raises(errors.Malformed):
            accept(invitation, secret, **changes)
    with pytest.raises(errors.Malformed):
        invite(meeting, role="official")
    for _ in range(inviting.MAX_INVITATIONS - 1):
        invite(meeting)
    with pytest.raises(errors.GuestLimit):
        invite(meeting)
    inviting.withdraw(
        visitor=meeting.official, public_id=meeting.public_id,
        invitation=invitation.public_id, now=NOW,
    )  # fmt: skip
    assert invite(meeting)[1]


def test_invitations__are_read_when_something_about_them_is_new(meeting: Meeting) -> None:
    meeting.meet()
    assert poll(meeting, meeting.citizen).invitations is None
    invite(meeting)

    news = poll(meeting, meeting.citizen)
    assert news.invitations is not None
    assert poll(meeting, meeting.citizen, guests_after=news.guests_after).invitations is None


def test_end__before_the_start_needs_that_the_citizen_was_let_in(meeting: Meeting) -> None:
    """Ended for good, the room would be shut when the citizen comes."""
    meeting.enter(meeting.official)
    meeting.enter(meeting.citizen)
    with pytest.raises(errors.EndTooEarly):
        ending.end(visitor=meeting.official, public_id=meeting.public_id, now=NOW)
    assert poll(meeting, meeting.citizen).phase is Phase.WAITING

    ending.end(visitor=meeting.official, public_id=meeting.public_id, now=meeting.application.start)
