"""Who receives in the place of an official for some days: what they see, get and may do, and when it ends."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from diia_videoreception import models
from diia_videoreception.errors import Incomplete, NotFound
from diia_videoreception.models import Letter, OfficialSubstitute
from diia_videoreception.selectors.access import officials_of, receptions_of
from diia_videoreception.selectors.rooms.seats import Visitor, receptions_open_to
from diia_videoreception.services import letters
from diia_videoreception.services.accounts import staff_rights
from diia_videoreception.services.letters.delivery import deliver_due
from diia_videoreception.services.letters.evenings import write_evenings
from tests import factories
from tests.harness.clock import NOW
from tests.steps.admin import World, client_of, staff
from tests.steps.second_factor import require

pytestmark = pytest.mark.any_database

DAY = date(2026, 12, 2)
"""That of the confirmed reception."""


@pytest.fixture
def deputy(world: World) -> Any:
    person = staff("person")
    person.email = "person@portal.example"
    person.save()
    return person


def name(world: World, person: Any, first: date = DAY, last: date = DAY) -> OfficialSubstitute:
    substitute = OfficialSubstitute(
        official=world.official, user=person, first_day=first, last_day=last
    )
    return staff_rights.save_substitute(substitute, staff=world.head, now=NOW)


def test_a_substitute__holds_the_receptions_of_their_days_only(world: World, deputy: Any) -> None:
    # The last minute of the day before and the first of the day after, in Kyiv.
    for start in (datetime(2026, 12, 1, 21, 59, tzinfo=UTC), datetime(2026, 12, 2, 22, tzinfo=UTC)):
        factories.ApplicationFactory(
            official=world.official, state="confirmed", decided_at=NOW, start=start
        )
    name(world, deputy)

    assert list(receptions_of(deputy)) == [world.confirmed]
    assert list(officials_of(deputy)) == [world.official]
    assert list(receptions_open_to(Visitor(user=deputy))) == [world.confirmed]
    client = client_of(deputy)
    page = client.get("/videoreception/official/?day=2026-12-02").content.decode()
    assert world.confirmed.citizen.full_name in page
    for application, status in ((world.confirmed, 200), (world.submitted, 404), (world.held, 404)):
        address = reverse("diia_videoreception:official_reception", args=[application.public_id])
        assert client.get(address).status_code == status


def test_a_substitute__comes_into_the_room_under_their_own_name(world: World, deputy: Any) -> None:
    name(world, deputy)
    visitor = Visitor(user=deputy)
    assert visitor.role_in(world.confirmed) is models.Participant.Role.MODERATOR
    assert visitor.name_in(world.confirmed) == deputy.get_full_name()


def test_a_substitute__needs_the_second_factor_of_officials(
    world: World, deputy: Any, settings: Any
) -> None:
    require(settings)
    name(world, deputy)
    answer = client_of(deputy).get("/videoreception/official/?day=2026-12-02")
    assert answer.status_code == 303
    assert "/second-factor/" in answer["Location"]


def test_a_withdrawn_substitute__is_out_at_once(world: World, deputy: Any) -> None:
    substitute = name(world, deputy)
    staff_rights.withdraw_substitute(substitute, staff=world.head, now=NOW)

    assert not receptions_of(deputy).exists()
    assert client_of(deputy).get("/videoreception/official/").status_code == 403
    acts = models.JournalRecord.objects.filter(subject_kind="official").order_by("pk")
    details = {"user": deputy.pk, "first_day": "2026-12-02", "last_day": "2026-12-02"}
    assert [(row.act, row.actor_id, row.details) for row in acts] == [
        ("official.substitute_named", str(world.head.pk), details),
        ("official.substitute_withdrawn", str(world.head.pk), details),
    ]


def test_five_days_after_the_last__a_substitute_sees_nothing_more(
    world: World, deputy: Any, time_machine: Any
) -> None:
    ends = name(world, deputy).ends_at
    time_machine.move_to(ends + timedelta(days=5, seconds=-1), tick=False)
    assert receptions_of(deputy).exists()
    time_machine.move_to(ends + timedelta(days=5), tick=False)
    assert not receptions_of(deputy).exists()
    assert not officials_of(deputy).exists()


def test_letters__go_to_the_official_and_to_who_substitutes_on_the_day(
    world: World, deputy: Any
) -> None:
    name(world, deputy)
    letters.notify_official(Letter.Kind.OFFICIAL_CONFIRMED, world.confirmed, now=NOW)
    deliver_due(now=NOW)
    assert [letter.to for letter in mail.outbox] == [["person@portal.example"]]
    assert "заступаєте" in mail.outbox[0].body

    world.receiver.email = "receiver@portal.example"
    world.receiver.save()
    world.confirmed.refresh_from_db()
    confirmed = models.Application.objects.get(pk=world.confirmed.pk)
    letters.notify_official(Letter.Kind.OFFICIAL_CONFIRMED, confirmed, now=NOW)
    addresses = list(Letter.objects.order_by("pk").values_list("address", flat=True))[-2:]
    assert addresses == ["receiver@portal.example", "person@portal.example"]


def test_a_reception_moved_away__is_told_to_who_would_have_held_it(
    world: World, deputy: Any
) -> None:
    name(world, deputy, date(2026, 12, 1), date(2026, 12, 1))
    was = datetime(2026, 12, 1, 8, tzinfo=UTC)
    letters.notify_official(Letter.Kind.OFFICIAL_MOVED, world.confirmed, now=NOW, old_start=was)
    letter = Letter.objects.get(address="person@portal.example")
    assert letter.kind == Letter.Kind.OFFICIAL_CANCELLED
    deliver_due(now=NOW)
    (sent,) = mail.outbox
    assert "1 грудня" in sent.body
    assert "2 грудня" not in sent.body
    calendar = str(sent.attachments[0])
    assert "METHOD:CANCEL" in calendar or "CANCELLED" in calendar


def test_the_evening_before__substitutes_get_the_list_of_their_day(
    world: World, deputy: Any
) -> None:
    models.Official.objects.update(user=None)
    name(world, deputy)
    evening = datetime(2026, 12, 1, 16, 30, tzinfo=UTC)
    assert write_evenings(now=evening) == 1
    letter = Letter.objects.get(kind="official_tomorrow")
    assert letter.address == "person@portal.example"
    assert letter.facts["applications"] == [world.confirmed.number]
    assert write_evenings(now=evening) == 0


@pytest.mark.parametrize(
    ("who", "first", "last"),
    [
        ("receiver", DAY, DAY),
        ("moderator", DAY, DAY - timedelta(days=1)),
        ("moderator", date(2026, 11, 1), date(2026, 11, 22)),
    ],
)
def test_a_substitute__has_days_to_come_and_is_somebody_else(
    world: World, who: str, first: date, last: date
) -> None:
    world.official.refresh_from_db()
    with pytest.raises(Incomplete):
        name(world, getattr(world, who), first, last)


def test_only_heads__name_substitutes_and_in_their_own_agency(world: World, deputy: Any) -> None:
    sent = {
        "official": world.official.pk,
        "user_name": "person",
        "first_day": "2026-12-02",
        "last_day": "2026-12-02",
    }
    add = reverse("videoreception_substitutes:add")
    for stranger in ("moderator", "receiver", "foreigner"):
        world.client(stranger).post(add, sent)
    assert not OfficialSubstitute.objects.filter(user=deputy).exists()
    substitute = OfficialSubstitute(
        official=world.foreign.official, user=deputy, first_day=DAY, last_day=DAY
    )
    with pytest.raises(NotFound):
        staff_rights.save_substitute(substitute, staff=world.head, now=NOW)

    assert world.client("head").post(add, sent).status_code == 302
    assert OfficialSubstitute.objects.get(user=deputy).starts_at == datetime(
        2026, 12, 1, 22, tzinfo=UTC
    )
