"""Tells which documents have outlived their agency's time of keeping, and deletes them when asked."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from diia_videoreception.services.booking import retention


class Command(BaseCommand):
    help = (
        "Reports, agency by agency, the documents of closed applications whose time of keeping is over. "
        "Housekeeping deletes them; with --delete this command does it now."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--delete", action="store_true", help="Delete them; else only report.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        for due in retention.report(now=now):
            kept = "for ever" if due.days is None else f"{due.days} days"
            self.stdout.write(
                f"Agency {due.agency.pk}: kept {kept}; due: {due.documents} documents "
                f"of {due.applications} applications, {due.size} bytes."
            )
        if options["delete"]:
            self.stdout.write(f"Deleted: {retention.delete_due(now=now)} documents.")
