"""Documents that a centre adds for a person: by a consent to it, under the limits of everybody."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diia_videoreception import errors, models
from diia_videoreception.rules.mandates import ConsentMethod, HelpScope, IdentitySource
from diia_videoreception.services.assistance import adding, typing
from diia_videoreception.services.documents.scans import Upload
from diia_videoreception.services.documents.storage import private_storage
from tests.factories import ConsentTextFactory, ScheduleRuleFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.centres import CentreWorld
from tests.steps.mandates import SHEVCHUK, by, may_act, sealed, takes_texts, visit_for
from tests.steps.samples import png
from tests.steps.second_factor import with_app
from tests.steps.typing import ANSWERS, asked_to_confirm, confirmed, held, typed
from tests.steps.visits import shown

pytestmark = pytest.mark.any_database
BOTH = by(ConsentMethod.SMS_CODE, scopes=[HelpScope.BOOK_RECEPTION, HelpScope.ATTACH_DOCUMENTS])
PAPER = Upload("Довідка.png", png())


@pytest.fixture
def staff(world: CentreWorld, settings: Any, tmp_path: Path) -> Any:
    takes_texts(settings, tmp_path)
    with_app(world.administrator)
    return may_act(world.administrator)


@pytest.fixture
def visit(world: CentreWorld, staff: Any) -> models.CentreVisit:
    found = visit_for(world)
    sealed(found, staff, consent=BOTH)
    typed(found, staff)
    return found


def add(visit: models.CentreVisit, staff: Any, upload: Upload | None = PAPER) -> models.Document:
    return adding.add(shown(visit), upload, staff=staff, now=NOW)


def test_a_document__goes_with_the_application_and_a_code_of_before_fits_no_more(
    visit: models.CentreVisit, staff: Any, world: CentreWorld
) -> None:
    ConsentTextFactory()
    held(visit, staff, ScheduleRuleFactory().official)
    code = asked_to_confirm(visit, staff)
    document = add(visit, staff)
    with pytest.raises(errors.TypedChanged):
        confirmed(visit, staff, code)
    models.TypedCode.objects.all().delete()
    application = confirmed(visit, staff, asked_to_confirm(visit, staff))
    assert list(application.filed_documents) == [document]
    assert application.entered["documents"]["by"] == str(world.member.public_id)


def test_without_a_consent_to_it__nothing_is_added_or_removed(
    world: CentreWorld, staff: Any, visit: models.CentreVisit
) -> None:
    document = add(visit, staff)
    models.MandateScope.objects.filter(scope="attach_documents").delete()
    for act in (
        lambda: add(visit, staff),
        lambda: adding.remove(shown(visit), document.public_id, staff=staff, now=NOW),
    ):
        with pytest.raises(errors.NoMandate):
            act()
    with pytest.raises(errors.NotFound):
        add(visit, may_act(world.foreign_head))
    assert list(models.Document.objects.all()) == [document]


def test_what_cannot_be_taken__is_refused_as_of_everybody(
    visit: models.CentreVisit, staff: Any, settings: Any
) -> None:
    for wrong in (None, Upload("Програма.exe", b"MZ")):
        with pytest.raises(errors.Incomplete):
            add(visit, staff, wrong)
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"MAX_FILES": 1}
    add(visit, staff)
    with pytest.raises(errors.TooManyFiles):
        add(visit, staff)


def test_a_document_of_somebody_else__is_not_removed(
    visit: models.CentreVisit, staff: Any, world: CentreWorld
) -> None:
    other = visit_for(world)
    sealed(other, staff, consent=BOTH, said=replace(SHEVCHUK, first_name="Іван", rnokpp=""))
    theirs = add(other, staff)
    adding.remove(shown(visit), theirs.public_id, staff=staff, now=NOW)
    assert models.Document.objects.filter(pk=theirs.pk).exists()
    adding.remove(shown(other), theirs.public_id, staff=staff, now=NOW)
    assert not models.Document.objects.exists()


def test_with_the_draft__its_documents_go(
    visit: models.CentreVisit,
    staff: Any,
    world: CentreWorld,
    django_capture_on_commit_callbacks: Any,
) -> None:
    path = add(visit, staff).path
    models.Mandate.objects.update(identity_source=IdentitySource.DECLARED.value, document_kind="")
    again = visit_for(world)
    sealed(again, staff, consent=BOTH)
    with django_capture_on_commit_callbacks(execute=True):
        typing.write(shown(again), ANSWERS, staff=staff, now=NOW)
    assert not models.Document.objects.exists()
    assert not private_storage().exists(path)


def test_on_the_page__a_document_is_added_shown_and_removed(
    visit: models.CentreVisit, staff: Any, world: CentreWorld
) -> None:
    desk: Client = world.proven_client("administrator")
    args = [world.centre.public_id, visit.public_id]
    here = reverse("diia_videoreception:centre_typed_documents", args=args)
    sent = {"topic": ANSWERS.topic, "phone": ANSWERS.phone, "version": shown(visit).version}
    answer = desk.post(reverse("diia_videoreception:centre_typed", args=args), sent)
    assert answer["Location"] == here
    desk.post(
        here, {"version": shown(visit).version, "scan": SimpleUploadedFile("Довідка.png", png())}
    )
    page = Page(desk.get(here))
    assert "Довідка.png" in page.text
    document = models.Document.objects.get()
    desk.post(here, {"version": shown(visit).version, "remove": document.public_id})
    assert not models.Document.objects.exists()
    models.MandateScope.objects.filter(scope="attach_documents").delete()
    assert desk.get(here).status_code == 303


def test_who_has_added_it__stands_beside_it_before_the_person_confirms(
    visit: models.CentreVisit, staff: Any, world: CentreWorld
) -> None:
    ConsentTextFactory()
    held(visit, staff, ScheduleRuleFactory().official)
    check = reverse(
        "diia_videoreception:centre_typed_check", args=[world.centre.public_id, visit.public_id]
    )
    desk = world.proven_client("administrator")
    assert dict(Page(desk.get(check)).facts())["Документи"] == "Не додано"

    add(visit, staff)

    said = dict(Page(desk.get(check)).facts())["Документи"]
    assert "Довідка.png" in said
    assert f"додав(ла) адміністратор {staff.get_full_name()}" in said
