"""The manuals say what the code does: keys, defaults, codes, rates, checks, tests and links."""

import re
from dataclasses import MISSING, fields
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from diia_videoreception import errors
from diia_videoreception.api import errors as api_errors
from diia_videoreception.conf import RATES, AppSettings
from diia_videoreception.services.documents.inspection import errors as inspection_errors
from diia_videoreception.services.housekeeping.steps import STEPS
from diia_videoreception.services.reference_data import OF_PORTAL
from integrations.antivirus.clamd import ClamdOptions
from integrations.conference.own import OwnRoomOptions
from integrations.identity.bankid import BankIdOptions
from integrations.identity.id_gov_ua import IdGovUaOptions
from integrations.identity.kep import KepOptions
from integrations.identity.portal_tokens import PortalTokensOptions
from integrations.mailbox.dovecot import DovecotMailboxOptions
from integrations.sms.http_gateway import HttpGatewayOptions
from tests.pictures import pictures_named
from tests.steps.manuals import MANUALS, ROOT, ids_of_our_checks, part, rows

SHARED = ("install.md", "### Options of id.gov.ua and BankID")


def codes(module: ModuleType) -> dict[str, int]:
    classes = [kind for kind in vars(module).values() if isinstance(kind, type)]
    return {kind.code: kind.status for kind in classes if issubclass(kind, errors.ActRefused)}


def test_keys_of_the_settings__stand_in_the_manual() -> None:
    table = {
        row[0]: row[2] for row in rows(part("install.md", "## The keys of `DIIA_VIDEORECEPTION`"))
    }
    del table["Key"]
    defaults = AppSettings()

    assert set(table) == {item.name.upper() for item in fields(AppSettings)}
    for item in fields(AppSettings):
        documented, value = table[item.name.upper()], getattr(defaults, item.name)
        if documented == "required":
            assert not value, item.name
        else:
            assert documented.strip('"') == ("{}" if value == {} else str(value)), item.name


OPTIONS = [
    (PortalTokensOptions, [("install.md", "## 8. Production")]),
    (KepOptions, [("kep.md", "## Signing in with a key")]),
    (IdGovUaOptions, [SHARED, ("install.md", "### Options of id.gov.ua alone")]),
    (BankIdOptions, [SHARED, ("install.md", "### Options of BankID alone")]),
    (DovecotMailboxOptions, [("install.md", "## Official mailboxes")]),
    (HttpGatewayOptions, [("install.md", "## Text messages")]),
    (OwnRoomOptions, [("install.md", "## The room in the browser")]),
    (ClamdOptions, [("install.md", "## Virus scanner")]),
]
"""Options of a provider, and the parts of the manuals that name all of them."""


@pytest.mark.parametrize(("options", "parts"), OPTIONS)
def test_options_of_providers__stand_in_the_manual(
    options: Any, parts: list[tuple[str, str]]
) -> None:
    table = [row for where in parts for row in rows(part(*where)) if len(row) == 3]
    documented = {name: row[1] for row in table for name in row[0].split(", ")}
    del documented["Option"]

    assert set(documented) == {item.name for item in fields(options)} - {"name"}
    for item in fields(options):
        if item.default is item.default_factory is MISSING:
            assert documented[item.name] == "required", item.name
        elif isinstance(item.default, bool | int | float):
            shown = item.default if item.default is False else f"{item.default:g}"
            assert str(shown) in documented[item.name].split(", "), item.name


def test_ids_of_the_checks__stand_in_the_manual() -> None:
    documented = {row[0] for row in rows(part("install.md", "## 8. Production")) if len(row) == 2}
    assert documented - {"Id diia_videoreception."} == ids_of_our_checks()


def test_rates__stand_in_the_manual() -> None:
    table = {row[0]: row[1] for row in rows(part("operate.md", "## Limits and throttles"))}
    del table["Scope"]

    assert table == RATES


def test_fields_of_the_operator__stand_in_the_manual() -> None:
    documented = re.search(
        r"which are for the operator:\n(.+?)\.", part("security.md", "## Personal data"), re.S
    )
    assert documented
    assert set(re.findall(r"`(\w+)`", documented[1])) == OF_PORTAL


def test_steps_of_housekeeping__stand_in_the_manual() -> None:
    named = [row[0] for row in rows(part("operate.md", "## Housekeeping"))]

    assert named[1:] == list(STEPS)


def test_codes_of_the_api__stand_in_the_manual() -> None:
    known = codes(errors) | codes(inspection_errors)
    for kind, code in api_errors._CODES.items():
        known[code] = kind.status_code  # type: ignore[attr-defined]
    known |= {"invalid": 400, "too_large": 413, "not_found": 404}
    text = part("api.md", "## Refusals")
    documented = {
        code: int(status)
        for status, cell in re.findall(r"^\| (\d{3}) \| (.*) \|$", text, re.M)
        for code in re.findall(r"`([a-z_]+)`", cell)
    }

    assert len(documented) > 40
    assert documented == {code: known.get(code) for code in documented}


@pytest.mark.parametrize("manual", MANUALS, ids=lambda path: path.name)
def test_tests_that_are_named__exist(manual: Path) -> None:
    text = manual.read_text()
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", text)

    assert len(named) == text.count(".py::"), "a test is named in a form that nobody looks up"
    assert named or manual.name not in {"security.md", "asvs.md", "en301549.md"}
    for path, test in named:
        module = import_module(f"tests.{path.removesuffix('.py').replace('/', '.')}")
        assert callable(getattr(module, test, None)), f"{path}::{test}"


@pytest.mark.parametrize("manual", MANUALS, ids=lambda path: path.name)
def test_links__lead_somewhere(manual: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", manual.read_text()):
        path, _, anchor = target.partition("#")
        file = manual.parent / path if path else manual
        assert file.exists(), target
        if anchor:
            assert anchor in {anchor_of(line) for line in headings(file)}, target


def test_pictures__are_shown_have_words_and_are_small() -> None:
    """Each is made by `make pictures`; one without words says nothing to who does not see it."""
    kept = {path.name: path for path in (ROOT / "docs" / "pictures").glob("*")}
    assert set(kept) == pictures_named()
    for path in kept.values():
        assert path.stat().st_size < 200_000, path.name
    for manual in MANUALS:
        assert "![](" not in manual.read_text(), manual.name


def headings(path: Path) -> list[str]:
    return re.findall(r"^#+ (.+)$", path.read_text(), re.M)


def anchor_of(heading: str) -> str:
    """As GitHub and GitLab make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("manual", MANUALS, ids=lambda path: path.name)
def test_named_files__exist(manual: Path) -> None:
    named = re.findall(
        r"`((?:tests|integrations|diia_videoreception|device_check|docs|sandbox|cms_pages)/[\w/.]*|"
        r"(?:services|rules|wagtail_admin|selectors)/[\w/.]+)`",
        manual.read_text(),
    )
    for path in named:
        # Templates are named as Django finds them.
        folders = [ROOT, ROOT / "diia_videoreception", ROOT / "diia_videoreception/templates"]
        assert any((folder / path).exists() for folder in folders), path
