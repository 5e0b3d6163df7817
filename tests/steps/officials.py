"""An official with a reception today, one earlier and one tomorrow; a colleague and another agency."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.test import Client

from diia_videoreception import models
from diia_videoreception.rules.transitions import Act
from diia_videoreception.services.booking import answers
from diia_videoreception.services.documents.storage import private_storage
from tests import factories
from tests.harness.clock import NOW
from tests.steps.moderation import decide
from tests.steps.signing import put_signature
from tests.steps.written_answers import NUMBER, PAPER

WORDS = "Чому припинили компенсацію"
FOREIGN = "Чужий прийом"


def user(name: str) -> Any:
    return get_user_model().objects.create_user(name, password="p", email=f"{name}@portal.example")


def client_of(somebody: Any) -> Client:
    client = Client()
    client.force_login(somebody)
    return client


@dataclass
class World:
    official: models.Official
    today: models.Application
    tomorrow: models.Application
    earlier: models.Application
    foreign: models.Application
    document: models.Document
    receiver: Any
    moderator: Any

    def client(self, who: str) -> Client:
        return client_of(getattr(self, who))


def _confirmed(start: datetime, **values: Any) -> models.Application:
    application = factories.ApplicationFactory(
        state=values.pop("state", "confirmed"), decided_at=NOW, start=start, **values
    )
    models.Reception.objects.create(
        application=application,
        conference="default",
        login="vp-login",
        password_encrypted="",
        confirmed_at=NOW,
    )
    return application


def _document(application: models.Application) -> models.Document:
    path = private_storage().save("documents/aa/official", ContentFile(b"content"))
    document = models.Document.objects.create(
        application=application,
        name="довідка.pdf",
        media_type="application/pdf",
        size=7,
        sha256="0" * 64,
        path=path,
        created_at=NOW,
    )
    put_signature(document)
    return document


def answer_on_paper(world: World) -> models.AnswerSignature:
    """Let the reception of today be over, and its answer be sent, signed on paper without a scan."""
    over = world.today.end + timedelta(minutes=1)
    decide("note_outcome", world.today, world.moderator, outcome=Act.COMPLETE, now=over)
    own = {"staff": world.moderator, "public_id": world.today.public_id, "now": over}
    answers.save_answer(**own, version=0, text="Поновлено.")
    answers.send_answer(**own, version=1, number=NUMBER, signing=PAPER)
    return models.AnswerSignature.objects.get()


def add_scan(world: World, signature: models.AnswerSignature) -> None:
    scan = models.Document.objects.filter(pk=world.document.pk)
    scan.update(application=None, answer_signature=signature)


def new_world() -> World:
    receiver = user("receiver")
    official = factories.OfficialFactory(user=receiver)
    citizen = factories.CitizenFactory()
    today = _confirmed(
        NOW + timedelta(minutes=10),
        official=official,
        citizen=citizen,
        topic=WORDS,
        needs=["sign_language"],
        number="ВП-2026-000123-7",
    )
    moderator = user("moderator")
    models.AgencyModerator.objects.create(agency=official.agency, user=moderator)
    return World(
        official=official,
        today=today,
        tomorrow=_confirmed(NOW + timedelta(days=1), official=official, topic="Завтрашнє"),
        earlier=_confirmed(
            NOW - timedelta(days=30),
            official=official,
            citizen=citizen,
            state="completed",
            topic="Перелік документів",
            number="ВП-2026-000087-4",
        ),
        foreign=_confirmed(
            NOW + timedelta(minutes=45),
            official=factories.OfficialFactory(
                unit=factories.UnitFactory(), user=user("foreign_official")
            ),
            citizen=citizen,
            topic=FOREIGN,
        ),
        document=_document(today),
        receiver=receiver,
        moderator=moderator,
    )
