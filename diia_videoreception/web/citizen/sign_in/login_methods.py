"""Which ways a page offers: all to sign in, the stronger ones to step up, those with a credential to bind."""

from collections.abc import Iterable

from diia_videoreception.providers import identity_providers
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.web.sign_in_reasons import SignInReason
from integrations.common.levels import Level
from integrations.identity.base import AnyIdentityProvider, Button, Flow, IdentityProvider


def login_methods(reason: SignInReason | None, actor: SignedIn | None) -> list[AnyIdentityProvider]:
    """Return the providers of the sign-in page.

    Where somebody needs a higher level than they have, a provider that says it cannot reach more is
    left out.
    """
    providers = list(identity_providers().values())
    if reason is None or not reason.needs_more or actor is None:
        return providers
    return [provider for provider in providers if _reaches_more(provider, actor.level)]


ORDER = ("agency", "phone", "key", "sim", "person")
"""What most people have comes first: bank, phone, key, SIM card, an account at the portal."""


def rows_of(providers: Iterable[AnyIdentityProvider]) -> list[tuple[AnyIdentityProvider, Button]]:
    """Return the buttons of a page, those of one kind together; else in the order of the settings."""
    rows = [(provider, button) for provider in providers for button in provider.buttons]
    return sorted(rows, key=lambda row: (*ORDER, row[1].icon).index(row[1].icon))


def bindable_methods() -> list[AnyIdentityProvider]:
    """Return the providers with a key or bank account to remember; a portal's own account is none."""
    return [
        provider for provider in identity_providers().values() if provider.flow is not Flow.HANDOVER
    ]


def _reaches_more(provider: IdentityProvider, than: Level) -> bool:
    highest = provider.highest_level
    return highest is None or not than.at_least(highest)
