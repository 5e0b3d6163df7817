"""Step 2: the form keeps everything, says what is wrong and leads on (A-36 to A-43)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from diia_videoreception.models import Draft, EmailConfirmation, Occupancy
from diia_videoreception.rules.numbers import format_number
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import drafts
from diia_videoreception.services.booking.drafts import DraftAnswers
from tests.factories import NOW, ApplicationFactory, CitizenFactory
from tests.harness.html import Page
from tests.steps.application import ANSWERS, filed, sign_in_for_long, url, write_draft
from tests.steps.people import page_after

pytestmark = pytest.mark.any_database

JSON = {"Accept": "application/json"}


def test_the_form__shows_the_held_time_the_labels_of_the_service_and_nobody_may_keep_it(
    client: Client, hold: Occupancy
) -> None:
    response = client.get(url("application"))
    page = Page(response)

    assert "no-store" in response["Cache-Control"]
    assert page.title == "Крок 2 з 4: Опишіть питання — Запис на відеоприйом"
    assert "10:15 за київським часом" in page.texts("strong"), (
        "the hold ends a quarter of an hour after 10:00"
    )
    assert hold.official.full_name in page.text
    assert hold.official.agency.name in page.text
    assert "вівторок, 1 грудня 2026 року, 10:30" in page.text
    for label in (
        "Короткий зміст питання",
        "Контактний телефон",
        "Додаткова інформація і файли",
        "Номер попередньої заявки",
        "Вибрати",
        "Залишилося 1000 символів із 1000",
        "Додано 0 з 10",
    ):
        assert label in page.text


def test_the_form__is_filled_with_what_is_known_of_the_person(client: Client) -> None:
    page = Page(client.get(url("application")))

    assert page.field("Контактний телефон").value == "+380 67 123 45 67"


def test_looking_at_the_form__writes_nothing(client: Client) -> None:
    client.get(url("application"))

    assert not Draft.objects.exists()


def test_without_a_time__the_form_says_so_and_leads_to_the_schedule(
    client: Client, person: SignedIn
) -> None:
    page = client.get(url("application")).content.decode()
    response = client.post(url("application"), ANSWERS)

    assert "Час ще не вибрано." in page
    assert "Зберегти і вибрати час" in page
    assert response["Location"] == url("choose")
    assert Draft.objects.get().topic == ANSWERS["topic"]


def test_complete_answers__lead_to_the_check(client: Client, hold: Occupancy) -> None:
    response = client.post(url("application"), ANSWERS | {"needs": ["more_time", "nonsense"]})

    draft = Draft.objects.get()
    assert (response.status_code, response["Location"]) == (303, url("check"))
    assert (draft.phone, draft.needs) == ("+380671234567", ["more_time"])


def test_a_companion_who_is_named__is_expected(client: Client, hold: Occupancy) -> None:
    client.post(url("application"), ANSWERS | {"companion": "Мельник Олег, син"})

    draft = Draft.objects.get()
    assert (draft.needs, draft.companion) == (["companion"], "Мельник Олег, син")


def test_errors__stand_in_the_summary_and_at_the_fields_and_what_was_typed_is_kept(
    client: Client, hold: Occupancy
) -> None:
    response = client.post(
        url("application"),
        {"topic": " ", "phone": "067 123 45", "prior_number": "ВП-2026-000078-1", "email": "a@"},
    )
    page = Page(page_after(client, response))

    assert page.title.startswith("Помилка: Крок 2 з 4")
    errors = dict(page.errors())
    for field, text in (
        ("topic", "Напишіть, про що Ви хочете поговорити"),
        ("phone", "У номері телефону замало цифр"),
        ("prior_number", "У номері хибна цифра"),
    ):
        assert errors[field].startswith(text)
        assert page.text.count(text) == 2
        assert text in page.one(f"#{field}_error").text
        assert text in page.field(field).error
    assert page.field("phone").value == "067 123 45"
    assert page.field("prior_number").value == "ВП-2026-000078-1"
    assert page.has("details#more[open]")
    draft = Draft.objects.get()
    assert (draft.phone, draft.prior_number) == ("067 123 45", "ВП-2026-000078-1")


def test_an_address_that_is_none__is_told(client: Client, person: SignedIn) -> None:
    _forget_address(person)
    page = page_after(client, client.post(url("application"), ANSWERS | {"email": "melnyk@"})).text

    assert page.count("Введіть адресу у форматі name@example.com") == 2


def test_too_long_a_text__is_kept_and_counted(client: Client, hold: Occupancy) -> None:
    page = page_after(client, client.post(url("application"), ANSWERS | {"topic": "я" * 1002})).text

    assert "Короткий зміст має бути не довшим за 1000 символів" in page
    assert "Зайві 2 символи: можна ввести до 1000" in page
    assert Draft.objects.get().topic == "я" * 1002


def test_line_ends_of_the_form__count_as_one_character(client: Client, hold: Occupancy) -> None:
    response = client.post(url("application"), ANSWERS | {"topic": "я\r\n" * 400 + "я" * 200})

    assert response.status_code == 303


def test_a_phone_typed_with_many_spaces__is_not_cut(client: Client, hold: Occupancy) -> None:
    client.post(url("application"), ANSWERS | {"phone": "+380 (67) 123 - 45 - 67   "})

    assert Draft.objects.get().phone == "+380671234567"


def test_the_way_to_another_time__takes_along_what_was_typed(
    client: Client, hold: Occupancy
) -> None:
    response = client.post(url("application"), {"topic": "Початок", "phone": "", "then": "choose"})

    assert response["Location"] == url("choose")
    assert Draft.objects.get().topic == "Початок"


# --- The previous application (A-42) ---------------------------------------------------------


def test_own_numbers_with_that_official__are_offered(
    client: Client, person: SignedIn, hold: Occupancy
) -> None:
    mine = filed(person, official=hold.official, state="declined", reason="Інше", decided_at=NOW)
    other = filed(person)
    foreign = ApplicationFactory(official=hold.official)

    response = client.get(url("application"))

    offered = [option.attribute("value") for option in Page(response).all("option")]
    assert mine.number in offered
    assert other.number not in response.text
    assert foreign.number not in response.text


def test_the_number_of_another_person_or_official__is_refused(
    client: Client, person: SignedIn, hold: Occupancy
) -> None:
    foreign = ApplicationFactory(number=format_number(2026, 5), official=hold.official)
    other = filed(person, number=format_number(2026, 6))

    for number, refusal in (
        (foreign.number, "Заявки з таким номером у Вас немає"),
        (other.number, "подано до іншої посадової особи"),
    ):
        answer = client.post(url("application"), ANSWERS | {"prior_number": number})
        assert refusal in page_after(client, answer).text


# --- Saving in the background ------------------------------------------------------------------


def test_a_script__saves_incomplete_answers(client: Client, person: SignedIn) -> None:
    response = client.post(url("application"), {"topic": "Поча", "phone": "0"}, headers=JSON)

    draft = Draft.objects.get()
    saved = response.json()
    assert (saved["draft"], saved["message"]) == (str(draft.token), "Збережено")
    assert (saved["conflicts"], saved["answers"]) == ([], {})
    assert (draft.citizen, draft.topic, draft.phone) == (person.citizen, "Поча", "0")
    assert Page(client.get(url("application"))).field("topic").value == "Поча"


def test_a_late_save__does_not_bring_a_filed_draft_back(
    client: Client, person: SignedIn, draft: Draft
) -> None:
    application = filed(person, draft_token=draft.token)
    draft.delete()
    sent = ANSWERS | {"draft": str(application.draft_token)}

    background = client.post(url("application"), sent, headers=JSON)
    pressed = client.post(url("application"), sent)

    assert (background.status_code, background.json()["error"]["code"]) == (
        409,
        "already_submitted",
    )
    assert pressed["Location"] == url("done", application.public_id)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("headers", [{}, JSON])
def test_the_draft_of_another_person__is_neither_shown_nor_written(
    client: Client, headers: dict[str, str]
) -> None:
    foreign = drafts.save_answers(
        citizen=CitizenFactory(), answers=DraftAnswers(topic="Чуже"), now=NOW
    )

    response = client.post(
        url("application"), ANSWERS | {"draft": str(foreign.token)}, headers=headers
    )

    foreign.refresh_from_db()
    assert response.status_code == 404
    assert "Чуже" not in response.content.decode()
    assert foreign.topic == "Чуже"
    assert Draft.objects.count() == 1, "nor does the text land in a draft of one's own"


def test_a_filed_application_of_another_person__says_nothing(client: Client) -> None:
    foreign = ApplicationFactory()

    response = client.post(url("application"), ANSWERS | {"draft": str(foreign.draft_token)})

    assert response.status_code == 404
    assert str(foreign.public_id) not in response.content.decode()


def test_a_draft_token_that_is_none__is_not_found(client: Client) -> None:
    assert client.post(url("application"), ANSWERS | {"draft": "'--"}).status_code == 404


def test_a_guest__is_asked_to_sign_in_and_a_script_is_told(db: None, clock: object) -> None:
    page = Client().get(url("application"))
    script = Client().post(url("application"), ANSWERS, headers=JSON)

    assert page["Location"].startswith(url("sign_in"))
    assert (script.status_code, script.json()["error"]["code"]) == (401, "session_ended")
    assert not Draft.objects.exists()


def test_after_the_session_ended__the_draft_is_back(client: Client, person: SignedIn) -> None:
    client.post(url("application"), {"topic": "Збережене"}, headers=JSON)
    client.session.flush()

    again = sign_in_for_long(Client(), person.citizen)

    assert Page(again.get(url("application"))).field("topic").value == "Збережене"


def test_what_is_sent_after_the_session_ended__is_handed_back_and_can_be_sent_again(
    client: Client, person: SignedIn, hold: Occupancy
) -> None:
    sent = ANSWERS | {"topic": "Останні <слова>", "needs": ["chat", "more_time"], "then": "choose"}
    person.citizen.sessions.update(ended_at=NOW)

    response = client.post(url("application"), sent)
    page = Page(response)

    assert response.status_code == 401
    assert page.hidden()["topic"] == "Останні <слова>"
    assert page.values("needs") == ["chat", "more_time"]
    assert not page.has_field("then")
    assert not Draft.objects.exists(), "nothing is written for somebody who is not signed in"
    sign_in_for_long(client, person.citizen)
    sent.pop("then")
    assert client.post(url("application"), sent)["Location"] == url("check")
    assert Draft.objects.get().topic == "Останні <слова>"


def test_a_form_without_its_token__is_refused(person: SignedIn) -> None:
    strict = sign_in_for_long(Client(enforce_csrf_checks=True), person.citizen)

    for name in ("application", "application_documents", "submit", "address", "address_confirm"):
        assert strict.post(url(name), ANSWERS).status_code == 403, name
    person.citizen.sessions.update(ended_at=NOW)
    assert strict.post(url("application"), ANSWERS).status_code == 403
    assert not Draft.objects.exists()


@pytest.mark.parametrize("origin", ["http://testserver", "https://evil.example", ""])
def test_what_is_sent_after_signing_in_again__is_handed_back_with_a_token_that_works(
    person: SignedIn, hold: Occupancy, origin: str
) -> None:
    strict = sign_in_for_long(Client(enforce_csrf_checks=True), person.citizen)
    strict.get(url("application"))
    stale = ANSWERS | {"topic": "Останні слова", "csrfmiddlewaretoken": "x" * 64}
    headers = {"Origin": origin} if origin else {}

    response = strict.post(url("application"), stale, headers=headers)

    page = response.content.decode()
    assert response.status_code == 403
    assert ("Останні слова" in page) is (origin == "http://testserver"), "none of another site"
    if origin == "http://testserver":
        assert "Увійдіть у новій вкладці" not in page, "who is signed in need not do it again"
        sent = stale | {"csrfmiddlewaretoken": Page(response).token}
        assert strict.post(url("application"), sent)["Location"] == url("check")
    assert Draft.objects.filter(topic="Останні слова").exists() is (origin == "http://testserver")


@pytest.mark.parametrize("headers", [{}, JSON])
def test_what_one_person_wrote__never_becomes_the_draft_of_another(
    client: Client, person: SignedIn, headers: dict[str, str]
) -> None:
    whose = Page(client.get(url("application"))).field("whose").value
    other = sign_in_for_long(Client(), CitizenFactory())

    refused = other.post(url("application"), ANSWERS | {"whose": whose}, headers=headers)

    assert refused.status_code == 409
    assert "Зараз увійшла інша особа" in (
        refused.json()["error"]["message"] if headers else refused.content.decode()
    )
    assert not Draft.objects.exists()
    assert client.post(url("application"), ANSWERS | {"whose": whose}, headers=JSON).json()["draft"]


# --- The address for letters -----------------------------------------------------------------


def _forget_address(person: SignedIn) -> None:
    person.citizen.email, person.citizen.email_confirmed_at = "", None
    person.citizen.save()


def test_a_wrong_address_typed_before_another_was_confirmed__can_be_put_right(
    client: Client, person: SignedIn, hold: Occupancy
) -> None:
    write_draft(person, email="a@")

    page = Page(page_after(client, client.post(url("application"), ANSWERS | {"email": "a@"})))

    assert page.errors() == [("email", "Введіть адресу у форматі name@example.com.")]
    assert page.field("email").value == "a@"
    assert client.post(url("application"), ANSWERS | {"email": ""})["Location"] == url("check")


def test_a_confirmed_address__is_shown_instead_of_the_field(
    client: Client, person: SignedIn
) -> None:
    page = Page(client.get(url("application")))

    assert person.citizen.email in page.text
    assert not page.has_field("email")


def test_an_address__is_optional_and_gets_its_code_on_going_on(
    client: Client, person: SignedIn, hold: Occupancy
) -> None:
    _forget_address(person)
    assert client.post(url("application"), ANSWERS).status_code == 303
    assert not EmailConfirmation.objects.exists()

    response = client.post(url("application"), ANSWERS | {"email": "melnyk@example.com"})

    assert response["Location"] == url("check")
    assert EmailConfirmation.objects.get().address == "melnyk@example.com"
    page = client.get(url("application")).content.decode()
    assert "Ми надіслали код на melnyk@example.com." in page
    assert url("address_confirm") in page


def test_going_on_again__sends_no_second_code(
    client: Client, person: SignedIn, hold: Occupancy, clock: Callable[[timedelta], None]
) -> None:
    _forget_address(person)
    client.post(url("application"), ANSWERS | {"email": "melnyk@example.com"})
    clock(timedelta(minutes=3))

    client.post(url("application"), ANSWERS | {"email": "melnyk@example.com"})

    assert person.citizen.letters.count() == 1
