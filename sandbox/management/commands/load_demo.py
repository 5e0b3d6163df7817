"""`manage.py load_demo`: fills an empty demonstration; what is there already stays."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from sandbox.demo.applications import load_applications
from sandbox.demo.directory import load_directory
from sandbox.demo.pages import load_pages
from sandbox.demo.staff import load_staff


class Command(BaseCommand):
    help = "Loads the demonstration content; a second run changes nothing."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model().objects
        if users.filter(username="admin").exists():
            return
        now = timezone.now()
        load_directory(now=now)
        load_staff(password=settings.SECRETS["staff_password"])
        load_pages(users.get(username="editor"))
        load_applications(now=now)
