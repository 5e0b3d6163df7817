"""People of a centre: invited, joining, roles, blocked, trained."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail

from diia_videoreception import errors, models
from diia_videoreception.rules.centres import CentreRole
from diia_videoreception.services.centres import invitations, people
from diia_videoreception.services.letters.delivery import deliver_due
from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld, member, operator, secret_of, user


def invite(world: CentreWorld, address: str, staff: Any = None) -> models.CentreInvitation:
    return invitations.invite(
        world.centre.public_id,
        role=CentreRole.CONSULTANT,
        name="Поліщук Алла",
        address=address,
        staff=staff or world.head,
        now=NOW,
    )


def test_an_invitation__lets_in_whom_it_was_sent_to_once(world: CentreWorld) -> None:
    invitation = invite(world, "Alla@cnap.example")
    secret = secret_of(invitation)
    typed = f"{secret[:4].lower()}-{secret[4:8]} {secret[8:]}"
    assert invitations.invitation_of(typed, now=NOW) == invitation

    alla = user("alla", email="ALLA@cnap.example")
    joined = invitations.join(invitation.public_id, user=alla, now=NOW)
    assert (joined.role, joined.user_id, joined.centre) == ("consultant", alla.pk, world.centre)
    invitation.refresh_from_db()
    assert invitation.secret_encrypted == ""
    with pytest.raises(errors.InvitationInvalid):
        invitations.invitation_of(secret, now=NOW)
    with pytest.raises(errors.InvitationInvalid):
        invitations.join(invitation.public_id, user=user("second"), now=NOW)


@pytest.mark.parametrize("what", ["expired", "withdrawn", "replaced", "wrong", "short"])
def test_an_invitation_that_is_worth_nothing__is_told_in_one_way(
    world: CentreWorld, what: str
) -> None:
    invitation = invite(world, "alla@cnap.example")
    secret, now = secret_of(invitation), NOW
    if what == "expired":
        now = NOW + timedelta(days=7)
    elif what == "withdrawn":
        invitations.withdraw(
            world.centre.public_id, invitation.public_id, staff=world.head, now=NOW
        )
    elif what == "replaced":
        invite(world, "alla@cnap.example")
    else:
        secret = "A" * 16 if what == "wrong" else "AAAA"
    with pytest.raises(errors.InvitationInvalid):
        invitations.invitation_of(secret, now=now)


def test_an_account_with_another_address__joins_nothing(world: CentreWorld) -> None:
    invitation = invite(world, "alla@cnap.example")
    with pytest.raises(errors.InvitationForAnother):
        invitations.join(invitation.public_id, user=user("stranger"), now=NOW)
    assert not models.CentreMember.objects.filter(user__username="stranger").exists()
    without = user("without", email="")
    assert invitations.join(invitation.public_id, user=without, now=NOW).user_id == without.pk


def test_a_letter_on_its_way__tells_no_secret_that_is_spent(world: CentreWorld) -> None:
    invitations.withdraw(
        world.centre.public_id, world.invitation.public_id, staff=world.head, now=NOW
    )
    deliver_due(now=NOW)
    assert mail.outbox == []


@pytest.mark.parametrize("who", ["administrator", "consultant", "foreign_head"])
def test_who_does_not_head_the_centre__changes_nobody(world: CentreWorld, who: str) -> None:
    stranger, before = getattr(world, who), list(models.CentreMember.objects.values())
    about = (world.centre.public_id, world.member.public_id)
    for act in (
        lambda: invite(world, "new@cnap.example", staff=stranger),
        lambda: people.block(*about, reason="Так.", staff=stranger, now=NOW),
        lambda: people.change_role(*about, role=CentreRole.HEAD, staff=stranger, now=NOW),
        lambda: people.end_membership(*about, staff=stranger, now=NOW),
    ):
        with pytest.raises(errors.NotFound):
            act()
    assert list(models.CentreMember.objects.values()) == before


def test_a_head_of_another_centre__reaches_no_member_by_the_own_address(world: CentreWorld) -> None:
    with pytest.raises(errors.NotFound):
        people.block(
            world.foreign.public_id,
            world.member.public_id,
            reason="Так.",
            staff=world.foreign_head,
            now=NOW,
        )


def test_a_head__does_nothing_for_themselves(world: CentreWorld) -> None:
    own = models.CentreMember.objects.get(user=world.head)
    about = (world.centre.public_id, own.public_id)
    for act in (
        lambda: people.change_role(*about, role=CentreRole.CONSULTANT, staff=world.head, now=NOW),
        lambda: people.end_membership(*about, staff=world.head, now=NOW),
        lambda: people.record_training(
            *about,
            valid_from=date(2026, 1, 1),
            valid_until=date(2027, 1, 1),
            staff=world.head,
            now=NOW,
        ),
    ):
        with pytest.raises(errors.NotForOneself):
            act()


def test_the_last_head__is_taken_away_by_the_operator_only(world: CentreWorld) -> None:
    own = models.CentreMember.objects.get(user=world.head)
    about = (world.centre.public_id, own.public_id)
    second = member(world.centre, user("second_head"), CentreRole.HEAD)
    models.CentreMember.objects.filter(pk=second.pk).update(blocked_at=NOW, block_reason="Так.")
    third = member(world.centre, user("third_head"), CentreRole.HEAD)
    people.end_membership(*about, staff=third.user, now=NOW)
    with pytest.raises(errors.NotForOneself):
        people.end_membership(world.centre.public_id, third.public_id, staff=third.user, now=NOW)
    people.block(world.centre.public_id, third.public_id, reason="Так.", staff=operator(), now=NOW)
    assert not models.CentreMember.objects.live().filter(
        centre=world.centre, role="head", blocked_at__isnull=True
    )


def test_blocking__tells_the_person_why_and_unblocking_takes_it_back(world: CentreWorld) -> None:
    about = (world.centre.public_id, world.member.public_id)
    people.block(*about, reason="Скарга людини.", staff=world.head, now=NOW)
    models.Letter.objects.filter(kind="centre_invitation").delete()
    deliver_due(now=NOW)
    (letter,) = mail.outbox
    assert letter.to == ["tkachuk@cnap.example"]
    assert "Скарга людини." in str(letter.body)
    assert not any("Скарга" in str(row.details) for row in models.JournalRecord.objects.all())
    people.unblock(*about, staff=world.head, now=NOW)
    world.member.refresh_from_db()
    assert not world.member.is_blocked


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2027, 1, 1), date(2027, 6, 1), "valid_from"),
        (date(2025, 1, 1), date(2026, 1, 1), "valid_until"),
        (date(2026, 1, 1), date(2032, 1, 1), "valid_until"),
    ],
)
def test_a_training__has_days_that_can_be(
    world: CentreWorld, first: date, last: date, field: str
) -> None:
    with pytest.raises(errors.Incomplete) as refused:
        people.record_training(
            world.centre.public_id,
            world.member.public_id,
            valid_from=first,
            valid_until=last,
            staff=world.head,
            now=NOW,
        )
    assert set(refused.value.fields) == {field}


def test_a_blocked_head__changes_nobody(world: CentreWorld) -> None:
    own = models.CentreMember.objects.filter(user=world.head)
    own.update(blocked_at=NOW, block_reason="Перевірка.")
    about = (world.centre.public_id, world.member.public_id)
    with pytest.raises(errors.MemberBlocked):
        people.block(*about, reason="Так.", staff=world.head, now=NOW)
    own.update(blocked_at=None, block_reason="", ended_at=NOW)
    with pytest.raises(errors.NotFound):
        people.block(*about, reason="Так.", staff=world.head, now=NOW)
