"""`manage.py demo_reception`: a confirmed reception a few minutes ahead, to try its room."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from sandbox.demo.today import place_reception


class Command(BaseCommand):
    help = "Closes the reception of the last start and places one five minutes ahead."

    def handle(self, *args: Any, **options: Any) -> None:
        placed = place_reception(now=timezone.now())
        self.stdout.write(placed.number if placed else "nobody has room for one more reception")
