"""Checks of the project that we are installed in: middleware, storage, databases, cache, names."""

from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning
from django.core.files.storage import FileSystemStorage, Storage, storages
from rest_framework.settings import api_settings

from device_check.conf import app_settings as device_check_settings
from diia_videoreception.conf import app_settings

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
MIN_CACHE_ENTRIES = 100_000
MIDDLEWARE = "diia_videoreception.web.middleware.CitizenMiddleware"


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
