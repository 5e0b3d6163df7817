"""Until when one may object, and by when the agency answers."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from diia_videoreception.rules.objections import answer_due, objection_until
from diia_videoreception.rules.terms import Workdays

KYIV = ZoneInfo("Europe/Kyiv")


def test_objection__is_taken_for_five_whole_days() -> None:
    noted = datetime(2026, 12, 1, 23, 30, tzinfo=KYIV)
    assert objection_until(noted, KYIV) == datetime(2026, 12, 7, 0, 0, tzinfo=KYIV)


def test_objection__ends_with_the_day_though_the_clock_changes() -> None:
    noted = datetime(2026, 10, 20, 12, tzinfo=KYIV)
    assert objection_until(noted, KYIV) == datetime(2026, 10, 25, 22, tzinfo=UTC)


def test_answer__is_due_within_five_working_days() -> None:
    friday = datetime(2026, 12, 4, 12, tzinfo=KYIV)
    assert answer_due(friday, KYIV, workdays=Workdays()) == date(2026, 12, 11)
    assert answer_due(friday, KYIV, workdays=Workdays({date(2026, 12, 8)})) == date(2026, 12, 14)
