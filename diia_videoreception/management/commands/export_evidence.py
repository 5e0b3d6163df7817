"""Takes what proves sign-ins and signatures out of the database, for a dispute (B-23, B-29)."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from diia_videoreception.models import Citizen, Evidence
from diia_videoreception.rules.numbers import NumberError, format_number, parse_number
from diia_videoreception.services.accounts.evidence import export


class Command(BaseCommand):
    help = (
        "Writes the evidence of one citizen into a new folder: for each sign-in and signature what "
        "was signed, the signature, the certificates and the answers on revocation. The export "
        "itself is written down in the journal."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--application", metavar="NUMBER", help="by an application of theirs")
        whose.add_argument("--citizen", type=UUID, metavar="ID", help="by the public id")
        parser.add_argument("folder", type=Path, help="a folder that does not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        citizen = _find(options["application"], options["citizen"])
        folder: Path = options["folder"]
        try:
            # Personal data: nobody else on this machine reads it.
            folder.mkdir(mode=0o700, parents=True)
        except FileExistsError as error:
            raise CommandError(f"{folder} exists already.") from error
        exported = export(citizen, now=timezone.now())
        for evidence, files in exported:
            _write(folder / _name(evidence), files)
        self.stdout.write(f"{len(exported)} in {folder}")


def _find(number: str | None, public_id: UUID | None) -> Citizen:
    if number is not None:
        try:
            number = format_number(*parse_number(number))
        except NumberError as error:
            raise CommandError("This is no number of an application.") from error
        citizen = Citizen.objects.filter(applications__number=number).first()
    else:
        citizen = Citizen.objects.filter(public_id=str(public_id)).first()
    if citizen is None:
        raise CommandError("Nobody is found.")
    return citizen


def _name(evidence: Evidence) -> str:
    return f"{evidence.created_at:%Y%m%dT%H%M%SZ}-{evidence.purpose}-{evidence.public_id}"


def _write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir()
    for name, data in files.items():
        (folder / Path(name).name).write_bytes(data)
