"""Remembering that a conference was tried with its real server."""

from datetime import datetime

from diia_videoreception import errors
from diia_videoreception.models import ConferenceTrial
from diia_videoreception.models.trials import MAX_VERSION
from diia_videoreception.providers import conference_providers


def confirm_trial(*, alias: str, version: str, now: datetime) -> ConferenceTrial:
    """Write down that a call was held; a later trial takes the place of an earlier one.

    Outside any transaction: the server is asked whether it is well.

    Raises:
        ConferenceUnavailable: the settings have no such conference, or it needs no trial.
        ConferenceDown: its server is not well now.
        Malformed: the version is empty or too long.
    """
    provider = conference_providers().get(alias)
    if provider is None or not provider.needs_trial:
        raise errors.ConferenceUnavailable(alias=alias)
    line = version.strip()
    if not 0 < len(line) <= MAX_VERSION:
        raise errors.Malformed
    if provider.outages():
        raise errors.ConferenceDown
    trial, _ = ConferenceTrial.objects.update_or_create(
        alias=alias, defaults={"server": provider.server, "version": line, "confirmed_at": now}
    )
    return trial
