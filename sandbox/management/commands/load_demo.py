"""`manage.py load_demo`: fills an empty demonstration; what is there already stays."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from diia_videoreception.models import Application
from sandbox.demo.accreditation import load_test
from sandbox.demo.applications import load_applications
from sandbox.demo.centres import load_centres, load_directory_page
from sandbox.demo.directory import load_directory
from sandbox.demo.pages import load_pages
from sandbox.demo.staff import load_staff
from sandbox.models import HomePage


class Command(BaseCommand):
    help = "Loads the demonstration content; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if not get_user_model().objects.filter(username="admin").exists():
            _load_portal(now)
        else:
            # Who has come to the demonstration since it was begun.
            load_staff(password=settings.SECRETS["staff_password"])
            load_centres(now=now)
            _load_pages_of_centres(now)
        # Not in one transaction with it: a proof of work is spent in a transaction of its own.
        if not Application.objects.exists():
            load_applications(now=now)


@transaction.atomic
def _load_portal(now: datetime) -> None:
    load_directory(now=now)
    load_staff(password=settings.SECRETS["staff_password"])
    load_centres(now=now)
    load_pages(_editor())
    _load_pages_of_centres(now)


def _load_pages_of_centres(now: datetime) -> None:
    home = HomePage.objects.get()
    load_test(home, _editor(), now=now)
    load_directory_page(home, _editor())


def _editor() -> Any:
    return get_user_model().objects.get(username="editor")
