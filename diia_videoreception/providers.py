"""Finds the integrations that the portal has configured, by alias (architecture decision 6).

A provider is a class named by `BACKEND`; `OPTIONS` and the alias as `name` become its `Options`
dataclass, so that an unknown or missing option is an error that names it. Providers know no
Django: an option `cache` gets the portal's, unless the settings give another one.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.core.cache import cache
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from diia_videoreception.conf import SETTING, ProviderConf, app_settings
from integrations.captcha.base import Captcha
from integrations.conference.base import ConferenceProvider
from integrations.identity.base import IdentityProvider
from integrations.mailbox.base import MailboxProvider


class ProviderMisconfigured(Exception):
    """A provider cannot be made from its settings; the text names the setting."""


def build(kind: str, alias: str, conf: ProviderConf) -> Any:
    """Makes the provider of one alias.

    Raises:
        ProviderMisconfigured: the class cannot be imported, or an option does not fit.
    """
    where = f"{SETTING}[{kind!r}][{alias!r}]"
    try:
        backend = import_string(conf.backend)
    except ImportError as error:
        raise ProviderMisconfigured(f"{where}: {conf.backend} cannot be imported.") from error
    names = {item.name for item in fields(backend.Options)}
    required = {
        item.name
        for item in fields(backend.Options)
        if item.default is MISSING and item.default_factory is MISSING
    }
    options = {"name": alias, **conf.options}
    if "cache" in names:
        options.setdefault("cache", cache)
    if unknown := set(options) - names:
        raise ProviderMisconfigured(f"{where}: unknown option {', '.join(sorted(unknown))}.")
    if missing := required - set(options):
        raise ProviderMisconfigured(f"{where}: option {', '.join(sorted(missing))} is missing.")
    try:
        return backend(backend.Options(**options))
    except (TypeError, ValueError) as error:
        raise ProviderMisconfigured(f"{where}: {error}") from error


def _build_all(kind: str, confs: Mapping[str, ProviderConf]) -> dict[str, Any]:
    """Makes the providers that are to be used; a server starts without any system check."""
    providers = {alias: build(kind, alias, conf) for alias, conf in confs.items()}
    for alias, provider in providers.items():
        if is_refused(provider):
            where = f"{SETTING}[{kind!r}][{alias!r}]"
            raise ProviderMisconfigured(f"{where} is for demonstration and needs DEBUG.")
    return providers


def is_refused(provider: object) -> bool:
    """Whether it is a provider for demonstration outside DEBUG (architecture decision 6)."""
    return bool(getattr(provider, "is_demo", False)) and not settings.DEBUG


@lru_cache(maxsize=1)
def identity_providers() -> Mapping[str, IdentityProvider]:
    """The ways to sign in, by alias, in the order of the settings."""
    return _build_all("IDENTITY", app_settings.identity)


@lru_cache(maxsize=1)
def conference_providers() -> Mapping[str, ConferenceProvider]:
    return _build_all("CONFERENCE", app_settings.conference)


@lru_cache(maxsize=1)
def mailbox_providers() -> Mapping[str, MailboxProvider]:
    return _build_all("MAILBOX", app_settings.mailbox)


def mailbox_provider() -> MailboxProvider | None:
    """The mail server for new mailboxes, None where letters go to the citizens' own addresses."""
    return mailbox_providers().get("default")


@lru_cache(maxsize=1)
def captcha() -> Captcha:
    return cast(Captcha, import_string(app_settings.captcha)())


def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == SETTING:
        for cached in (identity_providers, conference_providers, mailbox_providers, captcha):
            cached.cache_clear()


setting_changed.connect(_forget)
