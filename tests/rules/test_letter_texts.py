"""Own words of letters: a closed list of placeholders, filled in once, and nothing that leads elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.letter_placeholders import (
    COMPOSED,
    NAMES,
    NEEDS,
    PARTS,
    SMS_NEEDS,
    Placeholder,
    WordedKind,
)
from diia_videoreception.rules.letter_texts import (
    MAX_PLACEHOLDERS,
    Fault,
    LetterWords,
    Lines,
    Part,
    Place,
    Points,
    filled,
    parts_of,
    problems_of,
)
from diia_videoreception.rules.own_addresses import own_domains
from diia_videoreception.rules.texts import clean_text
from tests.harness.growth import LIMIT, growth

HOSTS = frozenset({"portal.gov.ua", "msp.gov.ua"})
SOUND = "Ваш час: {час_прийому}, заявка {номер_заявки}.\n\n{як_під_єднатися}\n\n{перевірка_обладнання}\n{як_скасувати}"


def words(
    text: str = SOUND,
    subject: str = "Прийом {час_прийому}",
    kind: WordedKind = WordedKind.CONFIRMATION,
) -> LetterWords:
    return LetterWords(kind, "uk", subject, text)


def faults(text: str = SOUND, **more: str) -> list[tuple[Fault, int, str, str]]:
    return [
        (one.fault, one.line, one.found, one.suggestion)
        for one in problems_of(words(text, **more), hosts=HOSTS)
    ]


def test_sound_words__have_no_problem() -> None:
    assert faults() == []


@pytest.mark.parametrize("kind", list(WordedKind))
@pytest.mark.parametrize("language", sorted(NAMES))
def test_every_kind__can_be_written_with_what_it_needs(kind: WordedKind, language: str) -> None:
    names = NAMES[language]
    text = "\n".join(f"{{{names[sorted(needed)[0]]}}}" for needed in NEEDS[kind].required)
    assert problems_of(LetterWords(kind, language, "Тема", text), hosts=HOSTS) == []
    assert set(names) == set(Placeholder)
    assert len(set(names.values())) == len(names)


@pytest.mark.parametrize(
    ("line", "fault", "found", "suggestion"),
    [
        ("{посадова_особв}", Fault.UNKNOWN, "{посадова_особв}", "{посадова_особа}"),
        ("{абракадабра}", Fault.UNKNOWN, "{абракадабра}", ""),
        ("{settings.SECRET_KEY}", Fault.UNKNOWN, "{settings.SECRET_KEY}", ""),
        ("{0.__class__}", Fault.UNKNOWN, "{0.__class__}", ""),
        ("{причина}", Fault.NOT_HERE, "{причина}", ""),
        ("Отже: {як_скасувати}", Fault.NOT_ALONE, "{як_скасувати}", ""),
        ("{час_прийому", Fault.STRAY_BRACE, "", ""),
        ("час_прийому}", Fault.STRAY_BRACE, "", ""),
    ],
)
def test_a_wrong_placeholder__is_named_with_its_line(
    line: str, fault: Fault, found: str, suggestion: str
) -> None:
    assert faults(f"{SOUND}\n{line}") == [(fault, 7, found, suggestion)]


def test_what_a_letter_must_not_lack__is_asked_for() -> None:
    text = SOUND.replace("{як_під_єднатися}", "").replace("{номер_заявки}", "")
    assert faults(text) == [
        (Fault.MISSING, 0, "{подробиці}", ""),
        (Fault.MISSING, 0, "{як_під_єднатися}", ""),
    ]
    assert faults(text + "\n{подробиці}\n{як_під_єднатися}") == []


def test_a_subject__takes_words_only() -> None:
    assert faults(subject="Прийом {як_скасувати}")[0][0] == Fault.NOT_HERE
    assert faults(subject="")[0][0] == Fault.EMPTY


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/portal.gov.ua",
        "http://portal.gov.ua.evil.com",
        "https://portal.gov.ua@evil.com/",
        "evil.com",
        "Www.evil.com",
        "javascript://portal.gov.ua/%0aalert(1)",
        "ftp://portal.gov.ua/",
        "bank@evil.com",
        "notportal.gov.ua",
        "https://evil.com\\@portal.gov.ua",
        "xn--80ak6aa92e.com",
        "evil.com/@portal.gov.ua",
        "www.evil.com/?x=@portal.gov.ua",
        "https://evil.com<.portal.gov.ua",
        'https://evil.com".portal.gov.ua',
        "https://portal.gov.ua/<https://evil.com>",
        "https://portal.gov.ua/,evil.com",
        "https://portal.gov.ua'.evil.com",
        "злодій.укр",
        "evil.xn--j1amh",
        "evil。com",
        "ｅｖｉｌ．ｃｏｍ",
        "https://[::1]/",
        "evil.{телефон_установи}com",
        "https:/{посада}/evil.com",
        "{посада}.com",
        "{кому}@evil.com",
        "www.{посада}",
    ],
)
def test_an_address_elsewhere__is_refused(address: str) -> None:
    assert [one[0] for one in faults(f"{SOUND}\nПерейдіть: {address}")] == [Fault.FOREIGN_ADDRESS]


@pytest.mark.parametrize(
    "text",
    [
        "Пишіть на help@msp.gov.ua.",
        "Дивіться https://portal.gov.ua/dovidka, розділ 2.",
        "Сайт www.msp.gov.ua або msp.gov.ua.",
        "Ваша заявка: https://portal.gov.ua/zaiavky/{номер_заявки}.",
        "{установа}, {посада}. {кому}! Дивіться (https://portal.gov.ua/a), «msp.gov.ua».",
        "Тел. 0 800 000 001, вул. Еспланадна, 8/10, каб. 3.14, ст.20 Закону",
    ],
)
def test_own_addresses_and_plain_words__are_taken(text: str) -> None:
    assert faults(f"{SOUND}\n{text}") == []


def test_a_mailbox_where_anybody_has_one__is_own_alone() -> None:
    own = own_domains("portal.gov.ua", "Rada@ukr.net")
    typed = words(f"{SOUND}\nrada@ukr.net, zlodii@ukr.net, https://ukr.net/a")
    assert [one.found for one in problems_of(typed, hosts=own)] == [
        "zlodii@ukr.net",
        "https://ukr.net/a",
    ]


def test_too_much__is_refused_at_once() -> None:
    assert faults("{посада}" * (MAX_PLACEHOLDERS + 1))[0][0] == Fault.TOO_MANY
    assert faults("а" * 4001)[0][0] == Fault.TOO_LONG


def test_parts__follow_lines_and_empty_lines() -> None:
    text = "Вітаємо!\nДругий рядок\n\n- паспорт\n— код\n\nОсь:\n{як_скасувати}\nДалі"
    assert list(parts_of(text, "uk")) == [
        Lines("Вітаємо!\nДругий рядок"),
        Points(("паспорт", "код")),
        Lines("Ось:"),
        Part(Placeholder.CANCELLING),
        Lines("Далі"),
    ]


def test_a_value_like_a_placeholder__stays_as_it_is() -> None:
    values = {one: "{час_прийому}" for one in Placeholder if one not in PARTS}
    assert (
        filled("{кому} о {час_прийому}", values, language="uk") == "{час_прийому} о {час_прийому}"
    )


@given(text=st.text(max_size=400), subject=st.text(max_size=60))
def test_whatever_is_typed__is_refused_or_can_be_filled_in(text: str, subject: str) -> None:
    typed = words(f"{SOUND}\n{text}", subject=subject or "Тема")
    if problems_of(typed, hosts=HOSTS):
        return
    values = {one: "x" for one in Placeholder if one not in PARTS}
    filled(typed.subject, values, language="uk")
    for part in parts_of(typed.text, "uk"):
        if isinstance(part, Lines):
            filled(part.text, values, language="uk")


@pytest.mark.parametrize("piece", ["a", "a.", "{", "{а", "a@", "http://", "-\n", "a-", "www."])
def test_reading__grows_with_the_text(piece: str) -> None:
    def read(text: str) -> None:
        problems_of(words(text[:4000] + "\n" + text[4000:8000]), hosts=HOSTS)
        list(parts_of(text, "uk"))

    assert growth(read, lambda size: piece * (size // len(piece)), 1500) < LIMIT


def sms_faults(sms: str, kind: WordedKind = WordedKind.CONFIRMATION) -> list[tuple[Fault, str]]:
    subject, text = (
        ("Тема", "{зміст_листа}") if kind in SMS_NEEDS.keys() - COMPOSED.keys() else ("Тема", SOUND)
    )
    found = problems_of(LetterWords(kind, "uk", subject, text, sms), hosts=HOSTS)
    assert {one.place for one in found} <= {Place.SMS}
    return [(one.fault, one.found) for one in found]


@pytest.mark.parametrize(
    ("sms", "fault"),
    [
        ("{час_прийому} {кому}", (Fault.NOT_HERE, "{кому}")),
        ("{час_прийому} {номер_заявки}", (Fault.NOT_HERE, "{номер_заявки}")),
        ("{час_прийому} {як_скасувати}", (Fault.NOT_HERE, "{як_скасувати}")),
        ("{час_прийому} {до_якого_дня}", (Fault.NOT_HERE, "{до_якого_дня}")),
        ("{час_прийому} evil.com", (Fault.FOREIGN_ADDRESS, "evil.com")),
        ("{час_прийому} {", (Fault.STRAY_BRACE, "")),
        ("Прийдіть", (Fault.MISSING, "{час_прийому}")),
        ("{час_прийому} " + "а" * 200, (Fault.TOO_LONG, "")),
    ],
)
def test_a_text_message__has_fewer_placeholders_and_needs_its_time(
    sms: str, fault: tuple[Fault, str]
) -> None:
    assert sms_faults(sms) == [fault]
    assert sms_faults("") == [], "the standard one is sent"


def test_a_text_message_with_a_deadline__has_to_name_it() -> None:
    for kind in (WordedKind.PROPOSAL, WordedKind.CLARIFICATION, WordedKind.TERM_EXTENDED):
        assert sms_faults("{час_прийому}", kind) == [(Fault.MISSING, "{до_якого_дня}")]
        assert sms_faults("{час_прийому}, до {до_якого_дня}", kind) == []


def test_placeholders_of_text_messages__are_in_no_letter() -> None:
    assert faults(f"{SOUND}\n{{адреса_порталу}}")[0][0] == Fault.NOT_HERE


@pytest.mark.parametrize(
    "text",
    [
        "{посада}" * 200,
        "\u202e{час_прийому}\u2066",
        "{" * 4000,
        "{{час_прийому}}",
        "{час\nприйому}",
        "а" * 100_000,
        "{а" * 33_000,
        "<script>alert(1)</script> https://evil.com",
    ],
)
def test_hostile_words__are_refused(text: str) -> None:
    # Hidden characters are taken out before: what stays is a sound text of its own.
    cleaned = clean_text(text)
    assert faults(cleaned)
