"""Work of which one part may fail: what is caught, and what is not."""

import pytest

from integrations.common.failures import isolated


def test_isolated__keeps_the_error_of_its_block_and_goes_on() -> None:
    with isolated() as one:
        raise RuntimeError("unforeseen")
    assert isinstance(one.error, RuntimeError)  # type: ignore[unreachable]


def test_isolated__says_that_nothing_went_wrong() -> None:
    with isolated() as one:
        pass
    assert one.error is None


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_isolated__lets_pass_what_ends_the_process(end: type[BaseException]) -> None:
    with pytest.raises(end), isolated():
        raise end
