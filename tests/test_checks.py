"""The system checks: each wrong setting is named, a right portal is not bothered."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.contrib.admin.sites import AdminSite
from django.core.checks import run_checks
from django.db import connection
from django.utils.module_loading import import_string
from drf_spectacular.settings import patched_settings

from device_check import checks as device_checks
from diia_videoreception import checks
from diia_videoreception.checks import data, host, staff
from diia_videoreception.checks.host import OUR_CSP_MIDDLEWARE
from diia_videoreception.checks.staff import STAFF_MIDDLEWARE
from diia_videoreception.providers import ProviderMisconfigured, captcha, conference_providers
from integrations.captcha.altcha import AltchaCaptcha
from integrations.common.search_indexes import PREFIX, TRIGRAMS
from integrations.conference.base import ConferenceProvider
from integrations.conference.external import ExternalProgram, ExternalProgramOptions
from tests.factories import AgencyFactory
from tests.steps.checks import found
from tests.steps.ways import RedirectWay

RIGHT = portal_settings.DIIA_VIDEORECEPTION
installed = cache(packages_distributions)


@pytest.fixture(autouse=True)
def _what_is_installed_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "packages_distributions", installed)


@pytest.fixture
def change(settings: Any) -> Any:
    def to(**values: Any) -> dict[str, str]:
        settings.DIIA_VIDEORECEPTION = {**RIGHT, **values}
        return found()

    return to


@pytest.mark.parametrize("module", [checks, device_checks])
def test_one_id__says_one_thing(module: ModuleType) -> None:
    """A number is of one check only, whether error or warning: who silences it, silences that."""
    file = Path(str(module.__file__))
    files = file.parent.glob("*.py") if file.name == "__init__.py" else [file]
    functions = {
        item.name: item
        for one in files
        for item in ast.parse(one.read_text()).body
        if isinstance(item, ast.FunctionDef)
    }
    used = defaultdict(set)
    for name, function in functions.items():
        if function.decorator_list:
            for number, kind in _ids(function, functions):
                used[number].add((kind, name))

    assert len(used) > 10
    assert {number: places for number, places in used.items() if len(places) > 1} == {}


def _ids(
    function: ast.FunctionDef, helpers: dict[str, ast.FunctionDef]
) -> Iterator[tuple[int, str]]:
    """What a check and its helpers say, as `id="app.E001"` or as `_error(1, …)`."""
    for node in ast.walk(function):
        match node:
            case ast.keyword(arg="id", value=ast.Constant(value=str(name))):
                yield int(name[-3:]), name[:-3]
            case ast.Call(func=ast.Name("_error"), args=[ast.Constant(value=int(number)), *_]):
                yield number, "_error"
            case ast.Call(func=ast.Name(name)) if name in helpers:
                yield from _ids(helpers[name], helpers)


def test_a_right_portal__has_no_errors() -> None:
    assert not [key for key in found() if key.startswith("E")]


ONLY_HTTPS = {
    "BACKEND": "integrations.identity.portal_tokens.PortalTokens",
    "OPTIONS": {
        "issuer": "https://portal.example.gov.ua",
        "audience": "https://portal.example.gov.ua/videoreception",
        "authorize_url": "https://portal.example.gov.ua/sign-in/",
        "jwks_url": "https://portal.example.gov.ua/keys/",
    },
}


@pytest.mark.parametrize(
    ("values", "key", "words"),
    [
        ({"HOLD_MINUTE": 15}, "E001", "unknown key 'HOLD_MINUTE'"),
        ({"HOLD_MINUTES": "15"}, "E001", "['HOLD_MINUTES'] must be a positive whole number"),
        ({"HOLD_MINUTES": 0}, "E001", "['HOLD_MINUTES'] must be a positive whole number"),
        ({"HOLD_MINUTES": True}, "E001", "['HOLD_MINUTES'] must be a positive whole number"),
        ({"DIGEST_HOUR": 24}, "E001", "['DIGEST_HOUR'] must be an hour from 0 to 23"),
        ({"DIGEST_HOUR": "8"}, "E001", "['DIGEST_HOUR'] must be an hour from 0 to 23"),
        ({"LETTERS_FROM": 1}, "E001", "['LETTERS_FROM'] must be a string"),
        ({"LETTER_PASSWORD": "never"}, "E001", "official_mailbox_only, always, link"),
        ({"THROTTLE": {"hold": 5}}, "E001", "['THROTTLE'] must be a dict of strings"),
        ({"IDENTITY": {"portal": "path"}}, "E001", "['IDENTITY'] must look like"),
        ({"ENCRYPTION_KEYS": []}, "E002", "personal data could not be stored"),
        ({"ENCRYPTION_KEYS": ["short"]}, "E002", "['ENCRYPTION_KEYS'][0] is not a Fernet key"),
        ({"LOOKUP_KEY": "short"}, "E003", "at least 32 characters"),
        ({"BASE_URL": ""}, "E004", "['BASE_URL']"),
        ({"BASE_URL": "https://[x"}, "E004", "['BASE_URL']"),
        ({"IDENTITY": {}}, "E005", "['IDENTITY'] has no provider"),
        ({"ANTIVIRUS": "clamd"}, "E001", "['ANTIVIRUS'] must look like"),
        (
            {"ANTIVIRUS": {"default": {"BACKEND": "integrations.antivirus.clamd.Clamd"}}},
            "E005",
            "['ANTIVIRUS']['default']: socket, host: one of them must be given",
        ),
        (
            {
                "ANTIVIRUS": {
                    "clam": {
                        "BACKEND": "integrations.antivirus.clamd.Clamd",
                        "OPTIONS": {"host": "clamd"},
                    }
                }
            },
            "E005",
            "['ANTIVIRUS'] needs the alias 'default': it scans the documents",
        ),
        (
            {"CONFERENCE": {"default": {"BACKEND": "nowhere.Nothing"}}},
            "E005",
            "nowhere.Nothing cannot be imported",
        ),
        (
            {
                "CONFERENCE": {
                    "default": {
                        "BACKEND": "integrations.conference.external.ExternalProgram",
                        "OPTIONS": {"colour": "red"},
                    }
                }
            },
            "E005",
            "['CONFERENCE']['default']: unknown option colour",
        ),
        (
            {
                "IDENTITY": {
                    "portal": {
                        "BACKEND": "integrations.identity.portal_tokens.PortalTokens",
                        "OPTIONS": {"issuer": "https://portal.example.gov.ua"},
                    }
                }
            },
            "E005",
            "audience, authorize_url is missing",
        ),
        (
            {"IDENTITY": {"portal": ONLY_HTTPS}, "BASE_URL": "http://portal.example.gov.ua"},
            "E024",
            "IDENTITY['portal'] answers to https only",
        ),
        ({"CAPTCHA": "nowhere.Nothing"}, "E005", "['CAPTCHA']: nowhere.Nothing cannot be imported"),
    ],
)
def test_a_wrong_setting__is_named(
    change: Any, values: dict[str, Any], key: str, words: str
) -> None:
    assert words in change(**values)[key]


def test_a_setting_that_is_no_dict__is_told(settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION = ["BASE_URL"]
    assert "must be a dict" in found()["E001"]


class DemoConference(ExternalProgram):
    """A provider for demonstration, as a sandbox may have."""

    is_demo = True


class DemoCaptcha(AltchaCaptcha):
    is_demo = True


class NamelessBank(RedirectWay):
    Options = None  # type: ignore[assignment]


class HalfConference(ConferenceProvider):
    """One that its author has not finished."""

    Options = ExternalProgramOptions


@pytest.mark.parametrize(
    ("change_of", "words"),
    [
        (
            {"CONFERENCE": {"default": {"BACKEND": f"{__name__}.HalfConference"}}},
            "HalfConference lacks prepare",
        ),
        (
            {"MAILBOX": {"default": {"BACKEND": f"{__name__}.DemoConference"}}},
            "DemoConference does not derive from integrations.mailbox.base.MailboxProvider",
        ),
        (
            {"IDENTITY": {"bank": {"BACKEND": f"{__name__}.NamelessBank"}}},
            "NamelessBank lacks the dataclass Options",
        ),
        ({"CAPTCHA": f"{__name__}.DemoConference"}, "does not derive from integrations.captcha"),
    ],
)
def test_a_class_that_is_no_provider__is_told_by_what_it_lacks(
    change: Any, change_of: dict[str, Any], words: str
) -> None:
    assert words in change(**change_of)["E005"]


def test_a_demo_captcha__refuses_to_work_without_debug(change: Any, settings: Any) -> None:
    path = f"{__name__}.DemoCaptcha"
    assert "['CAPTCHA'] is for demonstration" in change(CAPTCHA=path)["E006"]
    with pytest.raises(ProviderMisconfigured, match=r"\['CAPTCHA'\] is for demonstration"):
        captcha()
    settings.DEBUG = True
    assert "E006" not in change(CAPTCHA=path)
    assert isinstance(captcha(), DemoCaptcha)


def test_a_demo_provider__refuses_to_work_without_debug(change: Any, settings: Any) -> None:
    demo = {"default": {"BACKEND": f"{__name__}.DemoConference"}}
    assert "refuses to work without DEBUG" in change(CONFERENCE=demo)["E006"]
    with pytest.raises(ProviderMisconfigured, match=r"\['default'\] is for demonstration"):
        conference_providers()
    settings.DEBUG = True
    assert "E006" not in change(CONFERENCE=demo)
    assert isinstance(conference_providers()["default"], DemoConference)


@pytest.mark.parametrize("broken", ["missing", "without the key crl"])
def test_an_unreadable_trust_folder__is_an_error(change: Any, tmp_path: Path, broken: str) -> None:
    """Nobody can sign in with a key then; a warning would be overlooked."""
    folder = tmp_path / "trust"
    if broken != "missing":
        folder.mkdir()
        (folder / "services.json").write_text('{"00": {"ocsp": null}}')
    backend = "integrations.identity.kep.KepSignature"
    kep = {"kep": {"BACKEND": backend, "OPTIONS": {"trust": folder}}}
    messages = change(IDENTITY=kep)
    assert str(folder) in messages["E017"]
    assert "W007" not in messages


def test_what_the_host_must_have__is_told(settings: Any) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "Citizen" not in name]
    settings.STORAGES = {
        name: storage
        for name, storage in settings.STORAGES.items()
        if name != "diia_videoreception"
    }
    messages = found()
    assert "CitizenMiddleware" in messages["E008"]
    assert "private storage" in messages["E009"]


def test_documents__must_not_lie_among_public_files(settings: Any) -> None:
    public = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": f"{settings.MEDIA_ROOT}/private"},
    }
    settings.STORAGES = {**settings.STORAGES, "diia_videoreception": public}
    assert "documents would be public" in found()["E009"]


def test_documents__may_lie_beside_public_files(settings: Any) -> None:
    beside = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": f"{settings.MEDIA_ROOT}-private"},
    }
    settings.STORAGES = {**settings.STORAGES, "diia_videoreception": beside}
    assert "E009" not in found()


def test_documents__are_for_the_portal_alone(settings: Any) -> None:
    assert not {"W019", "W020"} & found().keys()
    open_to_all = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": f"{settings.MEDIA_ROOT}-private"},
    }
    settings.STORAGES = {**settings.STORAGES, "diia_videoreception": open_to_all}
    assert "Other users of the machine" in found()["W019"]


def test_sqlite__must_begin_its_transactions_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": "x", "OPTIONS": {}}
    monkeypatch.setitem(portal_settings.DATABASES, "default", sqlite)
    assert (
        "IMMEDIATE"
        in {message.id: message.msg for message in checks.check_host()}["diia_videoreception.E010"]
    )


def test_a_cache_that_is_not_shared__is_told_before_deployment(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert {"W012", "W013"} <= found(deployment=True).keys()


@pytest.mark.parametrize(
    ("options", "is_reported"),
    [({}, True), ({"MAX_ENTRIES": 300}, True), ({"MAX_ENTRIES": 100_000}, False)],
)
def test_a_cache_that_forgets_too_early__is_told_before_deployment(
    settings: Any, options: dict[str, int], is_reported: bool
) -> None:
    backend = "django.core.cache.backends.db.DatabaseCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "x", "OPTIONS": options}}
    assert ("W012" in found(deployment=True)) is is_reported


@pytest.mark.parametrize("rates", [{"hold": "30"}, {"hold": "0/min"}, {"hodl": "30/min"}])
def test_a_rate_that_is_none__is_told(settings: Any, rates: dict[str, str]) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"THROTTLE": rates}
    assert "THROTTLE" in found()["E001"]


def test_a_password_alone__is_told_loudly(
    settings: Any, change: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "W027" not in change(SECOND_FACTOR={})
    assert "offered to: official." in change(SECOND_FACTOR={"official": "offered"})["W027"]
    with monkeypatch.context() as without:
        without.setattr(staff, "is_installed", lambda: False)
        assert "A PASSWORD ALONE" in change(SECOND_FACTOR={})["W027"]
    settings.DEBUG = True
    assert "W027" not in change(SECOND_FACTOR={"official": "offered"})


@pytest.mark.parametrize(
    "left",
    [
        lambda names: names[:2],
        lambda names: [names[0], names[2]],
        lambda names: [names[0], names[2], names[1]],
        lambda names: [names[1], names[0], names[2]],
    ],
)
def test_a_second_factor_that_nobody_would_notice__is_an_error(settings: Any, left: Any) -> None:
    others = [name for name in settings.MIDDLEWARE if name not in STAFF_MIDDLEWARE]
    settings.MIDDLEWARE = [*others, *left(STAFF_MIDDLEWARE)]
    assert "in this order" in found()["E026"]


_DJANGO_ADMIN = "diia_videoreception.W028"


def test_django_admin__is_told_of_where_a_password_alone_opens_it(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "W028" not in found(), "this portal has none"
    monkeypatch.setattr(staff.apps, "is_installed", lambda name: True)
    monkeypatch.setattr("django.contrib.admin.site", AdminSite())
    hidden, alone = [str(one) for one in checks.check_second_factor() if one.id == _DJANGO_ADMIN]
    assert "OTP_ADMIN_HIDE_SENSITIVE_DATA" in hidden
    assert "A PASSWORD ALONE" in alone

    settings.OTP_ADMIN_HIDE_SENSITIVE_DATA = True
    monkeypatch.setattr(
        "django.contrib.admin.site", import_string("django_otp.admin.OTPAdminSite")()
    )
    assert _DJANGO_ADMIN not in {one.id for one in checks.check_second_factor()}


@pytest.mark.parametrize("policies", [{"official": "off"}, {"editor": "required"}, ["official"]])
def test_policies_of_the_second_factor__are_checked(change: Any, policies: Any) -> None:
    assert "SECOND_FACTOR" in change(SECOND_FACTOR=policies)["E001"]


def test_that_the_proxies_are_counted__is_told_before_deployment(settings: Any) -> None:
    settings.REST_FRAMEWORK = {"NUM_PROXIES": None}
    assert "NUM_PROXIES" in found(deployment=True)["W015"]
    settings.REST_FRAMEWORK = {"NUM_PROXIES": 0}
    assert "W015" not in found(deployment=True)


def test_a_missing_policy__is_told_before_deployment(settings: Any) -> None:
    assert "ContentSecurityPolicyMiddleware" in str(
        [one.hint for one in checks.check_deployment() if one.id == "diia_videoreception.W018"]
    )
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, OUR_CSP_MIDDLEWARE]
    assert "W018" not in found(deployment=True)


def test_the_documented_settings__leave_the_checks_before_deployment_silent(settings: Any) -> None:
    """As docs/install.md gives them; what is left is Django's own about https, and the trial's portal."""
    manual = (Path(__file__).parent.parent / "docs" / "install.md").read_text()
    for line in (
        'SPECTACULAR_SETTINGS = {"ENABLE_DJANGO_DEPLOY_CHECK": False}',
        '"OPTIONS": {"MAX_ENTRIES": 100_000}',
        OUR_CSP_MIDDLEWARE,
    ):
        assert line in manual
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, OUR_CSP_MIDDLEWARE]
    backend = "django.core.cache.backends.db.DatabaseCache"
    options = {"MAX_ENTRIES": 100_000}
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "x", "OPTIONS": options}}
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    del settings.ALTCHA_CHALLENGE
    turn = {"TURN": {"URLS": ["turns:turn.example.gov.ua"], "SECRET": "x" * 32}}
    settings.DEVICE_CHECK = settings.DEVICE_CHECK | turn

    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, "SECOND_FACTOR": {}}

    with patched_settings({"ENABLE_DJANGO_DEPLOY_CHECK": False}):
        reported = run_checks(include_deployment_checks=True)

    # The demonstration's own check is there where a test beside this one has loaded it.
    kept = [one for one in reported if not str(one.id).startswith(("security.", "sandbox."))]
    assert [str(one) for one in kept if one.id != "diia_videoreception.W007"] == []


@pytest.mark.parametrize("key", ["SUBJECT", "MAY_USE_CONTEXT"])
def test_the_device_check__must_know_whose_applications_it_is_for(settings: Any, key: str) -> None:
    settings.DEVICE_CHECK = {
        name: value for name, value in settings.DEVICE_CHECK.items() if name != key
    }
    assert f"DEVICE_CHECK['{key}'] is missing" in found()["E016"]


def test_a_clash_of_our_generic_names__is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        host,
        "packages_distributions",
        lambda: {"integrations": ["diia-videoreception", "acme-integrations"]},
    )
    assert "'integrations' also belongs to acme-integrations" in found()["E014"]


def ids_of_agencies() -> list[str | None]:
    return [found.id for found in checks.check_agencies(databases=["default"])]


@pytest.mark.django_db
def test_a_program_downloaded_without_https__is_told() -> None:
    agency = AgencyFactory()
    assert "diia_videoreception.W022" not in ids_of_agencies()
    type(agency).objects.update(program_url="http://vkz.example.gov.ua/")
    assert "diia_videoreception.W022" in ids_of_agencies()
    assert checks.check_agencies() == [], "no question to the database unless it is asked for"


@pytest.mark.django_db
@pytest.mark.parametrize("connected", [True, False])
def test_a_connected_agency_whose_moderators_have_no_address__is_told(connected: bool) -> None:
    AgencyFactory(email="", is_connected=connected)

    assert ("diia_videoreception.W023" in ids_of_agencies()) is connected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "is_reported"), [(PREFIX, True), (TRIGRAMS, False), (None, False)]
)
def test_searches_that_find_beginnings_only__are_told(
    monkeypatch: pytest.MonkeyPatch, kind: str | None, is_reported: bool
) -> None:
    monkeypatch.setattr(data, "search_indexes", lambda alias: {kind})

    reported = [found.id for found in checks.check_searches(databases=["default"])]

    assert reported == ["diia_videoreception.W025"] * (
        is_reported and connection.vendor == "postgresql"
    )


@pytest.mark.django_db
def test_searches_of_a_fresh_portal__find_parts_of_words() -> None:
    assert checks.check_searches(databases=["default"]) == []
