"""Many who guess the code of one slip at the same moment."""

from collections.abc import Callable
from typing import Any

import pytest

from diia_videoreception import errors, models
from diia_videoreception.rules.slips import MAX_TRIES
from diia_videoreception.services.assistance import slips
from tests.harness.clock import NOW
from tests.steps.centres import centre
from tests.steps.slips import made_in, slip_of

AtOnce = Callable[..., list[object]]


def test_wrong_codes_at_once__are_compared_five_times(
    at_once: AtOnce, transactional_db: None, time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    time_machine.move_to(NOW, tick=False)
    application = made_in(centre())
    given = slip_of(application)
    compared: list[int] = []

    def compare(kept: str, typed: str) -> bool:
        compared.append(1)
        return kept == typed

    monkeypatch.setattr(slips.secrets, "compare_digest", compare)

    def guess(who: int) -> str:
        slips.case_with(application.number, f"22222{who}")
        return "read"

    assert set(map(str, at_once(guess, [2, 3, 4, 5, 6, 7, 8, 9]))) == {"slip_code_wrong"}
    assert len(compared) == MAX_TRIES
    assert models.Slip.objects.get().tries == MAX_TRIES
    with pytest.raises(errors.SlipCodeWrong):
        slips.case_with(application.number, given.code)
