"""Encrypts what is stored again under the first of ENCRYPTION_KEYS, and says which key may go."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from diia_videoreception.conf import app_settings
from diia_videoreception.services.housekeeping import key_rotation
from diia_videoreception.services.housekeeping.key_rotation import Found

MAX_NAMED = 10


class Command(BaseCommand):
    help = (
        "Encrypts every stored value again under the first of ENCRYPTION_KEYS, while the portal "
        "runs; a run that was stopped is simply begun again. Says which keys may be taken out of "
        "the settings. Exit code 1 while a value needs an older key or can be read with none."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only count.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = key_rotation.count() if options["dry_run"] else key_rotation.rotate()
        if not options["dry_run"]:
            self.stdout.write(f"Encrypted again: {found.replaced}.")
        for place in range(len(app_settings.encryption_keys)):
            self.stdout.write(
                f"Key {place + 1}: {found.by_key[place]} values. {_advice(found, place)}"
            )
        for column, primary_key in found.unreadable[:MAX_NAMED]:
            self.stderr.write(f"No key opens {column} of row {primary_key}.")
        if found.unreadable:
            raise CommandError(
                f"{len(found.unreadable)} values can be read with no key: a key is missing. "
                "Put it back; no key may go."
            )
        if found.old:
            raise CommandError(
                f"{found.old} values still need an older key, which may not go yet."
                + ("" if options["dry_run"] else " Do all processes run with the new first key?")
            )


def _advice(found: Found, place: int) -> str:
    if place == 0:
        return "It encrypts."
    if place in found.unneeded_keys:
        return (
            "It may go, when every process runs with the new first key; keep it with old backups."
        )
    return "It may not go yet."
