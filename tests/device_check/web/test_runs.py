"""A check from its beginning to its verdict, as the page's script drives it (A-09)."""

from tests.device_check.web.conftest import Browser


def test_begin__gives_a_run(browser: Browser) -> None:
    answer = browser.begin()

    assert answer.status_code == 201, answer.content
