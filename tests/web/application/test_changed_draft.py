"""What is filed is what the check page showed, whatever other tabs have written meanwhile."""

import pytest
from django.test import Client

from diia_videoreception.models import Application, Citizen, Draft, SpentProof
from diia_videoreception.rules.merging import Known
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import draft_documents, drafts
from diia_videoreception.services.booking.drafts import DraftAnswers
from tests.factories import NOW
from tests.harness.html import Page
from tests.steps.application import ANSWERS, checked, url, write_draft
from tests.steps.inspection import examine_inside
from tests.steps.samples import png

SAID = "Заявку змінено в іншій вкладці чи програмі"
MARK = " Змінено"

pytestmark = [pytest.mark.usefixtures("hold", "draft"), pytest.mark.any_database]


def refused(client: Client, shown: dict[str, str]) -> Page:
    """Files what was shown and returns the page that refuses it."""
    page = Page(client.post(url("submit"), shown, follow=True))
    assert SAID in page.text
    assert "Заявку не подано" in page.text
    assert not Application.objects.exists()
    # The proof is not spent on what was not looked at.
    assert not SpentProof.objects.filter(act=SpentProof.Act.SUBMIT).exists()
    return page


def changed(page: Page) -> list[tuple[str, str]]:
    """What the page says has changed, and how it is now."""
    return [(term.removesuffix(MARK), now) for term, now in page.facts() if term.endswith(MARK)]


def test_filing__asks_again_when_another_tab_has_changed_the_text(
    client: Client, person: SignedIn
) -> None:
    shown = checked(client)
    write_draft(person, topic="Текст, якого тут не показано")

    page = refused(client, shown)

    assert changed(page) == [("Короткий зміст питання", "Текст, якого тут не показано")]
    client.post(url("submit"), checked(client))
    assert Application.objects.get().topic == "Текст, якого тут не показано"


@pytest.mark.parametrize(
    ("name", "value", "term"),
    [
        ("phone", "050 765 43 21", "Контактний телефон"),
        ("email", "inshyi@example.com", "Куди надійде лист"),
        ("needs", ["chat"], "Під час прийому"),
        ("companion", "Олена Мельник", "Під час прийому"),
        ("claims_priority", True, "Першочерговість"),
    ],
)
def test_filing__asks_again_when_another_tab_has_changed_any_answer(
    client: Client, person: SignedIn, name: str, value: object, term: str
) -> None:
    shown = checked(client)
    write_draft(person, **{name: value})

    assert [term for term, _ in changed(refused(client, shown))] == [term]


def test_filing__asks_again_when_a_document_was_added_or_removed(
    client: Client, person: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine_inside(monkeypatch)
    shown = checked(client)
    document = draft_documents.add_document(
        citizen=person.citizen, data=png(), filename="a.png", now=NOW
    )
    [(_, files)] = changed(refused(client, shown))
    assert document.name in files

    shown = checked(client)
    draft_documents.remove_document(citizen=person.citizen, public_id=document.public_id)
    [(_, files)] = changed(refused(client, shown))
    assert "Не додано" in files


def test_filing__asks_again_when_the_letters_would_go_elsewhere(
    client: Client, person: SignedIn
) -> None:
    shown = checked(client)
    Citizen.objects.filter(pk=person.citizen.pk).update(
        email="inshyi@example.com", email_confirmed_at=NOW
    )

    [(_, address)] = changed(refused(client, shown))
    assert address.startswith("inshyi@example.com")


def test_filing__does_not_drop_a_text_that_another_tab_typed_meanwhile(
    client: Client, person: SignedIn
) -> None:
    shown = checked(client)
    answers = DraftAnswers(topic="Текст вкладки, що відстала", phone=ANSWERS["phone"])
    stale = Known("topic:0", tab="stale", turn=1)
    drafts.merge_answers(citizen=person.citizen, answers=answers, known=stale, now=NOW)

    assert "Вибрати, який текст лишити" in refused(client, shown).text
    assert Draft.objects.get().other_texts


@pytest.mark.parametrize("version", ["", "topic", "topic:1 " * 90, "ї:\0"])
def test_a_version_that_is_none__files_nothing(client: Client, version: str) -> None:
    answer = client.post(url("submit"), checked(client) | {"version": version}, follow=True)
    assert answer.status_code in {200, 400}
    assert not Application.objects.exists()
