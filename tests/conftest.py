"""Fixtures for all tests, and the rules of a run: what uses a database is marked, nothing is skipped."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.shortcuts import render
from django.utils import translation

from tests.harness import kept_rows, kept_settings, migrated
from tests.harness.browser import FAILED, SCREENSHOTS, Browsing, chromium
from tests.harness.clock import NOW
from tests.harness.left_out import left_out
from tests.harness.smtp import MailServer, mail_server

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
MAIL_SERVER_FIXTURES = {"mail", "smtp"}


# --- The run -----------------------------------------------------------------------------------

TORTURE = bool(os.environ.get("TORTURE"))
LEFT_OUT = {
    marker
    for marker, runs in {
        "torture": TORTURE,
        "only_postgres": os.environ.get("TEST_DATABASE") == "postgres",
    }.items()
    if not runs
}
# A busy machine is no reason to fail; a long run tries twenty times as much.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.register_profile("torture", deadline=None, max_examples=2000)
hypothesis.settings.load_profile("torture" if TORTURE else "suite")
# Ten thousand collected tests are much to look through and never garbage: by Python's own numbers
# that took a sixth of the time.
gc.set_threshold(200_000, 30, 30)


def pytest_collection_finish() -> None:
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    out = [item for item in items if LEFT_OUT & {mark.name for mark in item.iter_markers()}]
    items[:] = [item for item in items if item not in out]
    config.hook.pytest_deselected(items=out)
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")
        if "chromium_browser" in fixtures:
            assert "browser" in item.path.parts, f"{item.nodeid}: `make browser` looks there only"
            item.add_marker("browser")
        if item.get_closest_marker("alone"):
            found = {"browser", "examination"} & set(item.path.parts)
            assert found, f"{item.nodeid}: `make alone` looks in their folders only"
        if fixtures & MAIL_SERVER_FIXTURES:
            item.add_marker("mail_server")
    # Calls wait for each other. At the front they come to one process, and others take from its end.
    items.sort(key=lambda item: "_alone_in_a_call" not in getattr(item, "fixturenames", ()))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if hasattr(session.config, "workerinput"):
        return
    passed = exitstatus == pytest.ExitCode.OK
    if passed and left_out(session.config) and not os.environ.get("ALLOW_SKIPPED"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if (counts := left_out(config)) and not os.environ.get("ALLOW_SKIPPED"):
        text = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
        terminalreporter.write_line(
            f"FAILED: {text}; every test must run (ALLOW_SKIPPED=1 for a run on the way)", red=True
        )
    if (name := os.environ.get("TEST_NAME")) and not hasattr(config, "workerinput"):
        passed = len(terminalreporter.stats.get("passed", ()))
        again = len(terminalreporter.stats.get("rerun", ()))
        with (config.rootpath / ".test-summary").open("a") as summary:
            summary.write(f"{name} {passed}" + (f" ({again} tried twice)" if again else "") + "\n")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.when == "call" and report.failed:
        item.stash[FAILED] = True
    return report


# --- Databases ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _migrated_before(django_db_modify_db_settings: None, django_db_createdb: bool) -> bool:
    """Whether a migrated database has been put in place."""
    return not django_db_createdb and migrated.take(connection)


@pytest.fixture(scope="session")
def django_db_keepdb(_migrated_before: bool) -> bool:
    return _migrated_before


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        kept_rows.keep(connection)


@pytest.fixture(autouse=True)
def _left_as_found() -> Iterator[None]:
    """The language of the last request and what it cached end with the test; settings are as before."""
    yield
    translation.deactivate()
    cache.clear()
    changed = kept_settings.bring_back()
    assert not changed, f"the test has changed the inside of {changed}: assign a new dict instead"


@pytest.fixture
def at_once(transactional_db: None) -> Callable[..., list[object]]:
    """`at_once(act, rivals)`: see tests/harness/at_once.py."""
    from tests.harness.at_once import at_once

    return at_once


@pytest.fixture
def start_servers(transactional_db: None) -> Iterator[Callable[..., Any]]:
    """`start_servers(4).url`: server processes until the end of the test, see tests/harness/http.py."""
    from tests.harness.http import servers

    with ExitStack() as stack:

        def start(*arguments: Any, **options: Any) -> Any:
            context: AbstractContextManager[Any] = servers(*arguments, **options)
            return stack.enter_context(context)

        yield start


# --- The world outside -------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _nobody_owes_time() -> None:
    """The same people add documents in one test after another."""
    (Path(settings.DIIA_VIDEORECEPTION["EXAMINERS_FOLDER"]) / "shares").unlink(missing_ok=True)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def frozen(time_machine: Any) -> datetime:
    """The clock stands at NOW; `time_machine.move_to(...)` moves it."""
    time_machine.move_to(NOW, tick=False)
    return NOW


@pytest.fixture
def smtp(settings: Any) -> Iterator[MailServer]:
    """A real mail server that Django sends to; `smtp.messages` is what arrived."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
        yield server


@pytest.fixture
def served(transactional_db: None) -> Iterator[Any]:
    """A conference with a server, which begins anew and is up again for whoever comes next."""
    from tests.steps.conferences import Served

    Served.reset()
    yield Served
    Served.reset()


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Any]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def browsed_site(live_server: Any) -> str:
    """Where the pages lie; a module may have another site."""
    return str(live_server.url)


@pytest.fixture
def browsing(
    request: pytest.FixtureRequest, browsed_site: str, chromium_browser: Any
) -> Iterator[Browsing]:
    """`browsing.open("phone")`: pages on the live server, see tests/harness/browser.py."""
    browsing = Browsing(chromium_browser, browsed_site)
    yield browsing
    if request.node.stash.get(FAILED, False):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        for number, page in enumerate(browsing.pages):
            page.screenshot(path=SCREENSHOTS / f"{request.node.name}-{number}.png", full_page=True)
    browsing.close()


@pytest.fixture
def phone(browsing: Browsing) -> Any:
    return browsing.open("phone")


@pytest.fixture
def desktop(browsing: Browsing) -> Any:
    return browsing.open("desktop")


@pytest.fixture
def without_javascript(browsing: Browsing) -> Any:
    return browsing.open("phone", javascript=False)


PAGES_AFTER_A_FORM = {
    "diia_videoreception/citizen/sign_in_leave.html": (
        "form-action 'self' forbids a form to end on another host; the browser replaces this page "
        "by that of the provider, so that Back never shows it"
    ),
}


@pytest.fixture(autouse=True)
def _no_page_answers_a_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """Back or a reload of a page that answered a POST is an error page of the browser."""

    def answered(request: Any, template: str, *args: Any, **kwargs: Any) -> Any:
        page = render(request, template, *args, **kwargs)
        is_form = request is not None and request.method == "POST" and page.status_code == 200
        assert not is_form or template in PAGES_AFTER_A_FORM, f"{template} answers a POST"
        return page

    monkeypatch.setattr("diia_videoreception.web.pages.render", answered)
