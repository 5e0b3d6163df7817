"""Two who give rights in an agency at the same moment: it keeps a head, and nobody gets a right twice."""

from typing import Any

import pytest

from diia_videoreception.models import Agency, AgencyModerator, JournalRecord, Official
from diia_videoreception.services.accounts import staff_rights
from tests.harness.clock import NOW
from tests.steps.admin import staff
from tests.steps.races import AtOnce, run, said


@pytest.fixture
def agency(official: Official) -> Agency:
    return official.agency


def head_of(agency: Agency, name: str) -> AgencyModerator:
    return AgencyModerator.objects.create(agency=agency, user=staff(name), is_head=True)


@pytest.mark.parametrize("how", ["take", "demote"])
def test_two_heads_who_go_at_once__leave_one(agency: Agency, at_once: AtOnce, how: str) -> None:
    root = staff("root", superuser=True)
    rights = [head_of(agency, name) for name in ("one", "two")]

    def go(right: AgencyModerator) -> None:
        if how == "take":
            staff_rights.take_moderator(right, staff=root, now=NOW)
        else:
            right.is_head = False
            staff_rights.save_moderator(right, staff=root, now=NOW)

    assert run(at_once, *(said("gone", go, right) for right in rights)) == ["gone", "last_head"]
    assert AgencyModerator.objects.filter(agency=agency, is_head=True).count() == 1
    assert JournalRecord.objects.filter(act="user.right_taken").count() == 1


def test_a_right_given_or_taken_twice_at_once__is_so_once(agency: Agency, at_once: AtOnce) -> None:
    heads = [head_of(agency, name).user for name in ("one", "two")]
    person = staff("person")

    def give(by: Any) -> None:
        right = AgencyModerator(agency=agency, user=person)
        staff_rights.save_moderator(right, staff=by, now=NOW)

    assert run(at_once, *(said("given", give, by) for by in heads)) == ["given", "incomplete"]
    given = AgencyModerator.objects.get(user=person)

    def take(by: Any) -> None:
        staff_rights.take_moderator(given, staff=by, now=NOW)

    assert run(at_once, *(said("taken", take, by) for by in heads)) == ["not_found", "taken"]
    acts = JournalRecord.objects.filter(subject_id=str(person.pk)).order_by("pk")
    assert list(acts.values_list("act", flat=True)) == ["user.right_given", "user.right_taken"]
