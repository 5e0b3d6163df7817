"""The second factor by the database's own transactions: none is around these tests."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django_otp.oath import TOTP

from diia_videoreception.errors import CodeRepeated, RecoveryCodeWrong, SecondFactorCodeWrong
from diia_videoreception.models import AgencyModerator, OfficialSubstitute
from diia_videoreception.rules.second_factor import Role
from diia_videoreception.selectors.accounts.second_factor import roles_of, totp_devices
from diia_videoreception.services.accounts import second_factor
from tests.factories import AgencyFactory, OfficialFactory


def code_of(user: Any) -> str:
    device = totp_devices().get(user_id=user.pk)
    return f"{TOTP(device.bin_key, device.step, device.t0).token():06d}"


def test_second_factor__is_set_up_given_and_replaced_by_a_recovery_code(
    transactional_db: None, now: datetime
) -> None:
    user = get_user_model().objects.create_user("official", "official@example.com")
    device_id = second_factor.begin(user, now=now)

    with pytest.raises(SecondFactorCodeWrong):
        second_factor.confirm(user, device_id=device_id, code="12345", now=now)
    code = code_of(user)
    with pytest.raises(SecondFactorCodeWrong):
        second_factor.confirm(user, device_id=device_id + 1, code=code, now=now)
    _, codes = second_factor.confirm(user, device_id=device_id, code=code, now=now)

    with pytest.raises(CodeRepeated):
        second_factor.verify(user, code=code, now=now)
    assert second_factor.verify_recovery(user, code=codes[0], now=now) is not None


def test_a_wrong_recovery_code__stays_counted(transactional_db: None, now: datetime) -> None:
    user = get_user_model().objects.create_user("official", "official@example.com")
    device_id = second_factor.begin(user, now=now)
    _, codes = second_factor.confirm(user, device_id=device_id, code=code_of(user), now=now)
    wrong = codes[0][::-1] if codes[0][::-1] not in codes else "a" * 10

    with pytest.raises(RecoveryCodeWrong):
        second_factor.verify_recovery(user, code=wrong, now=now)

    sheet = second_factor.recovery_devices().get(user_id=user.pk)
    assert sheet.throttling_failure_count == 1


def test_the_roles_of_somebody__are_asked_by_one_statement_of_ours(
    db: None, now: datetime, django_assert_num_queries: Any
) -> None:
    user = get_user_model().objects.create_user("several", "several@example.com")

    def roles(queries: int) -> frozenset[Role]:
        asked = get_user_model().objects.get(pk=user.pk)
        # What the portal's own permissions say is asked by one for the user and one for the groups.
        with django_assert_num_queries(queries):
            return roles_of(asked)

    official = OfficialFactory()
    assert roles(3) == set()
    AgencyModerator.objects.create(agency=official.unit.agency, user=user)
    assert roles(3) == {Role.MODERATOR}
    AgencyModerator.objects.create(agency=AgencyFactory(), user=user, is_head=True)
    assert roles(3) == {Role.MODERATOR, Role.HEAD}
    today = now.date()
    OfficialSubstitute.objects.create(
        official=official,
        user=user,
        first_day=today,
        last_day=today,
        starts_at=now,
        ends_at=now + timedelta(days=1),
    )
    assert roles(3) == {Role.MODERATOR, Role.HEAD, Role.OFFICIAL}
    OfficialSubstitute.objects.all().delete()
    OfficialFactory(user=user)
    assert Role.OFFICIAL in roles(3)
