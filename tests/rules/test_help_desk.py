"""What a person tells the help desk fits in any spelling, and nothing else does."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.folding import fold
from diia_videoreception.rules.help_desk import facts_fit

DAY = date(2026, 12, 1)


def fits(surname: str, of: str, *, day: date = DAY) -> bool:
    return facts_fit(surname=surname, day=day, of_surname=of, of_day=DAY)


@given(st.text(max_size=40), st.text(max_size=40))
def test_only_the_same_surname__fits(typed: str, stored: str) -> None:
    assert fits(typed, stored) == (fold(typed) == fold(stored) != "")


@given(st.dates())
def test_another_day__never_fits(day: date) -> None:
    assert fits("Мельник", "Мельник", day=day) == (day == DAY)


def test_spelling__does_not_count_and_a_part_is_not_enough() -> None:
    assert fits(" гончар'як—ЛИСЕНКО ", "Гончар’як-Лисенко")
    for wrong in ("Гончар", "", "’", "%", "Гончар’як Лисенко Іван"):
        assert not fits(wrong, "Гончар’як-Лисенко")
    assert not fits("Мельник", "Мельник", day=DAY + timedelta(days=1))
