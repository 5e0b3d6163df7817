"""Checks of our own setting and of the providers that it names."""

from collections.abc import Iterable
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning

from diia_videoreception.conf import SETTING, app_settings, read_settings
from diia_videoreception.providers import ProviderMisconfigured, build, build_captcha, is_refused
from integrations.common.urls import split_url
from integrations.identity.base import IdentityProvider

WITH_A_DEFAULT = {
    "MAILBOX": "new mailboxes are made there",
    "SMS": "it sends text messages",
    "ANTIVIRUS": "it scans the documents",
}
"""Kinds of providers that a portal may do without, and what the alias `default` is for."""


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
