"""System checks: what the portal has to set up, each with its own id and a hint how."""

from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import connections
from django.utils.module_loading import import_string
from rest_framework.settings import api_settings

from device_check.conf import app_settings as device_check_settings
from diia_videoreception.conf import SETTING, app_settings, read_settings
from diia_videoreception.models import Agency, Application
from diia_videoreception.providers import ProviderMisconfigured, build, build_captcha, is_refused
from diia_videoreception.rules.second_factor import FactorPolicy, Role, policy_of
from diia_videoreception.selectors.accounts.second_factor import is_installed
from diia_videoreception.selectors.searching import search_indexes
from integrations.common.indexes import is_postgresql
from integrations.common.search_indexes import PREFIX
from integrations.common.urls import split_url
from integrations.identity.base import IdentityProvider

DISTRIBUTION = "diia-videoreception"
TOP_LEVEL_NAMES = ("diia_videoreception", "cms_pages", "integrations", "device_check")
HOST_SUBJECT = "diia_videoreception.web.equipment.subject_of"
HOST_MAY_USE_CONTEXT = "diia_videoreception.web.equipment.may_use_context"
OUR_CSP_MIDDLEWARE = "diia_videoreception.web.csp.ContentSecurityPolicyMiddleware"
CSP_MIDDLEWARE = frozenset(
    {
        OUR_CSP_MIDDLEWARE,
        "django.middleware.csp.ContentSecurityPolicyMiddleware",
        "csp.middleware.CSPMiddleware",
    }
)
WITH_A_DEFAULT = {
    "MAILBOX": "new mailboxes are made there",
    "SMS": "it sends text messages",
    "ANTIVIRUS": "it scans the documents",
}
"""Kinds of providers that a portal may do without, and what the alias `default` is for."""
MIN_CACHE_ENTRIES = 100_000
MIDDLEWARE = "diia_videoreception.web.middleware.CitizenMiddleware"
STAFF_MIDDLEWARE = (
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "diia_videoreception.web.second_factor.SecondFactorMiddleware",
)


@register()
def check_settings(**kwargs: Any) -> list[CheckMessage]:
    """E001: unknown keys and wrong types. E002, E003: secrets. E004: address of the portal."""
    messages: list[CheckMessage] = [
        Error(problem, id="diia_videoreception.E001")
        for problem in read_settings(getattr(settings, SETTING, {}))[1]
    ]
    messages += _check_keys()
    if len(app_settings.lookup_key) < 32:
        messages.append(
            Error(
                f"{SETTING}['LOOKUP_KEY'] must be a secret of at least 32 characters.",
                hint="Make one: python -c 'import secrets; print(secrets.token_urlsafe(48))'",
                id="diia_videoreception.E003",
            )
        )
    base = split_url(app_settings.base_url)
    if base is None or base.scheme not in {"https", "http"} or not base.hostname:
        messages.append(
            Error(
                f"{SETTING}['BASE_URL'] must be the address of the portal, for links in letters.",
                id="diia_videoreception.E004",
            )
        )
    return messages


def _check_keys() -> Iterable[CheckMessage]:
    if not app_settings.encryption_keys:
        yield Error(
            f"{SETTING}['ENCRYPTION_KEYS'] is missing: personal data could not be stored.",
            hint="Make a key: python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'",
            id="diia_videoreception.E002",
        )
    for position, key in enumerate(app_settings.encryption_keys):
        try:
            Fernet(key)
        except ValueError:
            yield Error(
                f"{SETTING}['ENCRYPTION_KEYS'][{position}] is not a Fernet key.",
                id="diia_videoreception.E002",
            )


@register()
def check_providers(**kwargs: Any) -> list[CheckMessage]:
    """E005: a provider cannot be made. E006: a demo provider outside DEBUG.

    What a provider says itself, E017: nobody can use it as it stands. W007: anything else. E024:
    its answers come back over https only, which the portal's address is not.
    """
    messages: list[CheckMessage] = []
    for kind, confs in (
        ("IDENTITY", app_settings.identity),
        ("CONFERENCE", app_settings.conference),
        ("MAILBOX", app_settings.mailbox),
        ("SMS", app_settings.sms),
        ("ANTIVIRUS", app_settings.antivirus),
    ):
        if not confs and kind not in WITH_A_DEFAULT:
            messages.append(
                Error(f"{SETTING}[{kind!r}] has no provider.", id="diia_videoreception.E005")
            )
        for alias, conf in confs.items():
            try:
                provider = build(kind, alias, conf)
            except ProviderMisconfigured as error:
                messages.append(Error(str(error), id="diia_videoreception.E005"))
                continue
            if is_refused(provider):
                messages.append(
                    Error(
                        f"{SETTING}[{kind!r}][{alias!r}] is for demonstration and refuses to work without DEBUG.",
                        id="diia_videoreception.E006",
                    )
                )
            if isinstance(provider, IdentityProvider) and provider.needs_https:
                messages += _check_https(alias)
            messages += [
                Error(f"{SETTING}[{kind!r}][{alias!r}]: {fault}", id="diia_videoreception.E017")
                for fault in provider.faults()
            ]
            messages += [
                CheckWarning(
                    f"{SETTING}[{kind!r}][{alias!r}]: {problem}", id="diia_videoreception.W007"
                )
                for problem in provider.check()
            ]
        if confs and kind in WITH_A_DEFAULT and "default" not in confs:
            messages.append(
                Error(
                    f"{SETTING}[{kind!r}] needs the alias 'default': {WITH_A_DEFAULT[kind]}.",
                    id="diia_videoreception.E005",
                )
            )
    return [*messages, *_check_captcha()]


def _check_https(alias: str) -> Iterable[CheckMessage]:
    if app_settings.base_url.startswith("http://"):
        yield Error(
            f"{SETTING}['BASE_URL'] is plain http, and IDENTITY[{alias!r}] answers to https only.",
            hint="Nobody can sign in that way. Give the address with https://; behind a proxy set "
            "SECURE_PROXY_SSL_HEADER as well.",
            id="diia_videoreception.E024",
        )


def _check_captcha() -> Iterable[CheckMessage]:
    try:
        made = build_captcha()
    except ProviderMisconfigured as error:
        yield Error(str(error), id="diia_videoreception.E005")
        return
    if is_refused(made):
        yield Error(
            f"{SETTING}['CAPTCHA'] is for demonstration and refuses to work without DEBUG.",
            id="diia_videoreception.E006",
        )


@register()
def check_host(**kwargs: Any) -> list[CheckMessage]:
    """E008: middleware. E009, W019, W020: private storage. E010: SQLite transactions. W011: ATOMIC_REQUESTS."""
    messages: list[CheckMessage] = []
    if MIDDLEWARE not in settings.MIDDLEWARE:
        messages.append(Error(f"MIDDLEWARE lacks {MIDDLEWARE!r}.", id="diia_videoreception.E008"))
    if app_settings.private_storage not in settings.STORAGES:
        messages.append(
            Error(
                f"STORAGES lacks {app_settings.private_storage!r}, the private storage of documents.",
                hint="A FileSystemStorage with a location outside MEDIA_ROOT is enough.",
                id="diia_videoreception.E009",
            )
        )
    elif _is_public(app_settings.private_storage):
        messages.append(
            Error(
                f"STORAGES[{app_settings.private_storage!r}] lies in MEDIA_ROOT: documents would be public.",
                id="diia_videoreception.E009",
            )
        )
    else:
        messages += _check_private_storage(storages[app_settings.private_storage])
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3") and (
        database.get("OPTIONS", {}).get("transaction_mode") != "IMMEDIATE"
    ):
        messages.append(
            Error(
                "SQLite needs OPTIONS['transaction_mode'] = 'IMMEDIATE': else one time could be booked twice.",
                id="diia_videoreception.E010",
            )
        )
    if database.get("ATOMIC_REQUESTS"):
        messages.append(
            CheckWarning(
                "ATOMIC_REQUESTS holds locks until the answer is written; the views of this app switch it off.",
                id="diia_videoreception.W011",
            )
        )
    return messages


def _check_private_storage(storage: Storage) -> Iterator[CheckMessage]:
    name = f"STORAGES[{app_settings.private_storage!r}]"
    acl = getattr(storage, "default_acl", None)
    if acl and str(acl).startswith(("public", "authenticated")):
        yield Error(
            f"Others could read the files of {name}: its default_acl is {acl!r}.",
            hint="Leave default_acl out, and the bucket private.",
            id="diia_videoreception.E009",
        )
    if isinstance(storage, FileSystemStorage) and (
        (storage.file_permissions_mode or 0o644) & 0o077
        or (storage.directory_permissions_mode or 0o755) & 0o077
    ):
        yield CheckWarning(
            f"Other users of the machine can read the files of {name}.",
            hint="OPTIONS: 'file_permissions_mode': 0o600, 'directory_permissions_mode': 0o700",
            id="diia_videoreception.W019",
        )
    unable = [
        method
        for method in ("listdir", "get_modified_time")
        if getattr(type(storage), method) is getattr(Storage, method)
    ]
    if unable:
        yield CheckWarning(
            f"{name} has no {' and no '.join(unable)}: files that no row knows are never deleted.",
            id="diia_videoreception.W020",
        )


def _is_public(alias: str) -> bool:
    location = getattr(storages[alias], "base_location", None)
    media = str(settings.MEDIA_ROOT or "")
    return bool(
        media and location and Path(location).resolve().is_relative_to(Path(media).resolve())
    )


@register()
def check_device_check(**kwargs: Any) -> list[CheckMessage]:
    """E016: the device check does not know whose applications it is for."""
    wanted = {"SUBJECT": HOST_SUBJECT, "MAY_USE_CONTEXT": HOST_MAY_USE_CONTEXT}
    given = {
        "SUBJECT": device_check_settings.subject,
        "MAY_USE_CONTEXT": device_check_settings.may_use_context,
    }
    return [
        Error(
            f"DEVICE_CHECK[{key!r}] is missing: nobody could check for an application.",
            hint=f"DEVICE_CHECK[{key!r}] = {path!r}",
            id="diia_videoreception.E016",
        )
        for key, path in wanted.items()
        if not given[key]
    ]


@register(deploy=True)
def check_deployment(**kwargs: Any) -> list[CheckMessage]:
    """W012: a cache that the processes do not share, or too small. W013: cookies without Secure. W015: proxies.
    W018: no Content-Security-Policy.
    """
    messages = list(_check_cache())
    if CSP_MIDDLEWARE.isdisjoint(settings.MIDDLEWARE):
        messages.append(
            CheckWarning(
                "No middleware sets a Content-Security-Policy on our screens.",
                hint=f"MIDDLEWARE += [{OUR_CSP_MIDDLEWARE!r}]",
                id="diia_videoreception.W018",
            )
        )
    if not settings.SESSION_COOKIE_SECURE or not settings.CSRF_COOKIE_SECURE:
        messages.append(
            CheckWarning(
                "SESSION_COOKIE_SECURE and CSRF_COOKIE_SECURE should be on.",
                id="diia_videoreception.W013",
            )
        )
    if api_settings.NUM_PROXIES is None:
        messages.append(
            CheckWarning(
                "REST_FRAMEWORK['NUM_PROXIES'] is missing: behind a proxy all guests count as one client.",
                hint="It is the number of proxies in front of Django, 0 for none.",
                id="diia_videoreception.W015",
            )
        )
    return messages


def _check_cache() -> Iterator[CheckMessage]:
    cache: dict[str, Any] = settings.CACHES["default"]
    if cache["BACKEND"].endswith(("LocMemCache", "DummyCache", "FileBasedCache")):
        yield CheckWarning(
            "The default cache is not shared by the server processes: each would ask for what others know of certificates and keys.",
            id="diia_videoreception.W012",
        )
    elif cache["BACKEND"].endswith("DatabaseCache"):
        entries = cache.get("OPTIONS", {}).get("MAX_ENTRIES", cache.get("MAX_ENTRIES", 300))
        if int(entries) < MIN_CACHE_ENTRIES:
            yield CheckWarning(
                f"The default cache keeps {entries} entries only: what is asked of the outside world is forgotten too early.",
                hint=f"CACHES['default']['OPTIONS'] = {{'MAX_ENTRIES': {MIN_CACHE_ENTRIES}}}",
                id="diia_videoreception.W012",
            )


@register()
def check_second_factor(**kwargs: Any) -> list[CheckMessage]:
    """W027: a password alone opens personal data. W028: Django's admin. E026: who has given it is not known."""
    if not is_installed():
        return [] if settings.DEBUG else [_without_second_factor("is not installed")]
    messages: list[CheckMessage] = []
    places = [
        settings.MIDDLEWARE.index(name) if name in settings.MIDDLEWARE else -1
        for name in STAFF_MIDDLEWARE
    ]
    if -1 in places or places != sorted(places):
        messages.append(
            Error(
                f"MIDDLEWARE needs, in this order: {', '.join(STAFF_MIDDLEWARE)}.",
                hint="Until then no member of staff is let in.",
                id="diia_videoreception.E026",
            )
        )
    offered = [
        role
        for role in Role
        if policy_of(role, given=app_settings.second_factor) is not FactorPolicy.REQUIRED
    ]
    if offered and not settings.DEBUG:
        messages.append(_without_second_factor(f"is only offered to: {', '.join(offered)}"))
    return [*messages, *_check_django_admin()]


def _check_django_admin() -> Iterator[CheckMessage]:
    """Beside Wagtail's admin it is one more place where users get rights, and devices are shown."""
    if not apps.is_installed("django.contrib.admin"):
        return
    if not getattr(settings, "OTP_ADMIN_HIDE_SENSITIVE_DATA", False):
        yield CheckWarning(
            "Django's admin shows the keys of the second factor of all staff to its superusers.",
            hint="OTP_ADMIN_HIDE_SENSITIVE_DATA = True",
            id="diia_videoreception.W028",
        )
    site = import_string("django.contrib.admin.site")
    if not isinstance(site, import_string("django_otp.admin.OTPAdminSite")):
        yield CheckWarning(
            "A PASSWORD ALONE OPENS DJANGO'S ADMIN, where users get rights and second factors.",
            hint="Take 'django.contrib.admin' out of INSTALLED_APPS, or let its site be a "
            "django_otp.admin.OTPAdminSite (docs/install.md, «The second factor of staff»).",
            id="diia_videoreception.W028",
        )


def _without_second_factor(why: str) -> CheckMessage:
    return CheckWarning(
        f"A PASSWORD ALONE OPENS THE PERSONAL DATA OF CITIZENS: the second factor of staff {why}.",
        hint="pip install 'diia-videoreception[otp]' and docs/install.md, «The second factor of staff».",
        id="diia_videoreception.W027",
    )


@register()
def check_names(**kwargs: Any) -> list[CheckMessage]:
    """E014: one of our generic top-level names belongs to another distribution as well."""
    owners = packages_distributions()
    return [
        Error(
            f"The package {name!r} also belongs to {', '.join(sorted(others))}: one of them hides the other.",
            id="diia_videoreception.E014",
        )
        for name in TOP_LEVEL_NAMES
        if (others := set(owners.get(name, ())) - {DISTRIBUTION})
    ]


@register(Tags.database)
def check_agencies(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Return what the agencies themselves leave open; asks the database only when it is named."""
    return [
        message
        for alias in databases or ()
        if Agency._meta.db_table in connections[alias].introspection.table_names()
        for agency in Agency.objects.using(alias).order_by("pk")
        for message in _check_agency(agency)
    ]


def _check_agency(agency: Agency) -> Iterable[CheckMessage]:
    """W021: documents are kept for ever. W022: a program without https. W023: nobody is told."""
    if agency.is_connected and agency.document_days is None:
        yield CheckWarning(
            f"The agency {agency.pk} has not said how long it keeps documents: they stay for ever.",
            hint="Enter the days and the norm in the admin, «Установи», «Зберігання документів».",
            id="diia_videoreception.W021",
        )
    if agency.program_url.lower().startswith("http:"):
        yield CheckWarning(
            f"The agency {agency.pk} has its program downloaded from an address without https.",
            hint="Change it in the admin, «Установи».",
            id="diia_videoreception.W022",
        )
    if agency.is_connected and not agency.email:
        yield CheckWarning(
            f"The agency {agency.pk} takes applications, but has no e-mail of its moderators: nobody is told of them.",
            hint="Enter it in the admin, «Установи».",
            id="diia_videoreception.W023",
        )


@register(Tags.database)
def check_searches(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """W025: PostgreSQL without the indexes that find parts of words."""
    return [
        CheckWarning(
            f"Searches in {alias!r} find only how a number or a name begins: the database has no pg_trgm, "
            "or takes Cyrillic letters for none.",
            hint="Let its owner run CREATE EXTENSION pg_trgm, in a database whose LC_CTYPE is not C; then run "
            "`manage.py make_search_indexes` and restart the portal.",
            id="diia_videoreception.W025",
        )
        for alias in databases or ()
        if is_postgresql(connections[alias])
        and Application._meta.db_table in connections[alias].introspection.table_names()
        and PREFIX in search_indexes(alias)
    ]
