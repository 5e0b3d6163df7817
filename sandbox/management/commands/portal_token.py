"""`manage.py portal_token --rnokpp N --level high [--handover]`: a token as the portal would issue it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from integrations.common.levels import Level
from integrations.identity.base import IdentifierKind
from integrations.identity.portal_issuer import issue_access, issue_handover
from integrations.identity.rnokpp import normal_identifier
from sandbox.demo.citizens import DemoCitizen, by_identifier
from sandbox.secret_store import portal_keys


class Command(BaseCommand):
    help = (
        "Prints a token of the demonstration portal: an access token for the API, good for ten "
        "minutes, or with --handover one for the browser, good for two minutes and one time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        person = parser.add_mutually_exclusive_group(required=True)
        for kind in IdentifierKind:
            person.add_argument(f"--{kind.value}", metavar="NUMBER")
        parser.add_argument("--level", choices=[level.value for level in Level], default="high")
        parser.add_argument("--handover", action="store_true")
        parser.add_argument("--nonce", help="of the browser, for --handover")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("This portal signs in anybody, so it works only with DEBUG.")
        kind = next(kind for kind in IdentifierKind if options[kind.value])
        try:
            number = normal_identifier(kind, options[kind.value])
        except ValueError as error:
            raise CommandError(str(error)) from error
        now = timezone.now()
        identity = _person(kind, number).identity(now, level=Level(options["level"]))
        issuing: dict[str, Any] = {
            "key": portal_keys(settings.SECRETS).active,
            "issuer": settings.PORTAL_ISSUER,
            "audience": settings.PORTAL_AUDIENCE,
            "now": now,
        }
        if options["handover"]:
            token = issue_handover(identity, nonce=options["nonce"], **issuing)
        else:
            token = issue_access(identity, **issuing)
        self.stdout.write(token)


def _person(kind: IdentifierKind, number: str) -> DemoCitizen:
    """Return a citizen of the demonstration, or somebody invented for this number."""
    return by_identifier(number) or DemoCitizen(
        slug=f"{kind.value}-{number}".encode("ascii", "backslashreplace").decode(),
        last_name="Невідома",
        first_name="Особа",
        patronymic="",
        identifier=number,
        kind=kind,
        method="kep+dstu",
    )
