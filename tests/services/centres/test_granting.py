"""Access of centres: asked for, given, suspended, refused by the portal's operator."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from diia_videoreception import errors, models
from diia_videoreception.rules.centres import CentreFunction
from diia_videoreception.selectors.centres.access import (
    access_requests_seen_by,
    centres_operated_by,
)
from diia_videoreception.services.centres import granting, invitations
from diia_videoreception.services.letters.delivery import deliver_due
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW
from tests.steps.admin import staff
from tests.steps.centres import (
    CentreWorld,
    centre,
    operator,
    request_for_access,
    secret_of,
    user,
)
from tests.steps.second_factor import with_app


@pytest.fixture
def the_operator(db: None) -> Any:
    return operator()


def submitted(**values: Any) -> models.CentreAccessRequest:
    return granting.request_access(request_for_access(**values), captcha=solved_captcha(), now=NOW)


def acts() -> list[str]:
    return list(models.JournalRecord.objects.values_list("act", flat=True))


def test_a_request__makes_no_centre_and_nobody_a_member(db: None) -> None:
    submitted()
    assert not models.Centre.objects.exists()
    assert not models.CentreInvitation.objects.exists()
    assert not models.Letter.objects.exists()
    assert acts() == ["centre.access_requested"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"edrpou": "12345679"}, "edrpou"),
        ({"katottg": "UA123"}, "katottg"),
        ({"intermediation_number": "", "intermediation_day": None}, "self_service_number"),
        ({"intermediation_day": NOW.date() + timedelta(days=2)}, "self_service_day"),
    ],
)
def test_a_request_with_a_wrong_answer__is_refused_at_its_field(
    db: None, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(errors.Incomplete) as refused:
        submitted(**wrong)
    assert set(refused.value.fields) == {field}
    assert not models.CentreAccessRequest.objects.exists()


def test_granting__opens_the_centre_by_its_decision_and_invites_the_head(the_operator: Any) -> None:
    request = submitted()
    made = granting.grant(request.public_id, code="YAV-1", staff=the_operator, now=NOW)

    request.refresh_from_db()
    assert (request.state, request.centre) == ("granted", made)
    decision = made.decisions.live().get()
    assert (decision.function, decision.number) == (CentreFunction.INTERMEDIATION, "231-08")
    invitation = made.invitations.get()
    assert (invitation.role, invitation.address) == ("head", "hnatiuk@yavorivka.example")
    secret = secret_of(invitation)
    deliver_due(now=NOW)
    assert f"/videoreception/centre/join/#{secret}" in str(mail.outbox[0].body)
    assert acts() == [
        "centre.access_requested",
        "centre.granted",
        "centre.decision_recorded",
        "centre.member_invited",
    ]
    with pytest.raises(errors.WrongState):
        granting.grant(request.public_id, code="YAV-2", staff=the_operator, now=NOW)


@pytest.mark.parametrize("code", ["", "явор", "YAV 1", "-A", "A" * 21])
def test_granting__wants_a_code_that_machines_can_have(the_operator: Any, code: str) -> None:
    request = submitted()
    with pytest.raises(errors.Incomplete) as refused:
        granting.grant(request.public_id, code=code, staff=the_operator, now=NOW)
    assert "code" in refused.value.fields
    assert not models.Centre.objects.exists()


def test_granting__gives_no_code_twice(the_operator: Any) -> None:
    centre("YAV-1")
    with pytest.raises(errors.CentreCodeTaken):
        granting.grant(submitted().public_id, code="YAV-1", staff=the_operator, now=NOW)


def test_refusing__tells_the_reason_by_letter(the_operator: Any) -> None:
    request = submitted()
    with pytest.raises(errors.Incomplete):
        granting.refuse(request.public_id, reason=" ", staff=the_operator, now=NOW)
    granting.refuse(
        request.public_id, reason="Рішення не про цей центр.", staff=the_operator, now=NOW
    )
    deliver_due(now=NOW)
    (letter,) = mail.outbox
    assert letter.to == ["hnatiuk@yavorivka.example"]
    assert "Рішення не про цей центр." in str(letter.body)
    assert not models.Centre.objects.exists()


def test_suspending__tells_the_heads_and_spends_no_invitation(
    world: CentreWorld, the_operator: Any
) -> None:
    secret = secret_of(world.invitation)
    granting.suspend(world.centre.public_id, reason="Перевірка.", staff=the_operator, now=NOW)
    with pytest.raises(errors.InvitationInvalid):
        invitations.invitation_of(secret, now=NOW)
    with pytest.raises(errors.CentreSuspended):
        invitations.withdraw(
            world.centre.public_id, world.invitation.public_id, staff=world.head, now=NOW
        )
    models.Letter.objects.filter(kind="centre_invitation").delete()
    deliver_due(now=NOW)
    (letter,) = mail.outbox
    assert letter.to == ["head@cnap.example"]
    assert "Перевірка." in str(letter.body)
    with pytest.raises(errors.WrongState):
        granting.suspend(world.centre.public_id, reason="Ще раз.", staff=the_operator, now=NOW)

    granting.resume(world.centre.public_id, staff=the_operator, now=NOW)
    assert invitations.invitation_of(secret, now=NOW) == world.invitation


@pytest.mark.parametrize("who", ["head", "administrator", "foreign_head", "moderator", "nobody"])
def test_others__give_suspend_and_refuse_nothing(world: CentreWorld, who: str) -> None:
    stranger = getattr(world, who, None) or (staff(who) if who == "moderator" else user(who))
    request = submitted()
    for act in (
        lambda: granting.grant(request.public_id, code="YAV-9", staff=stranger, now=NOW),
        lambda: granting.refuse(request.public_id, reason="Ні.", staff=stranger, now=NOW),
        lambda: granting.suspend(world.centre.public_id, reason="Ні.", staff=stranger, now=NOW),
        lambda: granting.save_centre(world.centre, staff=stranger, now=NOW),
    ):
        with pytest.raises(errors.NotFound):
            act()
    assert models.Centre.objects.count() == 2


def test_a_function__cannot_be_stored_on_without_its_decision(world: CentreWorld) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        models.CentreDecision.objects.create(
            centre=world.foreign,
            function="self_service",
            number="",
            issued_on=date(2026, 3, 12),
            recorded_at=NOW,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        models.CentreDecision.objects.create(
            centre=world.centre,
            function="intermediation",
            number="2",
            issued_on=date(2026, 3, 12),
            recorded_at=NOW,
        )


def test_an_operator_by_password_alone__operates_nothing(
    world: CentreWorld, the_operator: Any
) -> None:
    with_app(the_operator)
    the_operator.is_verified = lambda: False
    with pytest.raises(errors.NotFound):
        granting.suspend(world.centre.public_id, reason="Ні.", staff=the_operator, now=NOW)
    assert not centres_operated_by(the_operator).exists()
    assert not access_requests_seen_by(the_operator).exists()
    the_operator.is_verified = lambda: True
    assert centres_operated_by(the_operator).count() == 2
