"""Checks after restoring that database, documents and keys belong together."""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diia_videoreception.services.housekeeping.restoring import verify_restored

MAX_NAMED = 20


class Command(BaseCommand):
    help = (
        "Recomputes the journal, compares every document with its digest in the table, opens every "
        "encrypted value and looks every citizen up by their number. Exit code 1 when anything is "
        "missing or changed; what it is is named by table and row. Changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify_restored()
        wrong = len(found.missing) + len(found.changed)
        self.stdout.write(f"Journal: {found.journal.sealed} sealed, head {found.journal.head}")
        self.stdout.write(f"Documents: {found.documents - wrong} of {found.documents} are whole.")
        self.stdout.write(
            f"Citizens: {found.citizens - len(found.not_found)} of {found.citizens} are found."
        )
        self._name("No file of document", found.missing)
        self._name("Changed file of document", found.changed)
        unreadable = [f"{column} of row {row}" for column, row in found.unreadable]
        self._name("No key of ENCRYPTION_KEYS opens", unreadable)
        self._name("LOOKUP_KEY does not find citizen", found.not_found)
        self._name("The journal knows nothing of application", found.unrecorded)
        if found.journal.broken_at is not None:
            raise CommandError(f"The journal is broken at record {found.journal.broken_at}.")
        if wrong or unreadable or found.not_found or found.unrecorded:
            raise CommandError("What was restored is not whole.")

    def _name(self, what: str, which: Sequence[object]) -> None:
        for each in which[:MAX_NAMED]:
            self.stderr.write(f"{what} {each}.")
        if len(which) > MAX_NAMED:
            self.stderr.write(f"{what} … and {len(which) - MAX_NAMED} more.")
