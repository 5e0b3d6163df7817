"""Copying recurring hours to colleagues: added once, and to nobody of another agency."""

from datetime import date, time

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet

from diia_videoreception.errors import NotFound
from diia_videoreception.models import Official, ScheduleException, ScheduleRule
from diia_videoreception.services import reference_data
from diia_videoreception.services.reference_data import copy_hours
from tests.factories import OfficialFactory, ScheduleRuleFactory
from tests.harness.clock import NOW
from tests.steps.moderation import moderator_of


@pytest.fixture
def staff(official: Official) -> AbstractBaseUser:
    return moderator_of(official.agency)


@pytest.fixture
def colleague(official: Official) -> Official:
    other: Official = OfficialFactory(unit=official.unit)
    ScheduleRuleFactory(official=other, starts=time(15), ends=time(17))
    return other


def test_hours__are_added_once_and_what_exists_stays(
    official: Official, colleague: Official, staff: AbstractBaseUser
) -> None:
    ScheduleRuleFactory(official=official, starts=time(14), ends=time(16))
    ScheduleRuleFactory(official=official, starts=time(8), valid_until=date(2026, 11, 22))
    ScheduleException.objects.create(official=official, date=date(2026, 12, 1))

    assert copy_hours(official.pk, to=[colleague.pk], staff=staff, now=NOW) == 2
    assert copy_hours(official.pk, to=[colleague.pk], staff=staff, now=NOW) == 0

    starts = ScheduleRule.objects.filter(official=colleague).values_list("starts", flat=True)
    assert sorted(starts) == [time(9), time(14), time(15)]
    assert not colleague.schedule_exceptions.exists()


def test_officials_of_other_agencies__neither_give_nor_get(
    official: Official, colleague: Official, staff: AbstractBaseUser
) -> None:
    elsewhere = ScheduleRuleFactory().official
    both = moderator_of(official.agency, elsewhere.agency, name="both")
    for source, to, who in (
        (official, elsewhere, staff),
        (elsewhere, official, staff),
        (official, elsewhere, both),
        (official, official, staff),
    ):
        with pytest.raises(NotFound):
            copy_hours(source.pk, to=[colleague.pk, to.pk], staff=who, now=NOW)
    assert ScheduleRule.objects.count() == 3


def test_officials_of_other_agencies__are_not_even_locked(
    official: Official,
    colleague: Official,
    staff: AbstractBaseUser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else anybody could make another agency wait."""
    elsewhere = ScheduleRuleFactory().official
    taken: list[Official] = []

    def recorded(rows: QuerySet[Official]) -> QuerySet[Official]:
        taken.extend(rows)
        return rows

    monkeypatch.setattr(reference_data, "locked", recorded)
    with pytest.raises(NotFound):
        copy_hours(official.pk, to=[colleague.pk, elsewhere.pk], staff=staff, now=NOW)
    assert taken == [colleague]
