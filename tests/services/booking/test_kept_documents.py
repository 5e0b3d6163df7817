"""What one person can pile up in documents, whatever becomes of the applications."""

from datetime import timedelta
from typing import Any

import pytest

from diia_videoreception.errors import DocumentLimit
from diia_videoreception.models import Application, Citizen, Document
from diia_videoreception.services.booking.draft_documents import add_document, remove_document
from diia_videoreception.services.documents.storage import private_storage
from tests.factories import ApplicationFactory, CitizenFactory
from tests.harness.clock import NOW
from tests.steps.inspection import examine_inside
from tests.steps.samples import png

pytestmark = pytest.mark.django_db
PNG = png()
DAY = timedelta(days=1)
State = Application.State


@pytest.fixture(autouse=True)
def _examined_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    examine_inside(monkeypatch)


@pytest.fixture(autouse=True)
def limit(settings: Any) -> Any:
    def to(**limits: int) -> None:
        settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | limits

    to(MAX_KEPT_FILES=2)
    return to


@pytest.fixture
def citizen() -> Citizen:
    return CitizenFactory()


def add(citizen: Citizen, *, now: Any = NOW) -> Document:
    return add_document(citizen=citizen, data=PNG, filename="a.png", now=now)


def file_with_two(citizen: Citizen, state: State) -> None:
    """An application to which two documents were added now."""
    decided_at = None if state == State.SUBMITTED else NOW
    application = ApplicationFactory(
        citizen=citizen, state=state, decided_at=decided_at, reason="Причина"
    )
    for _ in range(2):
        add(citizen)
    Document.objects.filter(draft__citizen=citizen).update(draft=None, application=application)


def files() -> int:
    folders = private_storage().listdir("documents")[0]
    return sum(len(private_storage().listdir(f"documents/{name}")[1]) for name in folders)


@pytest.mark.parametrize("state", [State.CANCELLED, State.DECLINED])
def test_documents_of_cancelled_applications__count_for_a_day(
    citizen: Citizen, state: State
) -> None:
    file_with_two(citizen, state)
    before = files()
    with pytest.raises(DocumentLimit):
        add(citizen, now=NOW + DAY - timedelta(seconds=1))
    assert files() == before
    add(citizen, now=NOW + DAY)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.CONFIRMED])
def test_documents_of_open_applications__count_as_long_as_they_are_open(
    citizen: Citizen, state: State
) -> None:
    file_with_two(citizen, state)
    with pytest.raises(DocumentLimit):
        add(citizen, now=NOW + 100 * DAY)


def test_the_size__is_bounded_too(citizen: Citizen, limit: Any) -> None:
    size = len(PNG)
    limit(MAX_KEPT_FILES=9, MAX_KEPT_BYTES=2 * size)
    first = add(citizen)
    add(citizen)
    before = files()
    with pytest.raises(DocumentLimit):
        add(citizen)
    assert files() == before
    remove_document(citizen=citizen, public_id=first.public_id)
    add(citizen)
    limit(MAX_KEPT_FILES=9, MAX_KEPT_BYTES=3 * size - 1)
    with pytest.raises(DocumentLimit):
        add(citizen)


def test_documents_of_others__do_not_count(citizen: Citizen) -> None:
    file_with_two(citizen, State.SUBMITTED)
    add(CitizenFactory())
