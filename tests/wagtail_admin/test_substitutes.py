"""Who receives in the place of an official for some days: what they see, get and may do, and when it ends."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from diia_videoreception import models
from diia_videoreception.errors import NotFound
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
from tests.steps.officials import user
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


def sent_for(world: World, who: Any) -> dict[str, Any]:
    """What a head sends to name somebody, a user or a name."""
    return {
        "official": world.official.pk,
        "user_name": who if isinstance(who, str) else who.get_username(),
        "first_day": DAY,
        "last_day": DAY,
    }


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
    ("who", "first", "last", "words"),
    [
        ("receiver", DAY, DAY, "Ця людина і є посадовою особою"),
        ("moderator", DAY, DAY - timedelta(days=1), "не може бути раніше за перший"),
        ("moderator", date(2026, 11, 1), date(2026, 11, 22), "минули"),
        ("moderator", DAY, DAY + timedelta(days=92), "не пізніше ніж 3 березня 2027"),
        ("moderator", date(2026, 1, 1), DAY, "у межах від"),
        ("moderator", date.min, date.max, "у межах від"),
        ("moderator", date.max, date.max, "у межах від"),
        ("moderator", date.min, date.min, "минули"),
        ("moderator", DAY, date.max, "не пізніше ніж"),
    ],
)
def test_a_substitute__has_days_to_come_and_is_somebody_else(
    world: World, who: str, first: date, last: date, words: str
) -> None:
    sent = sent_for(world, getattr(world, who)) | {"first_day": first, "last_day": last}
    answer = world.client("head").post(reverse("videoreception_substitutes:add"), sent)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert OfficialSubstitute.objects.count() == 1


def test_who_takes_the_place_of_a_substitute__ends_the_right_of_the_former(
    world: World, deputy: Any
) -> None:
    substitute = name(world, staff("former"))
    former = substitute.user
    edit = reverse("videoreception_substitutes:edit", args=[substitute.pk])
    assert world.client("head").post(edit, sent_for(world, deputy)).status_code == 302

    assert not receptions_of(former).exists()
    assert list(receptions_of(deputy)) == [world.confirmed]
    acts = models.JournalRecord.objects.filter(subject_kind="official").order_by("pk")
    assert [(row.act, row.details["user"]) for row in acts] == [
        ("official.substitute_named", former.pk),
        ("official.substitute_withdrawn", former.pk),
        ("official.substitute_named", deputy.pk),
    ]


@pytest.mark.parametrize("who", ["nobody", "stranger", "former", "foreign_official"])
def test_who_is_neither_of_the_agency_nor_of_the_admin__is_named_nowhere(
    world: World, who: str
) -> None:
    user("stranger")
    former = staff("former", world.agency)
    former.is_active = False
    former.save()
    models.Official.objects.filter(pk=world.foreign.official.pk).update(
        user=user("foreign_official")
    )
    sent = sent_for(world, who)
    answer = world.client("head").post(reverse("videoreception_substitutes:add"), sent)

    assert answer.status_code == 200
    # One text for all: it does not tell who has an account.
    assert "не знайдено людини, яку тут можна вказати" in answer.content.decode()
    assert OfficialSubstitute.objects.count() == 1


def test_an_official_of_the_agency__substitutes_without_the_admin(world: World) -> None:
    colleague = user("colleague")
    models.Official.objects.filter(pk=world.idle_official.pk).update(user=colleague)
    assert name(world, colleague).pk


def test_only_heads__name_substitutes_and_in_their_own_agency(world: World, deputy: Any) -> None:
    sent = sent_for(world, deputy)
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
