"""Remembers that the operator has held a call by a conference of the settings."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from diia_videoreception import errors
from diia_videoreception.services.rooms.trials import confirm_trial


class Command(BaseCommand):
    help = (
        "Remembers that a call of two people was held by this conference, with the day and the version "
        "of its server. Until then, and again when its address changes, «Стан інтеграцій» says that it "
        "was not tried. Fails when the server does not answer."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("alias", help="Its alias in the setting CONFERENCE.")
        parser.add_argument("server_version", help="What the server calls its version: 1.13.5")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            trial = confirm_trial(
                alias=options["alias"], version=options["server_version"], now=timezone.now()
            )
        except errors.ConferenceUnavailable:
            raise CommandError("No conference of this alias that has to be tried.") from None
        except errors.ConferenceDown:
            raise CommandError("Its server is not well: see «Стан інтеграцій».") from None
        except errors.Malformed:
            raise CommandError("The version must have 1 to 64 characters.") from None
        self.stdout.write(f"Tried: {trial.alias} at {trial.server}, version {trial.version}.")
