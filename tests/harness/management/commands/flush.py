"""Empties the tables after a test, and brings back what migrations have written."""

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from tests.harness import kept_rows


class Command(flush.Command):
    """Stands in for Django's own command: the next test finds the root page, the site and the rights."""

    def handle(self, **options: Any) -> None:
        # What receivers of `post_migrate` make anew comes back with the rows, under its old keys.
        super().handle(**options | {"inhibit_post_migrate": True})
        kept_rows.bring_back(connections[options["database"]])
