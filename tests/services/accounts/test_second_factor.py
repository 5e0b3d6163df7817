"""The second factor by the database's own transactions: none is around these tests."""

from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django_otp.oath import TOTP

from diia_videoreception.errors import CodeRepeated, RecoveryCodeWrong, SecondFactorCodeWrong
from diia_videoreception.selectors.accounts.second_factor import totp_devices
from diia_videoreception.services.accounts import second_factor


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
