"""`manage.py load_demo`: fills an empty demonstration; what is there already stays."""

from typing import Any

from django.core.management.base import BaseCommand

from sandbox.demo.pages import load_pages


class Command(BaseCommand):
    help = "Loads the demonstration content; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        load_pages(None)
