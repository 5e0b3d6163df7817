"""Where a reception is held: in the browser, or in a program of its own (A-54 to A-56)."""

from diia_videoreception.models import Application, ConferenceTrial
from diia_videoreception.providers import conference_providers
from integrations.conference.base import ConferenceProvider


def is_held_in_browser(application: Application) -> bool:
    """Return whether a browser is enough for the reception of this application, or will be.

    A reception that was given a login keeps it, whatever its alias means since.
    """
    reception = getattr(application, "reception", None)
    if reception is None:
        return _is_in_browser(application.official.agency.conference)
    return not reception.login and _is_in_browser(reception.conference)


def other_conference(application: Application) -> str:
    """Return the alias that a reception can be switched to: its agency's other one; empty where there is none."""
    present = application.reception.conference
    others = [alias for alias in _known_of_agency(application) if alias != present]
    return others[0] if others else ""


def conferences_within_reach(application: Application) -> list[ConferenceProvider]:
    """Return where a confirmed reception is held and may go on after switches, there and back."""
    aliases = {application.reception.conference, *_known_of_agency(application)}
    providers = conference_providers()
    return [providers[alias] for alias in sorted(aliases) if alias in providers]


def _known_of_agency(application: Application) -> list[str]:
    agency = application.official.agency
    return [
        alias
        for alias in (agency.conference, agency.spare_conference)
        if alias in conference_providers()
    ]


def next_conference(application: Application) -> str:
    """Return the alias that a reception gets with its next time: the one it has, while the portal knows that."""
    reception = getattr(application, "reception", None)
    if reception is not None and reception.conference in conference_providers():
        return str(reception.conference)
    return application.official.agency.conference


def _is_in_browser(alias: str) -> bool:
    provider = conference_providers().get(alias)
    return provider is not None and provider.capabilities.in_browser


def trials_by_alias() -> dict[str, ConferenceTrial]:
    """Return what was tried with real servers, as far as the settings name the same servers still."""
    providers = conference_providers()
    return {
        trial.alias: trial
        for trial in ConferenceTrial.objects.all()
        if trial.alias in providers and providers[trial.alias].server == trial.server
    }
