"""Names of official mailboxes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.mailboxes import NUMBERS, local_part, transliterate

# The examples of the resolution № 55.
EXAMPLES = {
    "Алушта": "alushta",
    "Борщагівка": "borshchahivka",
    "Вінниця": "vinnytsia",
    "Гадяч": "hadiach",
    "Галаґан": "halagan",
    "Єнакієве": "yenakiieve",
    "Гаєвич": "haievych",
    "Житомир": "zhytomyr",
    "Згорани": "zghorany",
    "Розгон": "rozghon",
    "Їжакевич": "yizhakevych",
    "Кадиївка": "kadyivka",
    "Йосипівка": "yosypivka",
    "Стрий": "stryi",
    "Олексій": "oleksii",
    "Харків": "kharkiv",
    "Біла Церква": "bilatserkva",
    "Шостка": "shostka",
    "Юрій": "yurii",
    "Корюківка": "koriukivka",
    "Яготин": "yahotyn",
    "Знам’янка": "znamianka",
    "Феодосія": "feodosiia",
    "Маряна": "mariana",
}


@pytest.mark.parametrize(("name", "latin"), EXAMPLES.items())
def test_transliteration__follows_the_table(name: str, latin: str) -> None:
    assert transliterate(name) == latin


def test_the_name_of_a_mailbox__is_the_name_in_latin_and_digits() -> None:
    assert local_part(last_name="Мельник", first_name="Ірина", number=4821) == "melnyk.iryna.4821"
    assert local_part(last_name="O’Neill", first_name="", number=1000) == "oneill.1000"
    assert local_part(last_name="李", first_name="—", number=9999) == "skrynka.9999"


def test_a_number__has_four_or_eight_digits() -> None:
    with pytest.raises(ValueError, match="four or eight digits"):
        local_part(last_name="Мельник", first_name="Ірина", number=12)


@given(st.text(), st.text(), st.sampled_from(NUMBERS))
def test_it__is_always_a_local_part_without_quotes(last: str, first: str, number: int) -> None:
    """RFC 5321: letters, digits and single dots between them, 64 bytes at most."""
    name = local_part(last_name=last, first_name=first, number=number)
    assert len(name) <= 64
    assert all(part.isascii() and part.isalnum() for part in name.split("."))
