"""Two tabs, two programs: nobody's newer text is lost, and an error is a page of its own."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from diia_videoreception.errors import DraftChanged
from diia_videoreception.models import Draft, Occupancy
from diia_videoreception.rules.displaced import MAX_TEXTS
from diia_videoreception.selectors.actors import SignedIn
from tests.harness.html import Page
from tests.steps.application import ANSWERS, url, write_draft

pytestmark = pytest.mark.any_database

JSON = {"headers": {"accept": "application/json"}}


def beside(draft: Draft) -> dict[str, list[str]]:
    """The texts beside the answers, oldest first."""
    return {name: [one["text"] for one in texts] for name, texts in draft.other_texts.items()}


class Tab:
    """The form as one tab knows it: what it was given, and what is typed into it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        form = client.get(url("application"), {"write": 1}).context["form"]
        context = client.get(url("application"), {"write": 1}).context
        self.fields = {name: form[name].value() or "" for name in ("topic", "phone", "email")}
        self.tracks = {
            "draft": str(context["draft"].token) if context["draft"] else "",
            "version": context["version"],
            "tab": context["tab"],
        }
        self.turn = 0

    def save(self, **typed: str) -> dict[str, Any]:
        """Autosave: everything that the tab shows, with the version it knows."""
        self.turn += 1
        self.fields |= typed
        answer = self.client.post(url("application"), self.sent(), **JSON).json()
        self.tracks |= {"draft": answer["draft"], "version": answer["version"]}
        return dict(answer)

    def sent(self) -> dict[str, Any]:
        return self.fields | self.tracks | {"turn": self.turn}


def test_an_older_tab__changes_only_what_was_typed_into_it(
    client: Client, person: SignedIn
) -> None:
    older, newer = Tab(client), Tab(client)
    older.save(topic="Перший текст")
    newer = Tab(client)
    newer.save(topic="Новіший текст")

    answer = older.save(phone="050 123 45 67")

    draft = Draft.objects.get()
    assert (draft.topic, draft.phone) == ("Новіший текст", "+380501234567")
    assert answer["answers"] == {"topic": "Новіший текст"}
    assert older.save(phone="050 123 45 68")["answers"] == {"topic": "Новіший текст"}
    assert Draft.objects.get().topic == "Новіший текст"


def test_two_texts_of_one_answer__are_both_kept_until_the_person_chooses(
    client: Client, person: SignedIn, hold: Occupancy
) -> None:
    one, other = Tab(client), Tab(client)
    one.save(topic="Текст однієї вкладки", phone="0671234567")
    answer = other.save(topic="Текст іншої вкладки")
    assert answer["conflicts"] == ["topic"]
    assert "Обидва тексти збережено" in answer["message"]
    other.save(topic="Текст іншої вкладки, довший")

    draft = Draft.objects.get()
    assert draft.topic == "Текст однієї вкладки"
    assert beside(draft) == {"topic": ["Текст іншої вкладки, довший"]}

    page = Page(client.post(url("application"), one.sent(), follow=True))
    assert [where for where, _ in page.errors()] == ["other_topic"]
    assert "Текст іншої вкладки, довший" in page.text
    client.post(url("application"), Tab(client).sent() | {"take": "topic"})
    draft.refresh_from_db()
    assert (draft.topic, draft.other_texts) == ("Текст іншої вкладки, довший", {})


def test_the_text_beside__can_be_removed(client: Client, person: SignedIn) -> None:
    one, other = Tab(client), Tab(client)
    one.save(topic="Перша")
    other.save(topic="Друга")

    client.post(url("application"), Tab(client).sent() | {"drop": "topic"})

    draft = Draft.objects.get()
    assert (draft.topic, draft.other_texts) == ("Перша", {})


def test_a_tab__goes_on_from_its_own_text_and_never_back(client: Client, person: SignedIn) -> None:
    tab = Tab(client)
    first = tab.sent() | {"topic": "Пита", "turn": 1}
    second = tab.sent() | {"topic": "Питання", "turn": 2}
    for sent in (second, first, second):
        assert client.post(url("application"), sent, **JSON).json()["conflicts"] == []

    draft = Draft.objects.get()
    assert (draft.topic, draft.other_texts) == ("Питання", {})


def test_an_old_form_sent_again__does_not_replace_a_newer_text(
    client: Client, person: SignedIn
) -> None:
    tab = Tab(client)
    old = tab.sent() | {"topic": "Старий текст", "phone": "1"}
    client.post(url("application"), old)
    Tab(client).save(topic="Виправлений текст", phone="0671234567")

    client.post(url("application"), old)

    draft = Draft.objects.get()
    assert (draft.topic, draft.phone) == ("Виправлений текст", "+380671234567")


def test_a_draft_that_was_cleaned_away__takes_all_that_the_tab_has(
    client: Client, person: SignedIn
) -> None:
    tab = Tab(client)
    tab.save(topic="Довгий текст")
    Draft.objects.all().delete()

    tab.save(phone="0501234567")

    assert Draft.objects.get().topic == "Довгий текст"


def test_an_error__is_a_page_that_can_be_reloaded(client: Client, hold: Occupancy) -> None:
    answer = client.post(url("application"), ANSWERS | {"phone": "067 123 45"})

    assert (answer.status_code, answer.url) == (303, f"{url('application')}?write=1&checked=1")
    for _ in range(2):
        page = client.get(answer.url).content.decode()
        assert page.count("У номері телефону замало цифр") == 2
    session = json.dumps(dict(client.session.items()))
    assert "067 123 45" not in session


def test_what_was_typed__waits_unreadable_in_the_session(client: Client, person: SignedIn) -> None:
    answer = client.post(url("address"), {"email": "melnyk@"})

    assert answer.status_code == 303
    assert "melnyk" not in json.dumps(dict(client.session.items()))
    for _ in range(2):
        assert Page(client.get(answer.url)).field("email").value == "melnyk@"
    assert "melnyk@" not in client.get(url("address")).content.decode()


def test_without_a_version__what_gives_way_is_kept_beside(person: SignedIn) -> None:
    write_draft(person, topic="Текст із порталу")
    draft = write_draft(person, topic="Текст із програми")

    assert draft.topic == "Текст із програми"
    assert beside(draft) == {"topic": ["Текст із порталу"]}


def test_stale_tabs_one_after_another__lose_no_text(client: Client, person: SignedIn) -> None:
    tabs = [Tab(client) for _ in range(MAX_TEXTS + 2)]
    texts = [f"вкладка {number}" for number in range(len(tabs))]
    for tab, text in zip(tabs[:-1], texts, strict=False):
        tab.save(topic=text)

    page = Page(client.get(url("application"), {"write": 1, "checked": 1}))
    assert all(text in page.text for text in texts[:-1])
    assert "Тут збережено кілька текстів. Виберіть один із них." in page.text
    # There is no room for one more: it stays where it is typed.
    sent = tabs[-1].sent() | {"topic": texts[-1], "turn": 1}
    refused = client.post(url("application"), sent, **JSON)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "draft_changed")
    handed_back = client.post(url("application"), sent)
    assert handed_back.status_code == 409
    assert Page(handed_back).hidden()["topic"] == texts[-1]
    assert "Виберіть у новій вкладці, який текст лишити" in handed_back.text
    draft = Draft.objects.get()
    assert [draft.topic, *beside(draft)["topic"]] == texts[:-1]

    chosen = next(text for text in page.values("take") if re.fullmatch("topic [0-9a-f]+", text))
    client.post(url("application"), Tab(client).sent() | {"take": chosen})
    draft.refresh_from_db()
    # The newest is shown first.
    assert [draft.topic, *beside(draft)["topic"]] == [texts[-2], *texts[1:-2]]


def test_programs__never_displace_what_a_person_has_typed(client: Client, person: SignedIn) -> None:
    Tab(client).save(topic="Текст людини", phone="0507654321")
    for number in range(2 * MAX_TEXTS):
        write_draft(person, topic=f"Програма {number}", phone="", by_program=True)

    draft = Draft.objects.get()
    kept = beside(draft)
    assert (draft.topic, kept["topic"][0]) == ("Програма 9", "Текст людини")
    assert (len(kept["topic"]), kept["phone"]) == (MAX_TEXTS, ["+380507654321"])


def test_a_program_without_a_version__is_refused_when_a_persons_text_would_be_lost(
    client: Client, person: SignedIn
) -> None:
    for tab in [Tab(client) for _ in range(MAX_TEXTS + 1)]:
        tab.save(topic=f"вкладка {tab.tracks['tab']}")
    before = Draft.objects.values().get()

    with pytest.raises(DraftChanged):
        write_draft(person, topic="Програма", by_program=True)

    assert Draft.objects.values().get() == before


def test_a_tab__does_not_replace_unseen_what_a_program_wrote(
    client: Client, person: SignedIn
) -> None:
    tab = Tab(client)
    tab.save(topic="Текст людини")
    write_draft(person, topic="Текст програми", by_program=True)

    tab.save(topic="Текст людини, довший")

    draft = Draft.objects.get()
    assert draft.topic == "Текст програми"
    assert "Текст людини, довший" in beside(draft)["topic"]


def test_priority__of_two_tabs_the_tick_is_kept(client: Client, person: SignedIn) -> None:
    ticked = {"claims_priority": "on"}
    unknown = ANSWERS | {"version": "none", "tab": "a"}
    write_draft(person)
    assert client.post(url("application"), unknown | ticked, **JSON).json()["conflicts"] == []
    assert Draft.objects.get().claims_priority
    client.post(url("application"), unknown | {"tab": "b"}, **JSON)
    assert Draft.objects.get().claims_priority
    whole = Tab(client)
    whole.save(phone="050 123 45 67")
    assert not Draft.objects.get().claims_priority, "who has seen the tick takes it back"


def test_a_tab_of_no_page__is_kept_without_what_no_database_keeps(
    client: Client, person: SignedIn
) -> None:
    """PostgreSQL keeps no JSON with a zero character."""
    write_draft(person)

    client.post(url("application"), ANSWERS | {"version": "none", "tab": "\x00а"}, **JSON)

    assert list(Draft.objects.get().tabs) == ["а"]
