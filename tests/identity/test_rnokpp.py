import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.identity.base import IdentifierKind
from integrations.identity.passports import bare_number, claimed_passport, normal_passport
from integrations.identity.rnokpp import (
    normal_identifier,
    normal_rnokpp,
    normal_unzr,
    rnokpp_check_digit,
    unzr_check_digit,
)


@pytest.mark.parametrize("text", ["1759013776", " 1759013776 ", "17590-13776", "1759 013 776"])
def test_rnokpp__known_number_in_every_spelling(text: str) -> None:
    assert normal_rnokpp(text) == "1759013776"


@pytest.mark.parametrize(
    "text",
    [
        "1759013770",
        "0000000000",
        "175901377",
        "17590137760",
        "",
        "АА123456",
        "١٧٥٩٠١٣٧٧٦",
        "1759013776\x00",
        "1" * 1000,
        pytest.param(" " * 90 + "1759013776", id="far-right"),
    ],
)
def test_rnokpp__refused_without_repeating_the_value(text: str) -> None:
    with pytest.raises(ValueError) as refusal:
        normal_rnokpp(text)
    assert not text or text not in str(refusal.value)


@given(st.text("0123456789", min_size=9, max_size=9).filter(lambda text: int(text)))
def test_rnokpp__exactly_one_check_digit_fits(first_nine: str) -> None:
    accepted = []
    for digit in "0123456789":
        try:
            accepted.append(normal_rnokpp(first_nine + digit))
        except ValueError:
            continue
    assert accepted == [first_nine + rnokpp_check_digit(first_nine)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("АА123456", "PASUA-АА123456"),
        ("PASUA-AA 123456", "PASUA-АА123456"),
        ("pasua–аа123456", "PASUA-АА123456"),
        ("cн-654321", "PASUA-СН654321"),
        ("ік000001", "PASUA-ІК000001"),
        ("000123456", "IDCUA-000123456"),
        ("PASUA-000123456", "IDCUA-000123456"),
        ("PASUA-FE123456", "PASUA-FE123456"),
        ("idcde-l01x00t47", "IDCDE-L01X00T47"),
    ],
)
def test_passport__one_form_for_every_spelling(text: str, number: str) -> None:
    assert normal_passport(text) == claimed_passport(text) == number
    assert normal_passport(number) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("BK765432", "PASXX-BK765432"), ("PASPL-BK765432", "PASPL-BK765432")],
)
def test_passport__letters_of_another_country_stay_its_own(text: str, number: str) -> None:
    assert normal_passport(text) == number
    assert bare_number(number) == bare_number(normal_passport("ВК765432"))


@pytest.mark.parametrize(
    "text",
    ["ZZ123456", "АА12345", "АА1234567", "А1234567", "ЫЭ123456", "12345678", "0123456789", ""],
)
def test_passport__refused(text: str) -> None:
    with pytest.raises(ValueError):
        claimed_passport(text)


@given(
    st.from_regex(r"\A[A-Z]{2}[0-9]{6}\Z"), st.sampled_from(["PASPL", "IDCDE", "PASBG", "PASXX"])
)
def test_passport__of_no_other_country_is_a_ukrainian_one(number: str, document: str) -> None:
    passport = normal_passport(f"{document}-{number}")
    assert passport == f"{document}-{number}"
    assert passport != normal_passport(f"PASUA-{number}")


@pytest.mark.parametrize("text", ["19910824-00026", "1991082400026", "19910824 – 00026"])
def test_unzr__the_number_of_the_specimen_card(text: str) -> None:
    assert normal_unzr(text) == "19910824-00026"


@pytest.mark.parametrize(
    "text",
    ["19910824-00025", "19910824-0002", "19911324-00020", "19910230-00020", "1991082400026000", ""],
)
def test_unzr__refused(text: str) -> None:
    with pytest.raises(ValueError):
        normal_unzr(text)


def test_unzr__an_impossible_date_is_refused_with_a_right_check_digit() -> None:
    body = "199102300001"
    with pytest.raises(ValueError, match="date of birth"):
        normal_unzr(body + unzr_check_digit(body))


def test_identifier__each_kind_has_its_own_rule() -> None:
    assert normal_identifier(IdentifierKind.RNOKPP, "1759013776") == "1759013776"
    assert normal_identifier(IdentifierKind.PASSPORT, "АА123456") == "PASUA-АА123456"
    assert normal_identifier(IdentifierKind.UNZR, "1991082400026") == "19910824-00026"
    with pytest.raises(ValueError):
        normal_identifier(IdentifierKind.UNZR, "1759013776")
