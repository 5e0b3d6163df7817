"""«Тексти листів»: a head writes, sees and tries the letters of the agency; people get them."""

import itertools
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from diia_videoreception.errors import NotFound, WrongState
from diia_videoreception.models import Agency, Application, JournalRecord, Letter, LetterText
from diia_videoreception.rules.letter_placeholders import WordedKind
from diia_videoreception.rules.letter_texts import LetterWords
from diia_videoreception.selectors.letter_texts import text_in_force
from diia_videoreception.services import letters
from diia_videoreception.services.booking import moderation
from diia_videoreception.services.letters import own_texts
from diia_videoreception.services.letters.delivery import deliver_due
from diia_videoreception.services.letters.rendering import render_letter
from diia_videoreception.services.letters.rendering.standard_words import standard_words
from diia_videoreception.services.letters.rendering.text_messages import render_text
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import World
from tests.steps.clarifications import ask

pytestmark = pytest.mark.any_database

SUBJECT = "Ваш прийом: {час_прийому}"
TEXT = """Шановний громадянине {кому}!

Чекаємо на Вас о {час_прийому}. Заявка {номер_заявки}.

- паспорт
- довідка

{як_під_єднатися}
{перевірка_обладнання}
{як_скасувати}"""


@pytest.fixture
def head(world: World) -> Client:
    return world.client("head")


def url(world: World, kind: str = "confirmation", language: str = "uk") -> str:
    return reverse("videoreception_letter_texts:edit", args=[world.agency.pk, kind, language])


def sent(act: str = "save", **changed: Any) -> dict[str, Any]:
    return {
        "act": act,
        "subject": SUBJECT,
        "text": TEXT,
        "note": "Теплі слова",
        "seen": 0,
    } | changed


def words(text: str = TEXT, kind: WordedKind = WordedKind.CONFIRMATION) -> LetterWords:
    return own_texts.typed_words(kind, "uk", subject=SUBJECT, text=text)


def save(world: World, typed: LetterWords, *, seen: int = 0) -> LetterText:
    return own_texts.save_text(
        world.agency.pk, typed, note="", seen_version=seen, staff=world.head, now=NOW
    )


def confirmed(world: World) -> Letter:
    application = ApplicationFactory(
        official=world.official, start=world.confirmed.start.replace(day=9)
    )
    moderation.confirm(
        moderator=world.moderator, public_id=application.public_id, version=1, now=NOW
    )
    return Letter.objects.get(application=application, kind=Letter.Kind.CONFIRMATION, copy_of=None)


def test_a_saved_text__is_what_people_get(world: World, head: Client) -> None:
    answer = head.post(url(world), sent())
    letter = confirmed(world)
    rendered = render_letter(letter, for_sending=True, now=NOW)

    assert answer.status_code == 302
    assert letter.own_text == LetterText.objects.get()
    assert rendered.subject.startswith("Ваш прийом: 09.12.2026")
    assert f"Шановний громадянине {letter.citizen.full_name}!" in rendered.text
    assert "— паспорт\n— довідка" in rendered.text
    assert "ЯК ПІД’ЄДНАТИСЯ" in rendered.text
    assert "паспорт" in Page(rendered.html).texts("li")
    row = JournalRecord.objects.get(act="agency.letter_text_changed")
    assert (row.subject_id, row.actor_id) == (str(world.agency.pk), str(world.head.pk))
    assert row.details == {
        "kind": "confirmation", "language": "uk", "version": 1, "standard": False
    }  # fmt: skip


def test_a_letter_that_is_written__keeps_its_words(world: World) -> None:
    save(world, words())
    letter = confirmed(world)
    save(world, words(TEXT.replace("Чекаємо", "Дуже чекаємо")), seen=1)

    assert "Дуже" not in render_letter(letter, for_sending=False, now=NOW).text
    assert "Дуже" in render_letter(confirmed(world), for_sending=False, now=NOW).text


def test_the_standard_text__comes_back(world: World, head: Client) -> None:
    save(world, words())
    answer = head.post(url(world), sent("standard", seen=1))
    again = head.post(url(world), sent("standard", seen=2))

    assert (answer.status_code, again.status_code) == (302, 302)
    assert confirmed(world).own_text is None
    assert LetterText.objects.count() == 2


def test_words_that_cannot_be_filled_in__give_way_to_the_standard_text(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    save(world, words())
    LetterText.objects.update(text="{чого_немає} тут")
    rendered = render_letter(confirmed(world), for_sending=False, now=NOW)

    assert rendered.title == "Ваш прийом підтверджено"
    assert "чого_немає" not in rendered.text
    assert "own words could not be filled in: KeyError" in caplog.text


def test_values__are_text_and_no_markup(world: World) -> None:
    save(world, words())
    letter = confirmed(world)
    letter.citizen.last_name = "<b>{час_прийому}</b>"
    rendered = render_letter(letter, for_sending=False, now=NOW)

    page = Page(rendered.html)
    assert letter.citizen.last_name in page.text
    assert page.texts("b") == []


def test_the_password__comes_only_as_the_portal_says(world: World, settings: Any) -> None:
    save(world, words())
    letter = confirmed(world)
    password = letter.application.reception.password if letter.application else ""
    assert password not in render_letter(letter, for_sending=True, now=NOW).text

    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"LETTER_PASSWORD": "always"}
    assert password in render_letter(letter, for_sending=True, now=NOW).text
    assert password not in render_letter(letter, for_sending=False, now=NOW).text


def test_wrong_words__are_refused_with_their_line_and_nothing_is_lost(
    world: World, head: Client
) -> None:
    typed = TEXT.replace("{номер_заявки}", "{номер_зявки}") + "\nhttps://evil.example/"
    answer = head.post(url(world), sent(text=typed))
    page = Page(answer)

    assert answer.status_code == 422
    assert (
        "Рядок 3: Змінної {номер_зявки} немає. Можливо, Ви мали на увазі {номер_заявки}?"
        in page.text
    )
    assert "https://evil.example/ веде за межі порталу" in page.text
    assert page.field("text").value.strip() == typed
    assert "Перегляд з’явиться, коли Ви виправите текст." in page.text
    assert not LetterText.objects.exists()


def test_what_is_wrong_in_an_english_letter__is_said_in_the_language_of_staff(
    world: World, head: Client
) -> None:
    answer = head.post(url(world, language="en"), sent("preview", text="{nobody}", sms=""))
    assert "Змінної {nobody} немає." in Page(answer).text


def test_a_preview__saves_nothing(world: World, head: Client) -> None:
    answer = head.post(url(world), sent("preview"))

    assert answer.status_code == 200
    assert "Шановний громадянине Мельник Ірина!" in Page(answer).text
    assert not LetterText.objects.exists()


def test_a_preview__of_a_real_case_is_for_who_may_see_it(world: World, head: Client) -> None:
    case = str(world.submitted.public_id)
    superuser = world.client("superuser")
    own = superuser.post(url(world), sent("preview", case=case))
    foreign = superuser.post(url(world), sent("preview", case=str(world.foreign.public_id)))

    assert world.submitted.number in Page(own).text
    assert foreign.status_code == 422
    assert world.foreign.number not in foreign.text


def test_a_trial__goes_to_who_asks_and_names_itself(
    world: World, head: Client, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    world.head.email = "head@msp.example"
    world.head.save()
    assert head.post(url(world), sent("trial")).status_code == 302
    assert not Letter.objects.filter(kind="text_trial").exists()
    save(world, words())

    assert head.post(url(world), sent("trial", seen=1)).status_code == 302
    assert Letter.objects.get(kind="text_trial").user == world.head
    Letter.objects.exclude(kind="text_trial").update(next_attempt_at=None)
    deliver_due(now=NOW)
    (message,) = [one for one in mail.outbox if one.to == ["head@msp.example"]]
    assert message.subject.startswith("Проба: Ваш прийом:")
    assert "Це пробний лист із вигаданими даними" in message.body
    assert "Мельник Ірина" in message.body


def test_an_account_without_address__is_told(world: World, head: Client) -> None:
    save(world, words())
    answer = head.post(url(world), sent("trial", seen=1))

    assert answer.status_code == 422
    assert "немає електронної адреси" in Page(answer).text


def test_trials__have_a_rate(world: World, head: Client, settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "THROTTLE": {"trial_letter": "1/hour"}
    }
    world.head.email = "head@msp.example"
    world.head.save()
    save(world, words())

    assert [head.post(url(world), sent("trial", seen=1)).status_code for _ in range(2)] == [
        302,
        429,
    ]
    assert Letter.objects.filter(kind="text_trial").count() == 1


def test_two_at_once__the_second_one_is_told(world: World, head: Client) -> None:
    save(world, words())
    answer = head.post(url(world), sent(seen=0))

    assert answer.status_code == 409
    assert LetterText.objects.count() == 1
    with pytest.raises(WrongState):
        save(world, words(), seen=0)


def test_others__write_nothing(world: World) -> None:
    for who in ("moderator", "foreigner", "receiver"):
        with pytest.raises(NotFound):
            own_texts.save_text(
                world.agency.pk,
                words(),
                note="",
                seen_version=0,
                staff=getattr(world, who),
                now=NOW,
            )
    saved = save(world, words())
    with pytest.raises(NotFound):
        own_texts.send_trial(saved, staff=world.foreigner, now=NOW)


def test_unknown_letters__are_not_found(world: World, head: Client) -> None:
    for kind, language in (("email_code", "uk"), ("confirmation", "de"), ("x", "uk")):
        assert head.get(url(world, kind, language)).status_code == 404


def test_an_earlier_version__is_shown_to_be_restored(world: World, head: Client) -> None:
    save(world, words())
    save(world, words(TEXT.replace("Чекаємо", "Ждемо")), seen=1)
    page = Page(head.get(url(world), {"version": "1"}))

    assert "Чекаємо" in page.field("text").value
    assert page.field("seen").value == "2"
    for odd in ("0", "99", "x", "9" * 40, "²"):
        assert "Ждемо" in Page(head.get(url(world), {"version": odd})).field("text").value


def test_every_letter_about_an_application__can_be_in_own_words_and_tried(world: World) -> None:
    of_account = {"email_code", "means_changed", "address_changed"}
    of_help = {"consent_code", "typed_code", "mandate_ended", "slip", "slip_text"}
    of_citizens = {
        str(kind)
        for kind in Letter.Kind
        if not kind.startswith(("agency_", "centre_", "official_", "staff_", "text_", "waiting_"))
    }
    assert {kind.value for kind in WordedKind} == of_citizens - of_account - of_help

    world.head.email = "head@msp.example"
    for kind, language in itertools.product(WordedKind, ("uk", "en")):
        subject, text = standard_words(kind, language)
        typed = own_texts.typed_words(kind, language, subject=subject, text=text)
        saved = save(world, typed)
        assert (saved.subject, saved.text) == (typed.subject, typed.text)
        with override(language):
            letter = own_texts.send_trial(saved, staff=world.head, now=NOW)
        rendered = render_letter(letter, for_sending=True, now=NOW)
        assert "{" not in rendered.text + rendered.subject, (kind, language)


QUESTION = "Хто ухвалив рішення: {кому} чи <b>громада</b>?"
AROUND = "Доброго дня, {кому}!\n\n{зміст_листа}\n\nТелефонуйте: {телефон_установи}."


def asked(world: World) -> Letter:
    ask(world.submitted, world.moderator, question=QUESTION)
    return Letter.objects.get(kind="clarification", copy_of=None, phone="")


def test_own_words__stand_around_what_the_portal_has_to_say(world: World) -> None:
    kind = WordedKind.CLARIFICATION
    save(world, own_texts.typed_words(kind, "uk", subject="Запитання", text=AROUND))
    rendered = render_letter(asked(world), for_sending=True, now=NOW)

    name = world.submitted.citizen.full_name
    assert rendered.text.index(f"Доброго дня, {name}!") < rendered.text.index(QUESTION)
    assert "Відповісти" in rendered.text, "how to answer"
    assert "25 листопада 2026 року" in rendered.text, "until when"
    assert "{кому} чи &lt;b&gt;" in rendered.html, "what people write is text, filled in once"


def test_a_preview_of_what_comes_from_its_occasion__is_of_a_case_that_had_it(
    world: World,
) -> None:
    page, superuser = url(world, "clarification"), world.client("superuser")
    wanted = sent("preview", text=AROUND, case=str(world.submitted.public_id), sms="")
    assert superuser.post(page, wanted).status_code == 422, "there is no such letter yet"

    asked(world)

    shown = superuser.post(page, wanted)
    assert shown.status_code == 200
    assert "Хто ухвалив рішення" in shown.content.decode()


SMS = "Чекаємо на Вас {час_прийому}. {адреса_порталу}"


def test_an_own_sms__goes_to_the_phone(world: World, head: Client, settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"SMS_URL": "https://a.gov.ua/v"}
    assert head.post(url(world), sent(sms=SMS)).status_code == 302
    letter = confirmed(world)
    letter.phone = "+380671234567"

    assert render_text(letter, now=NOW) == (
        f"Чекаємо на Вас 09.12 о {clock(letter)} (Київ). https://a.gov.ua/v"
    )
    # What cannot be filled in any more gives way to the standard one.
    for broken in ("{чого_немає}", SMS + "а" * 40):
        LetterText.objects.update(sms=broken)
        letter.refresh_from_db()
        assert render_text(letter, now=NOW).startswith("Відеоприйом 09.12")


def clock(letter: Letter) -> str:
    start = datetime.fromisoformat(letter.facts["start"]).astimezone(ZoneInfo("Europe/Kyiv"))
    return f"{start:%-H:%M}"


@pytest.mark.parametrize(
    ("sms", "said"),
    [
        ("Чекаємо на Вас.", "Бракує {час_прийому}"),
        ("{час_прийому} {кому}", "{кому} тут використати не можна"),
        ("{час_прийому} https://evil.example", "веде за межі порталу"),
        ("{час_прийому} " + "а" * 50, "буде 71 символів"),
        ("{час_прийому", "Фігурна дужка без пари"),
    ],
)
def test_a_wrong_sms__is_refused_at_its_field(
    world: World, head: Client, sms: str, said: str
) -> None:
    answer = head.post(url(world), sent(sms=sms))
    assert answer.status_code == 422
    assert said in Page(answer).text
    assert not LetterText.objects.exists()


def test_an_sms_as_long_as_it_can_get__is_one_message(world: World, head: Client) -> None:
    assert head.post(url(world), sent(sms="{час_прийому} " + "а" * 49)).status_code == 302
    assert head.post(url(world, "receipt"), sent(sms="x")).status_code == 422, "it has no SMS"


def versions_url(world: World, **query: int) -> str:
    key = [world.agency.pk, "confirmation", "uk"]
    return reverse("videoreception_letter_texts:versions", args=key) + "?" + urlencode(query)


def test_versions__are_compared_and_an_earlier_one_comes_back(world: World, head: Client) -> None:
    save(world, words())
    save(world, words(TEXT.replace("Чекаємо", "Ждемо").replace("- довідка\n", "")), seen=1)
    page = Page(head.get(versions_url(world)))

    assert page.texts("del") == [
        "Чекаємо на Вас о {час_прийому}. Заявка {номер_заявки}.",
        "- довідка",
    ]
    assert page.texts("ins") == ["Ждемо на Вас о {час_прийому}. Заявка {номер_заявки}."]
    back = {"version": "1", "seen": "2"}
    assert head.post(versions_url(world), back).status_code == 302
    latest = LetterText.objects.first()
    assert latest is not None
    assert (latest.version, latest.text, latest.note) == (3, TEXT, "Знову версія 1")

    assert head.post(versions_url(world), back).status_code == 302, "a page of before"
    assert head.post(versions_url(world), {"version": "77", "seen": "3"}).status_code == 302
    assert LetterText.objects.count() == 3
    assert head.post(versions_url(world), {"version": "0", "seen": "3"}).status_code == 302
    assert text_in_force(world.agency, "confirmation", "uk") is None


def test_an_earlier_version_that_would_be_refused_today__does_not_come_back(
    world: World, head: Client
) -> None:
    save(world, words())
    save(world, words(TEXT.replace("Чекаємо", "Ждемо")), seen=1)
    LetterText.objects.filter(version=1).update(text="Прийдіть.")

    answer = head.post(versions_url(world), {"version": "1", "seen": "2"}, follow=True)

    assert "Бракує {як_під_єднатися}" in answer.content.decode()
    assert LetterText.objects.count() == 2


def test_what_the_citizen_cancelled__is_told_in_the_words_of_the_portal(world: World) -> None:
    subject, text = standard_words(WordedKind.CANCELLED, "uk")
    save(world, own_texts.typed_words(WordedKind.CANCELLED, "uk", subject=subject, text=text))
    application = Application.objects.get(pk=world.submitted.pk)
    for by, expected in ((Letter.Party.CITIZEN, False), (Letter.Party.AGENCY, True)):
        letter = letters.queue(
            Letter.Kind.CANCELLED,
            application=application,
            now=NOW,
            facts={"by": by.value, "reason": "Причина"},
        )
        assert (letter.own_text is not None) is expected


def test_an_agency_without_own_words__costs_no_query(
    world: World, django_assert_num_queries: Any
) -> None:
    agency = Agency.objects.get(pk=world.agency.pk)
    with django_assert_num_queries(0):
        assert text_in_force(agency, "confirmation", "uk") is None
