"""Checks that nobody has changed the journal."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from diia_videoreception.services.housekeeping.restoring import unrecorded_applications
from diia_videoreception.services.journal.sealing import verify_journal

SEALED_WITHIN = timedelta(minutes=5)


class Command(BaseCommand):
    help = (
        "Recomputes the chain of the journal and prints its head. Keep the head elsewhere: rows "
        "missing at the end can only be noticed by comparing it. Exit code 1 when the chain is "
        "broken, or when records have waited for the seal for more than 5 minutes."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify_journal()
        self.stdout.write(f"Sealed: {found.sealed}. Waiting for the seal: {found.unsealed}.")
        if found.broken_at is not None:
            raise CommandError(f"The journal is broken at record {found.broken_at}.")
        if found.looks_broken_at is not None:
            raise CommandError(
                f"Looks at cases were changed or are missing: see record {found.looks_broken_at}."
            )
        lost = sum(1 for _ in unrecorded_applications())
        if lost:
            raise CommandError(f"Records are missing: {lost} applications have none.")
        self.stdout.write(f"Head: {found.head}")
        oldest = found.oldest_unsealed
        if oldest is not None and timezone.now() - oldest > SEALED_WITHIN:
            raise CommandError(
                f"Records have waited for the seal since {oldest:%Y-%m-%d %H:%M} UTC: "
                "is videoreception_housekeeping running?"
            )
