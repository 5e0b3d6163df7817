"""Two agencies with a moderator each, and a superuser."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from diia_videoreception import models
from diia_videoreception.models.centres import OPERATE
from diia_videoreception.models.looks import HELP
from diia_videoreception.personal_data import encrypt
from diia_videoreception.services import letters
from diia_videoreception.services.accounts.evidence import pack
from diia_videoreception.services.booking.absences import save_absence
from diia_videoreception.services.documents.storage import private_storage
from tests import factories
from tests.harness.clock import NOW
from tests.steps.authority import signature
from tests.steps.second_factor import verify
from tests.steps.signing import put_signature

MARKER = "ОЗНАКА"
"""In every text of the first agency that a page could show, and nowhere else."""

# With it Wagtail answers a refusal with 403, else with a redirect to the home page.
XHR = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}


def staff(
    name: str, *agencies: models.Agency, superuser: bool = False, last_name: str = "Модератор"
) -> Any:
    user = get_user_model().objects.create_user(
        name, password="p", is_superuser=superuser, first_name=name, last_name=last_name
    )
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    for agency in agencies:
        models.AgencyModerator.objects.create(agency=agency, user=user)
    return user


def helper(name: str = "support") -> Any:
    """Somebody of the help desk, without an agency."""
    made = staff(name, last_name="Кузьменко")
    made.user_permissions.add(Permission.objects.get(codename=HELP))
    return made


def operator_of_portal() -> Any:
    """The portal's operator, without an agency."""
    made = staff("portal", last_name="Шевчук")
    made.user_permissions.add(Permission.objects.get(codename=OPERATE))
    return made


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@dataclass
class World:
    """The first agency's rows carry the marker; `foreign` is an ordinary second agency."""

    agency: models.Agency
    empty_agency: models.Agency
    unit: models.Unit
    empty_unit: models.Unit
    official: models.Official
    idle_official: models.Official
    rule: models.ScheduleRule
    exception: models.ScheduleException
    absence: models.Absence
    holiday: models.Holiday
    submitted: models.Application
    confirmed: models.Application
    held: models.Application
    document: models.Document
    signature: models.ApplicationSignature
    failed_letter: models.Letter
    foreign: models.Application
    moderator: Any
    foreigner: Any
    superuser: Any
    moderation: models.AgencyModerator
    receiver: Any
    head: Any
    substitute: models.OfficialSubstitute
    helper: Any
    operator: Any
    reason: models.RefusalReason

    def client(self, who: str) -> Client:
        return client_of(getattr(self, who))

    def proven_client(self, who: str) -> Client:
        """Of somebody who has just given the second factor."""
        return verify(self.client(who), getattr(self, who))


def _confirmed(official: models.Official, start: datetime) -> models.Application:
    application = factories.ApplicationFactory(
        official=official, state="confirmed", decided_at=NOW, start=start, number="ВП-2025-000102-0"
    )
    models.Reception.objects.create(
        application=application,
        conference="default",
        login="vp-login",
        password_encrypted=encrypt(f"таємне-{MARKER}"),
        confirmed_at=NOW,
    )
    return application


def _document(application: models.Application) -> models.Document:
    path = private_storage().save("documents/aa/one", ContentFile(f"зміст {MARKER}".encode()))
    document = models.Document.objects.create(
        application=application,
        name=f"довідка {MARKER}.pdf",
        media_type="application/pdf",
        size=20,
        sha256="0" * 64,
        path=path,
        is_signed=True,
        created_at=NOW,
    )
    put_signature(document, data=_signed(application.number))
    return document


def _signature(application: models.Application) -> models.ApplicationSignature:
    data = _signed(application.number)
    evidence = models.Evidence.objects.create(
        citizen=application.citizen,
        purpose=models.Purpose.SIGN,
        provider="kep",
        method="kep+ecdsa",
        level="high",
        archive_encrypted=pack({"signature.p7s": data, "challenge.txt": b"{}"}),
        created_at=NOW,
    )
    return models.ApplicationSignature.objects.create(
        application=application,
        evidence=evidence,
        signer=f"Мельник{MARKER}",
        level="high",
        manifest_sha256="0" * 64,
        signed_at=NOW,
    )


def _failed_letter(application: models.Application) -> models.Letter:
    letter = letters.queue(models.Letter.Kind.RECEIPT, application=application, now=NOW)
    letter.state, letter.next_attempt_at = models.Letter.State.FAILED, None
    letter.attempts, letter.error_kind = 1, models.Letter.ErrorKind.NO_SUCH_ADDRESS
    letter.smtp_code, letter.enhanced_status = 550, "5.1.1"
    letter.save()
    return letter


def _archived_reason(agency: models.Agency) -> models.RefusalReason:
    return models.RefusalReason.objects.create(
        agency=agency, text=f"Причина {MARKER}", is_archived=True
    )


def _substitute(official: models.Official) -> models.OfficialSubstitute:
    day = date(2026, 12, 9)
    start = datetime(2026, 12, 8, 22, tzinfo=UTC)
    return models.OfficialSubstitute.objects.create(
        official=official,
        user=staff("zastupnyk", last_name=f"Заступник{MARKER}"),
        first_day=day,
        last_day=day,
        starts_at=start,
        ends_at=start + timedelta(days=1),
    )


def _absence(official: models.Official) -> models.Absence:
    absence = models.Absence(
        official=official,
        start=datetime(2026, 12, 8, 7, tzinfo=UTC),
        end=datetime(2026, 12, 8, 9, tzinfo=UTC),
        reason=f"відрядження {MARKER}",
    )
    return save_absence(absence, now=NOW)


def _failed_mailbox(citizen: models.Citizen) -> None:
    models.OfficialMailbox.objects.create(
        citizen=citizen,
        provider="default",
        address=f"{MARKER.lower()}.1234@mail.example",
        state=models.OfficialMailbox.State.FAILED,
        last_error="LMTP 550",
        created_at=NOW,
    )


@lru_cache(maxsize=1)
def _signed(number: str) -> bytes:
    return signature("taras-token", f'{{"number": "{number}"}}'.encode())


def new_world() -> World:
    """Fill the database; each row of the first agency has its traces in Wagtail's log."""
    agency = factories.AgencyFactory(name=f"Міністерство {MARKER}")
    unit = factories.UnitFactory(agency=agency, name=f"Відділ {MARKER}")
    official = factories.OfficialFactory(unit=unit, last_name=f"Коваль{MARKER}")
    rule = factories.ScheduleRuleFactory(official=official)
    exception = models.ScheduleException.objects.create(
        official=official, date=date(2026, 12, 7), reason=f"виїзд {MARKER}"
    )
    submitted = factories.ApplicationFactory(
        official=official,
        start=datetime(2026, 12, 1, 7, tzinfo=UTC),
        topic=f"Питання {MARKER}",
        citizen=factories.CitizenFactory(last_name=f"Мельник{MARKER}"),
        number="ВП-2025-000101-0",
    )
    other_official = factories.OfficialFactory()
    factories.ScheduleRuleFactory(official=other_official, starts=time(9), ends=time(12))
    foreign = factories.ApplicationFactory(official=other_official, number="ВП-2025-000201-0")
    _failed_mailbox(submitted.citizen)
    moderator = staff("own", agency, last_name=MARKER)
    foreigner = staff("foreign", other_official.agency)
    world = World(
        agency=agency,
        empty_agency=factories.AgencyFactory(name=f"Агентство {MARKER}"),
        unit=unit,
        empty_unit=factories.UnitFactory(agency=agency, name=f"Сектор {MARKER}"),
        official=official,
        idle_official=factories.OfficialFactory(unit=unit, last_name=f"Бойко{MARKER}"),
        rule=rule,
        exception=exception,
        absence=_absence(official),
        holiday=models.Holiday.objects.create(date=date(2027, 1, 1), name=f"Свято {MARKER}"),
        submitted=submitted,
        confirmed=_confirmed(official, datetime(2026, 12, 2, 7, tzinfo=UTC)),
        held=factories.ApplicationFactory(
            official=official,
            state="completed",
            decided_at=NOW,
            start=NOW - timedelta(days=1),
            number="ВП-2025-000104-0",
            topic=f"Минуле {MARKER}",
        ),
        document=_document(submitted),
        signature=_signature(submitted),
        failed_letter=_failed_letter(submitted),
        foreign=foreign,
        moderator=moderator,
        foreigner=foreigner,
        superuser=staff("super", superuser=True),
        helper=helper(),
        operator=operator_of_portal(),
        moderation=models.AgencyModerator.objects.get(user=moderator),
        receiver=staff("pryimach"),
        head=staff("kerivnyk", agency),
        substitute=_substitute(official),
        reason=_archived_reason(agency),
    )
    # A stranger may be a head as well, of another agency.
    models.AgencyModerator.objects.filter(user__in=[world.head, foreigner]).update(is_head=True)
    models.Official.objects.filter(pk=official.pk).update(user=world.receiver)
    models.Objection.objects.create(
        application=world.held,
        outcome="completed",
        text=f"Прийому не було {MARKER}",
        created_at=NOW,
        due=date(2026, 12, 4),
    )
    for row in vars(world).values():
        if isinstance(row, Model) and not isinstance(row, get_user_model()):
            log(row, "wagtail.edit", user=moderator)
    return world


def text_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode(errors="replace"))


@contextmanager
def undone() -> Iterator[None]:
    """Take back what is done, so that who comes next finds the same rows."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of ours and of Wagtail's log."""
    ours = [*apps.get_app_config("diia_videoreception").get_models(), ModelLogEntry]
    with connection.cursor() as cursor:
        return {model.__name__: _rows(cursor, model._meta) for model in ours}


def _rows(cursor: Any, table: Any) -> list[tuple[Any, ...]]:
    name, key = map(connection.ops.quote_name, (table.db_table, table.pk.column))
    cursor.execute(f"SELECT * FROM {name} ORDER BY {key}")
    return list(cursor.fetchall())
