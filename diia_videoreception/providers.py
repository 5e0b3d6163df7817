"""Finds the integrations that the portal has configured, by alias.

A provider is a class named by `BACKEND`, derived from the base class of its kind; `OPTIONS` and the
alias as `name` become its `Options` dataclass, so that an unknown or missing option is an error that
names it. Providers know no Django: an option `cache` gets the portal's, unless the settings give
another one.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.core.cache import cache
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from diia_videoreception.conf import SETTING, ProviderConf, app_settings
from integrations.antivirus.base import AntivirusProvider
from integrations.captcha.base import Captcha
from integrations.common.providers import Provider
from integrations.conference.base import ConferenceProvider
from integrations.identity.base import (
    AnyIdentityProvider,
    Flow,
    HandOverProvider,
    RedirectProvider,
    SignatureProvider,
)
from integrations.mailbox.base import MailboxProvider
from integrations.sms.base import SmsProvider

BASES: Mapping[str, tuple[type[Provider], ...]] = {
    "IDENTITY": (HandOverProvider, RedirectProvider, SignatureProvider),
    "CONFERENCE": (ConferenceProvider,),
    "MAILBOX": (MailboxProvider,),
    "SMS": (SmsProvider,),
    "ANTIVIRUS": (AntivirusProvider,),
}
"""What a provider of each kind derives from, one of them."""


class ProviderMisconfigured(Exception):
    """A provider cannot be made from its settings; the text names the setting."""


class MayBeDemo(Protocol):
    """What says of itself whether it is for demonstration."""

    is_demo: bool


def build(kind: str, alias: str, conf: ProviderConf) -> Any:
    """Make the provider of one alias.

    Raises:
        ProviderMisconfigured: the class cannot be imported or is none of this kind, or an option
            does not fit.
    """
    where = f"{SETTING}[{kind!r}][{alias!r}]"
    backend = _import(where, conf.backend, BASES[kind])
    if not is_dataclass(getattr(backend, "Options", None)):
        raise ProviderMisconfigured(f"{where}: {conf.backend} lacks the dataclass Options.")
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


def _import(where: str, path: str, bases: tuple[type, ...]) -> Any:
    """Import a class that derives from one of the bases and lacks nothing of it."""
    try:
        backend = import_string(path)
    except ImportError as error:
        raise ProviderMisconfigured(f"{where}: {path} cannot be imported: {error}.") from error
    if not isinstance(backend, type) or not issubclass(backend, bases):
        wanted = " or ".join(f"{base.__module__}.{base.__name__}" for base in bases)
        raise ProviderMisconfigured(f"{where}: {path} does not derive from {wanted}.")
    absent: frozenset[str] = getattr(backend, "__abstractmethods__", frozenset())
    if absent:
        raise ProviderMisconfigured(f"{where}: {path} lacks {', '.join(sorted(absent))}.")
    return backend


def _build_all(kind: str, confs: Mapping[str, ProviderConf]) -> dict[str, Any]:
    """Make the providers that are to be used; a server starts without any system check."""
    providers = {alias: build(kind, alias, conf) for alias, conf in confs.items()}
    for alias, provider in providers.items():
        _require_usable(f"{SETTING}[{kind!r}][{alias!r}]", provider)
    return providers


def _require_usable(where: str, provider: MayBeDemo) -> None:
    if is_refused(provider):
        raise ProviderMisconfigured(f"{where} is for demonstration and needs DEBUG.")


def is_refused(provider: MayBeDemo) -> bool:
    """Return whether it is a provider for demonstration outside DEBUG."""
    return provider.is_demo and not settings.DEBUG


@lru_cache(maxsize=1)
def identity_providers() -> Mapping[str, AnyIdentityProvider]:
    """Return the ways to sign in, by alias, in the order of the settings."""
    return _build_all("IDENTITY", app_settings.identity)


def signature_provider(alias: str | None = None) -> SignatureProvider | None:
    """Return the verifier of signatures of this alias or the first one; None where there is none."""
    for name, provider in identity_providers().items():
        if provider.flow is Flow.SIGNATURE and alias in (None, name):
            return provider
    return None


@lru_cache(maxsize=1)
def conference_providers() -> Mapping[str, ConferenceProvider]:
    return _build_all("CONFERENCE", app_settings.conference)


@lru_cache(maxsize=1)
def mailbox_providers() -> Mapping[str, MailboxProvider]:
    return _build_all("MAILBOX", app_settings.mailbox)


def mailbox_provider() -> MailboxProvider | None:
    """Return the mail server for new mailboxes, None where letters go to the citizens' own addresses."""
    return mailbox_providers().get("default")


@lru_cache(maxsize=1)
def sms_providers() -> Mapping[str, SmsProvider]:
    return _build_all("SMS", app_settings.sms)


def sms_provider(*, abroad: bool) -> SmsProvider | None:
    """Return the gateway for a phone; None where the portal sends no text messages."""
    providers = sms_providers()
    return (providers.get("abroad") if abroad else None) or providers.get("default")


@lru_cache(maxsize=1)
def antivirus_providers() -> Mapping[str, AntivirusProvider]:
    return _build_all("ANTIVIRUS", app_settings.antivirus)


def antivirus_provider() -> AntivirusProvider | None:
    """Give the scanner of documents, None where the portal has none.

    Raises:
        ProviderMisconfigured: it has one that cannot be used; documents must wait.
    """
    providers = antivirus_providers()
    if providers and "default" not in providers:
        raise ProviderMisconfigured(f"{SETTING}['ANTIVIRUS'] needs the alias 'default'.")
    return providers.get("default")


def build_captcha() -> Captcha:
    """Make the captcha.

    Raises:
        ProviderMisconfigured: the class cannot be imported, or is no captcha.
    """
    made: Captcha = _import(f"{SETTING}['CAPTCHA']", app_settings.captcha, (Captcha,))()
    return made


@lru_cache(maxsize=1)
def captcha() -> Captcha:
    made = build_captcha()
    _require_usable(f"{SETTING}['CAPTCHA']", made)
    return made


def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == SETTING:
        for cached in (
            identity_providers,
            conference_providers,
            mailbox_providers,
            sms_providers,
            antivirus_providers,
            captcha,
        ):
            cached.cache_clear()


setting_changed.connect(_forget)
