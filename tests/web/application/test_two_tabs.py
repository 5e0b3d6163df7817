"""Two tabs, two programs: nobody's newer text is lost, and an error is a page of its own."""

import json
from typing import Any

from django.test import Client

from diia_videoreception.models import Draft, Occupancy
from diia_videoreception.selectors.actors import SignedIn
from tests.web.application.conftest import ANSWERS, url, write_draft

JSON = {"headers": {"accept": "application/json"}}


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
    assert "Обидва тексти збережено" in answer["said"]
    other.save(topic="Текст іншої вкладки, довший")

    draft = Draft.objects.get()
    assert draft.topic == "Текст однієї вкладки"
    assert draft.other_texts == {"topic": "Текст іншої вкладки, довший"}

    page = client.post(url("application"), one.sent(), follow=True).content.decode()
    assert '<a href="#other_topic">' in page
    assert "Текст іншої вкладки, довший" in page
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
        assert 'value="melnyk@"' in client.get(answer.url).content.decode()
    assert "melnyk@" not in client.get(url("address")).content.decode()


def test_without_a_version__what_gives_way_is_kept_beside(person: SignedIn) -> None:
    write_draft(person, topic="Текст із порталу")
    draft = write_draft(person, topic="Текст із програми")

    assert draft.topic == "Текст із програми"
    assert draft.other_texts == {"topic": "Текст із порталу"}
