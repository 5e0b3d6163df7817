"""`manage.py demo_accounts`: where the demonstration is and who can sign in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from sandbox.demo.pages import SERVICE_SLUG
from sandbox.demo.schedules import ZONE
from sandbox.demo.staff import STAFF
from sandbox.demo.today import OFFICIAL, upcoming
from sandbox.https import CERTIFICATE, fingerprint


class Command(BaseCommand):
    help = "Prints the addresses and the accounts of the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(_welcome())
        self.stdout.flush()


def _welcome() -> str:
    password = settings.SECRETS["staff_password"]
    accounts = "\n".join(
        f"    {member.username:<12}{password:<12}{member.role}"
        + (f", {member.agency}" if member.agency else "")
        for member in STAFF
    )
    return f"""
Демонстраційний портал працює / The demonstration portal is running

  Портал / Portal                {settings.SITE_URL}/
  Послуга / The service          {settings.SITE_URL}/{SERVICE_SLUG}/
  Для працівників / For staff    {settings.SITE_URL}/admin/
  Працівникам ЦНАП / Centres     {settings.SITE_URL}/videoreception/centre/
  Надіслані листи / Sent mail    {settings.SITE_URL}/mailbox/
  Підписати файл / Sign a file   {settings.SITE_URL}/authority/

  Заявники: «Вхід», далі виберіть вигадану людину; пароль не потрібен.
  Citizens: “Вхід”, then choose an invented person; no password is needed.

  Працівники (ім’я, пароль) / Staff (name, password):
{accounts}

{_reception()}{_network()}
  Зупинити / Stop: Ctrl-C    Почати спочатку / Start afresh: make demo-reset
"""


def _network() -> str:
    """Return what to know where other machines can open the demonstration."""
    if not settings.HOST:
        return ""
    seen = fingerprint(settings.TLS / CERTIFICATE)
    return f"""
  Увага: кожен у цій мережі може ввійти як будь-хто з цих людей.
  Beware: anybody in this network can sign in as any of these people.
  Сертифікат зроблено щойно, браузер перепитає; SHA-256 має бути таким:
  The certificate was made on the spot, the browser will ask; its SHA-256 is:
    {seen}
"""


def _reception() -> str:
    """Return how to try a reception in two windows; nothing when none could be placed."""
    placed = upcoming(now=timezone.now())
    if placed is None:
        return ""
    start, person = placed.start.astimezone(ZONE), placed.citizen.full_name
    citizens = f"{settings.SITE_URL}/videoreception/cabinet/{placed.public_id}/"
    return f"""
  Прийом для проби о {start:%H:%M} / A reception to try at {start:%H:%M}
    заявник, одне вікно / citizen, one window
      {person}: {citizens}
    посадова особа, інше (приватне) вікно / official, another (private) window
      {OFFICIAL}: {settings.SITE_URL}/videoreception/official/
"""
