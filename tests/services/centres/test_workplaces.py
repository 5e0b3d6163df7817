"""Places of a centre: one act makes, renames and shuts out place and computer; hours of a week."""

from datetime import time, timedelta
from typing import Any

import pytest

from device_check.models import Workplace
from device_check.services import workplaces as machines
from diia_videoreception import errors, models
from diia_videoreception.rules.centres import Period
from diia_videoreception.services.centres import workplaces
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW, START
from tests.steps.centres import CentreWorld

Kind = models.CentreWorkplace.Kind


def make(world: CentreWorld, label: str = "Місце № 1") -> models.CentreWorkplace:
    return workplaces.make_workplace(
        world.centre.public_id, kind=Kind.SELF_SERVICE, label=label, staff=world.head, now=NOW
    )


def test_one_act__makes_renames_and_shuts_out_place_and_computer(world: CentreWorld) -> None:
    place = make(world)
    machine = Workplace.objects.get(pk=place.machine_id)
    assert (machine.label, machine.site_code, machine.kind) == ("Місце № 1", "YAVORIVKA-1", "kiosk")

    about = (world.centre.public_id, place.public_id)
    workplaces.rename(*about, label="Місце № 2", staff=world.head, now=NOW)
    machine.refresh_from_db()
    assert machine.label == "Місце № 2"

    workplaces.revoke(*about, staff=world.head, now=NOW)
    machine.refresh_from_db()
    assert machine.status == "revoked"
    with pytest.raises(errors.NotFound):
        workplaces.rename(*about, label="Місце № 3", staff=world.head, now=NOW)
    assert make(world, "Місце № 2").state == "working", "the name is free again"


def test_a_name__is_given_once_in_a_centre(world: CentreWorld) -> None:
    place = make(world)
    with pytest.raises(errors.WorkplaceNameTaken):
        make(world)
    with pytest.raises(errors.Incomplete):
        make(world, " ")
    assert Workplace.objects.count() == 2
    about = (world.centre.public_id, place.public_id)
    workplaces.rename(*about, label="Місце № 1", staff=world.head, now=NOW)


def test_a_paused_place__works_again(world: CentreWorld) -> None:
    about = (world.centre.public_id, make(world).public_id)
    assert workplaces.pause(*about, staff=world.head, now=NOW).state == "paused"
    with pytest.raises(errors.WrongState):
        workplaces.pause(*about, staff=world.head, now=NOW)
    assert workplaces.resume(*about, staff=world.head, now=NOW).state == "working"


@pytest.mark.parametrize("who", ["administrator", "consultant", "foreign_head"])
def test_others__change_no_place_and_no_hours(world: CentreWorld, who: str) -> None:
    stranger = getattr(world, who)
    about = (world.centre.public_id, world.workplace.public_id)
    for act in (
        lambda: workplaces.pause(*about, staff=stranger, now=NOW),
        lambda: workplaces.revoke(*about, staff=stranger, now=NOW),
        lambda: workplaces.set_hours(*about, periods=[], staff=stranger, now=NOW),
    ):
        with pytest.raises(errors.NotFound):
            act()


def test_hours__take_the_place_of_those_before(world: CentreWorld) -> None:
    week = [Period(day, time(9), time(13)) for day in range(5)]
    week += [Period(0, time(14), time(18))]
    for place in (None, world.workplace.public_id):
        workplaces.set_hours(world.centre.public_id, place, periods=week, staff=world.head, now=NOW)
    workplaces.set_hours(world.centre.public_id, None, periods=week[:1], staff=world.head, now=NOW)
    assert [row.period for row in world.centre.hours.filter(workplace=None)] == week[:1]
    assert world.centre.hours.filter(workplace=world.workplace).count() == 6


@pytest.mark.parametrize(
    "wrong",
    [
        [Period(1, time(13), time(9))],
        [Period(1, time(9), time(13)), Period(1, time(12), time(18))],
        [Period(1, time(hour), time(hour, 30)) for hour in (8, 9, 10, 11)],
    ],
)
def test_hours_that_cannot_be__are_refused_at_their_day(
    world: CentreWorld, wrong: list[Period]
) -> None:
    with pytest.raises(errors.Incomplete) as refused:
        workplaces.set_hours(world.centre.public_id, None, periods=wrong, staff=world.head, now=NOW)
    assert set(refused.value.fields) == {"day_1"}


def test_a_head_of_another_centre__reaches_no_place_by_the_own_address(world: CentreWorld) -> None:
    about = (world.foreign.public_id, world.workplace.public_id)
    for act in (
        lambda: workplaces.pause(*about, staff=world.foreign_head, now=NOW),
        lambda: workplaces.revoke(*about, staff=world.foreign_head, now=NOW),
        lambda: workplaces.set_hours(*about, periods=[], staff=world.foreign_head, now=NOW),
    ):
        with pytest.raises(errors.NotFound):
            act()
    world.workplace.refresh_from_db()
    assert world.workplace.state == "working"


def test_the_computer_of_a_place__is_shut_out_and_let_in_by_the_place_alone(
    world: CentreWorld,
) -> None:
    place = make(world)
    key = place.machine.public_id
    with pytest.raises(machines.WorkplaceGone):
        machines.revoke(public_id=key, now=NOW)
    assert machines.issue_code(public_id=key, now=NOW), "who looks after computers connects it"

    workplaces.revoke(world.centre.public_id, place.public_id, staff=world.head, now=NOW)
    with pytest.raises(machines.WorkplaceGone):
        machines.issue_code(public_id=key, now=NOW)
    assert Workplace.objects.get(pk=place.machine_id).status == "revoked"


def test_a_seat_with_receptions_to_come__stays(world: CentreWorld) -> None:
    seat = world.workplace
    application = ApplicationFactory(start=START, seat=seat)
    application.occupancies.update(seat=seat)
    about = (world.centre.public_id, seat.public_id)

    with pytest.raises(errors.SeatBooked):
        workplaces.revoke(*about, staff=world.head, now=NOW)
    workplaces.revoke(*about, staff=world.head, now=START + timedelta(hours=1))


def test_help_in_sign_language__is_told_by_the_head_of_a_seat(world: CentreWorld) -> None:
    def tell(place: models.CentreWorkplace, *, by: Any) -> None:
        about = (world.centre.public_id, place.public_id)
        workplaces.set_sign_language(*about, has_sign_language=True, staff=by, now=NOW)

    with pytest.raises(errors.NotFound):
        tell(make(world), by=world.head)
    for stranger in (world.administrator, world.foreign_head):
        with pytest.raises(errors.NotFound):
            tell(world.workplace, by=stranger)
    tell(world.workplace, by=world.head)
    world.workplace.refresh_from_db()
    assert world.workplace.has_sign_language
    assert models.JournalRecord.objects.filter(act="centre.seat_sign_language").count() == 1
