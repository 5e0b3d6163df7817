"""Steps 3 and 4: checking, filing once, and what happens next (A-48 to A-50)."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from diia_videoreception import errors
from diia_videoreception.models import Application, Draft, Occupancy, Official, SpentProof
from diia_videoreception.rules.numbers import format_number
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.accounts import citizens
from diia_videoreception.services.booking import applications, draft_documents, drafts
from diia_videoreception.services.booking.drafts import DraftAnswers
from tests.factories import NOW, ApplicationFactory, CitizenFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import START
from tests.harness.html import Page
from tests.steps.application import (
    ANSWERS,
    checked,
    filed,
    hold_time,
    sign_in_for_long,
    url,
    write_draft,
)
from tests.steps.people import page_after
from tests.steps.samples import png

pytestmark = pytest.mark.any_database


def submit(client: Client, draft: Draft, **changes: str) -> object:
    proof = {"altcha": solved_captcha()} if "altcha" not in changes else {}
    return client.post(url("submit"), {"draft": str(draft.token), **proof, **changes})


def test_the_check__shows_every_answer_with_a_way_to_change_it(
    client: Client, person: SignedIn, hold: Occupancy
) -> None:
    write_draft(person, needs=["more_time", "companion"], companion="Син")
    draft_documents.add_document(
        citizen=person.citizen, data=png(), filename="Довідка.png", now=NOW
    )

    page = Page(client.get(url("check")))

    assert page.title.startswith("Крок 3 з 4: Перевірте заявку перед поданням")
    assert "Заявку ще не подано." in page.text
    assert "10:15 за київським часом" in page.texts("strong")
    for shown in (
        hold.official.agency.name,
        hold.official.full_name,
        "вівторок, 1 грудня 2026 року, 10:30",
        ANSWERS["topic"],
        "Більше часу на розмову",
        "Син",
        "Не зазначено",
        "Довідка.png",
        "Мельник Ірина Василівна",
        "+380 67 123 45 67",
        person.citizen.email,
    ):
        assert shown in page.text, shown
    changes = [label for label, _ in page.links() if label.startswith("Змінити ")]
    assert len(changes) == len(set(changes)) == 11, "each says what it changes"
    assert page.has("altcha-widget")
    assert "Подати заявку на прийом" in page.buttons()


def test_priority__is_a_tick_that_is_filed_and_can_be_taken_back(
    client: Client, person: SignedIn, hold: Occupancy
) -> None:
    form = Page(client.get(url("application")))
    assert "ми зберігаємо лише цю позначку" in form.text
    client.post(url("application"), ANSWERS | {"claims_priority": "on"})
    assert "Маю право на першочерговий прийом" in Page(client.get(url("check"))).text
    client.post(url("application"), ANSWERS)
    assert "Маю право на першочерговий прийом" not in Page(client.get(url("check"))).text
    client.post(url("application"), ANSWERS | {"claims_priority": "on"})
    assert Page(client.get(f"{url('application')}?write=1")).has("#claims_priority[checked]")

    client.post(url("submit"), checked(client))

    assert Application.objects.get().claims_priority


def test_without_javascript__the_page_says_who_helps(
    client: Client, hold: Occupancy, draft: Draft
) -> None:
    noscript = Page(client.get(url("check"))).one("noscript").text

    assert "0 800 000 001" in noscript
    assert "ЦНАП" not in noscript


@pytest.mark.parametrize("changes", [{"topic": ""}, {"phone": "1"}, {"prior_number": "ВП-1"}])
def test_whoever_lacks_an_answer__is_led_to_the_form(
    client: Client, person: SignedIn, hold: Occupancy, changes: dict[str, str]
) -> None:
    write_draft(person, **changes)

    assert client.get(url("check"))["Location"] == url("application")


def test_whoever_lacks_a_time_or_a_draft__is_led_to_the_form(
    client: Client, person: SignedIn, official: Official
) -> None:
    assert client.get(url("check"))["Location"] == url("application")
    hold_time(person, official)
    assert client.get(url("check"))["Location"] == url("application")


def test_filing__leads_to_the_number(
    client: Client, person: SignedIn, hold: Occupancy, draft: Draft
) -> None:
    response = submit(client, draft)

    application = Application.objects.get()
    assert (response.status_code, response["Location"]) == (
        303,
        url("done", application.public_id),
    )
    assert (application.citizen, application.start, application.topic) == (
        person.citizen,
        START,
        ANSWERS["topic"],
    )
    assert application.channel == "web"


def test_filing_twice__gives_the_same_application(
    client: Client, hold: Occupancy, draft: Draft
) -> None:
    first, second = submit(client, draft), submit(client, draft, altcha="")

    assert first["Location"] == second["Location"]
    assert Application.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click__files_once(
    client: Client, hold: Occupancy, draft: Draft, at_once: Callable[..., list[object]]
) -> None:
    proofs = [solved_captcha()] * 2 + [solved_captcha() for _ in range(2)]

    outcomes = at_once(lambda proof: submit(client, draft, altcha=proof)["Location"], proofs)

    done = url("done", Application.objects.get().public_id)
    # A click with the proof of another one may wait for it on a page that leads on.
    assert done in outcomes
    assert set(outcomes) <= {done, url("filing", draft.token)}
    assert client.get(url("filing", draft.token))["Location"] == done


def in_progress(person: SignedIn, act: str, target: str = "") -> SpentProof:
    later = NOW + timedelta(seconds=30)
    return SpentProof.objects.create(
        key_hash="1", citizen=person.citizen, act=act, target=target, acting_until=later,
        expires_at=later,
    )  # fmt: skip


def test_a_second_click__waits_on_a_page_that_leads_to_the_number(
    client: Client,
    person: SignedIn,
    hold: Occupancy,
    draft: Draft,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def busy(**_: object) -> None:
        raise errors.ActInProgress

    running = in_progress(person, "submit", str(draft.token))
    with monkeypatch.context() as patched:
        patched.setattr(applications, "submit", busy)
        answer = submit(client, draft)
    place = url("filing", draft.token)
    assert (answer.status_code, answer["Location"]) == (303, place)
    page = client.get(place).text
    assert "Надсилаємо заявку" in page
    assert "js/moment.js" in page
    assert "vr-error" not in page

    running.delete()
    assert client.get(place)["Location"] == url("check")
    submit(client, draft)
    assert client.get(place)["Location"] == url("done", Application.objects.get().public_id)


def test_going_back_after_filing__says_that_it_is_filed(
    client: Client, hold: Occupancy, draft: Draft, clock: Callable[[timedelta], None]
) -> None:
    submit(client, draft)
    number = Application.objects.get().number

    for name in ("check", "application"):
        page = client.get(url(name)).content.decode()
        assert "Заявку вже подано" in page
        assert number in page
    assert "Час ще не вибрано." in client.get(url("application") + "?write").content.decode()
    clock(timedelta(hours=1))
    assert "Час ще не вибрано." in client.get(url("application")).content.decode()


@pytest.mark.parametrize("proof", ["", "nonsense"])
def test_without_the_proof__the_message_stands_at_the_widget(
    client: Client, hold: Occupancy, draft: Draft, proof: str
) -> None:
    page = Page(page_after(client, submit(client, draft, altcha=proof)))

    assert page.title.startswith("Помилка: Крок 3 з 4")
    assert page.errors() == [("captcha", "Підтвердьте, що Ви не робот")]
    assert page.texts("p.vr-error") == ["Підтвердьте, що Ви не робот"]
    assert not Application.objects.exists()
    assert Draft.objects.exists()


def test_a_proof__works_once(client: Client, person: SignedIn, official: Official) -> None:
    proof = solved_captcha()
    hold_time(person, official)
    submit(client, write_draft(person), altcha=proof)
    hold_time(person, official, START + timedelta(days=1))

    assert "again=" in submit(client, write_draft(person), altcha=proof)["Location"]
    assert Application.objects.count() == 1


def test_an_ended_hold__leads_to_the_expired_page_and_keeps_the_text(
    client: Client, hold: Occupancy, draft: Draft, clock: Callable[[timedelta], None]
) -> None:
    clock(timedelta(minutes=15, seconds=1))

    response = submit(client, draft)

    assert response["Location"] == url("application")
    assert "Резерв часу скасовано" in client.get(url("application")).content.decode()
    assert Draft.objects.get().topic == ANSWERS["topic"]
    assert not Application.objects.exists()


def test_a_wrong_number__is_shown_at_its_field(
    client: Client, person: SignedIn, hold: Occupancy
) -> None:
    other = filed(person, number=format_number(2026, 6), state="completed", decided_at=NOW)
    draft = write_draft(person, prior_number=other.number)

    page = Page(page_after(client, submit(client, draft)))

    [(field, text)] = page.errors()
    assert field == "prior_number"
    assert text.startswith("Заявку з таким номером подано до іншої")
    assert page.field("prior_number").value == other.number
    assert page.field("topic").value == ANSWERS["topic"]


def test_a_limit__is_told_in_its_own_words_and_nothing_is_lost(
    client: Client, person: SignedIn, hold: Occupancy, draft: Draft
) -> None:
    for hours in (1, 2):
        filed(person, official=hold.official, start=START + timedelta(days=hours))

    page = page_after(client, submit(client, draft)).text

    assert "У Вас уже є відкриті заявки до цієї посадової особи." in page
    assert "Заявку не подано. Усе, що Ви заповнили, збережено." in page
    assert ANSWERS["topic"] in page
    assert Draft.objects.exists()


def test_too_low_a_level__leads_to_a_stronger_way_to_sign_in(
    client: Client, hold: Occupancy, draft: Draft
) -> None:
    agency = hold.official.agency
    agency.minimum_level = "high"
    agency.save()

    assert submit(client, draft)["Location"].startswith(url("sign_in") + "?next=")


def test_the_draft_of_another_person__cannot_be_filed(
    client: Client, hold: Occupancy, draft: Draft
) -> None:
    stranger = CitizenFactory()
    foreign = drafts.save_answers(
        citizen=stranger, answers=DraftAnswers(topic="Чуже", phone="0671234567"), now=NOW
    )

    for token in (str(foreign.token), str(uuid.uuid4()), "", "nonsense"):
        response = client.post(url("submit"), {"draft": token, "altcha": solved_captcha()})
        assert response.status_code == 404, token
    assert not Application.objects.exists()
    assert Draft.objects.count() == 2


def test_the_hold_of_another_person__is_no_time_of_mine(
    client: Client, person: SignedIn, official: Official
) -> None:
    hold_time(signed_in(CitizenFactory()), official)
    draft = write_draft(person)

    assert submit(client, draft)["Location"] == url("application")
    assert not Application.objects.exists()


# --- Done ------------------------------------------------------------------------------------


def test_the_last_page__tells_the_number_and_what_happens_next(
    client: Client, hold: Occupancy, draft: Draft, person: SignedIn
) -> None:
    address = submit(client, draft)["Location"]

    response = client.get(address)
    page = Page(response)

    assert "no-store" in response["Cache-Control"]
    assert page.title.startswith("Крок 4 з 4: Заявку подано")
    for shown in (
        Application.objects.get().number,
        "понеділок, 23 листопада 2026 року, 10:00",
        "Що далі",
        f"надійде на {person.citizen.email}",
        "До 30 листопада",
        "Остаточний час буде в листі-підтвердженні.",
        "0 800 000 001",
    ):
        assert shown in page.text, shown
    assert page.leads_to(url("case", Application.objects.get().public_id))
    assert ".ics" not in response.text, "there is no final time yet"
    assert Page(client.get(address)).text == page.text, "again"


def test_without_an_address__the_last_page_says_where_letters_are(
    client: Client, hold: Occupancy, draft: Draft, person: SignedIn
) -> None:
    person.citizen.email, person.citizen.email_confirmed_at = "", None
    person.citizen.save()
    address = submit(client, draft)["Location"]

    page = client.get(address).content.decode()
    assert "у Вашому кабінеті, у розділі «Листи»" in page
    assert "Додайте електронну пошту" in page

    citizens.ask_to_confirm_address(citizen=person.citizen, address="a@example.com", now=NOW)
    page = client.get(address).content.decode()
    assert "Ми надіслали код на a@example.com." in page
    assert url("address_confirm") in page


def test_after_the_decision__the_last_page_promises_nothing(
    client: Client, person: SignedIn
) -> None:
    application = filed(person, state="cancelled", decided_at=NOW)

    page = client.get(url("done", application.public_id)).content.decode()

    assert "Що далі" not in page
    assert "Заявку вже розглянуто" in page


def test_the_application_of_another_person__does_not_exist(client: Client) -> None:
    foreign = ApplicationFactory()

    response = client.get(url("done", foreign.public_id))

    assert response.status_code == 404
    assert foreign.number not in response.content.decode()
    guest = Client().get(url("done", foreign.public_id))
    assert guest["Location"].startswith(url("sign_in"))


def test_two_people__file_for_their_own_times(
    client: Client, person: SignedIn, hold: Occupancy, draft: Draft, official: Official
) -> None:
    other = signed_in(CitizenFactory())
    hold_time(other, official, START + timedelta(minutes=30))
    theirs = sign_in_for_long(Client(), other.citizen)

    submit(client, draft)
    submit(theirs, write_draft(other))

    assert set(Application.objects.values_list("citizen", "start")) == {
        (person.citizen.pk, START),
        (other.citizen.pk, START + timedelta(minutes=30)),
    }
