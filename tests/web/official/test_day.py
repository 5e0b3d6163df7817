"""«Мій день»: own receptions only, with what the official needs before each."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diia_videoreception import models
from tests import factories
from tests.harness.clock import NOW, START
from tests.harness.html import Page
from tests.steps.corrections import CORRECTED, correct
from tests.steps.moderation import decide
from tests.steps.officials import (
    FOREIGN,
    WORDS,
    World,
    add_scan,
    answer_on_paper,
    client_of,
    user,
)

pytestmark = pytest.mark.any_database

DAY = reverse("diia_videoreception:official_day")
PHONE = "+380671234567"
NEW_PHONE = "+380 50 123 45 67"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_day__tells_what_comes_and_what_was(world: World) -> None:
    page = text(world.client("receiver").get(DAY))
    for words in (
        WORDS,
        world.today.citizen.full_name,
        "Скоро початок",
        "жестов",
        "довідка.pdf",
        "ВП-2026-000087-4",
        "Перелік документів",
        "Пристрій не перевірено",
        "Завтрашнє",
    ):
        assert words.lower() in page.lower(), words
    assert FOREIGN not in page


def test_day__is_the_same_in_the_admin(world: World) -> None:
    from django.contrib.auth.models import Permission

    world.receiver.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = world.client("receiver")
    page = text(client.get(reverse("videoreception_my_day:index")))
    assert WORDS in page
    assert "Завтрашнє" in page
    assert FOREIGN not in page
    assert reverse("videoreception_my_day:index") in text(client.get("/admin/"))


def test_phone__by_the_agency_only(world: World) -> None:
    client = world.client("receiver")
    one = reverse("diia_videoreception:official_reception", args=[world.today.public_id])
    for address in (DAY, one):
        assert PHONE not in text(client.get(address))
    models.Agency.objects.update(officials_see_phone=True)
    for address in (DAY, one):
        assert PHONE in text(client.get(address))
    identifier = str(3_000_000_000)[:7]
    assert identifier not in text(client.get(one))


def test_corrections__are_read_before_the_reception_but_no_phone(world: World) -> None:
    case = factories.ApplicationFactory(official=world.official, start=START)
    correct(case, answers={"phone": "050 123 45 67", "needs": ["chat"]})
    decide("confirm", models.Application.objects.get(pk=case.pk), world.moderator)
    address = reverse("diia_videoreception:official_reception", args=[case.public_id])

    page = Page(world.client("receiver").get(address))

    assert "Виправлено заявником" in page.texts("h2")
    assert (CORRECTED in page.text, case.topic in page.text) == (True, True)
    assert NEW_PHONE not in page.text
    models.Agency.objects.update(officials_see_phone=True)
    assert NEW_PHONE in Page(world.client("receiver").get(address)).text


def test_the_signed_answer__is_saved_by_who_received(world: World) -> None:
    signature = answer_on_paper(world)
    page = reverse("diia_videoreception:official_reception", args=[world.today.public_id])
    address = reverse("diia_videoreception:official_answer", args=[world.today.public_id])
    receiver = world.client("receiver")
    assert receiver.get(address).status_code == 404, "on paper without a scan"
    assert address not in text(receiver.get(page))
    add_scan(world, signature)

    saved = receiver.get(address)

    assert address in text(receiver.get(page))
    assert b"".join(saved.streaming_content) == b"content"
    assert saved["Content-Disposition"].startswith("attachment")
    assert client_of(world.foreign.official.user).get(address).status_code == 404


def test_empty_day__leads_to_the_next_reception(world: World) -> None:
    far = NOW.date() + timedelta(days=5)
    models.Application.objects.filter(pk=world.tomorrow.pk).update(
        start=NOW + timedelta(days=9), end=NOW + timedelta(days=9, minutes=30)
    )
    page = text(world.client("receiver").get(DAY, {"day": far.isoformat()}))
    assert "Цього дня прийомів немає" in page
    assert f"?day={(NOW + timedelta(days=9)).date().isoformat()}" in page
    assert f"?day={(far - timedelta(days=1)).isoformat()}" in page


@pytest.mark.parametrize("day", ["", "2026-13-45", "tomorrow", "0001-01-01", "9999-12-31", "\x00"])
def test_day__of_no_day_is_today(world: World, day: str) -> None:
    page = world.client("receiver").get(DAY, {"day": day})
    assert page.status_code == 200
    assert WORDS in text(page)


def test_a_reception_called_off__is_not_shown(world: World) -> None:
    models.Application.objects.filter(pk=world.today.pk).update(state="cancelled")
    assert WORDS not in text(world.client("receiver").get(DAY))


def test_day__of_several_officials_at_once(world: World) -> None:
    models.Official.objects.filter(pk=world.foreign.official_id).update(user=world.receiver)
    page = text(world.client("receiver").get(DAY))
    assert WORDS in page
    assert FOREIGN in page
    # Even so one official does not learn what the person asked another one before.
    earlier = page.split("ВП-2026-000087-4")
    assert len(earlier) == 2


def test_unfinished__waits_on_every_day(world: World, time_machine: Any) -> None:
    time_machine.move_to(NOW + timedelta(hours=2), tick=False)
    page = text(world.client("receiver").get(DAY))
    assert "Чекають Вашого підсумку" in page
    time_machine.move_to(NOW + timedelta(days=3), tick=False)
    assert "Чекають Вашого підсумку: 2" in text(world.client("receiver").get(DAY))


def test_queries__do_not_grow_with_the_day(world: World) -> None:
    client = world.client("receiver")
    client.get(DAY)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(DAY).status_code == 200
        return len(queries)

    few = count()
    for number in range(8):
        factories.ApplicationFactory(
            official=world.official,
            state="confirmed",
            decided_at=NOW,
            start=NOW + timedelta(hours=1 + number),
        )
    assert count() == few


def test_who_is_no_official__has_no_day(world: World) -> None:
    assert world.client("moderator").get(DAY).status_code == 403
    assert client_of(user("nobody")).get(DAY).status_code == 403


def test_signed_out__by_way_of_the_sign_in_of_staff(world: World) -> None:
    answer = Client().get(DAY, {"day": "2026-12-01"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/?next=")
    assert "day%3D2026-12-01" in answer["Location"]


def test_who_waits__stands_on_top_with_the_way_into_the_room(world: World, settings: Any) -> None:
    def seat(**values: Any) -> None:
        room, _made = models.Room.objects.get_or_create(
            application=world.tomorrow, defaults={"conference": "default", "created_at": NOW}
        )
        models.Participant.objects.update_or_create(
            room=room,
            citizen=world.tomorrow.citizen,
            defaults={
                "role": "citizen",
                "name": "",
                "state": "waiting",
                "window": "w",
                "last_seen_at": NOW,
            }
            | values,
        )

    models.Application.objects.filter(pk=world.tomorrow.pk).update(
        start=NOW + timedelta(hours=3), end=NOW + timedelta(hours=4)
    )
    models.Reception.objects.filter(application=world.tomorrow).update(login="")
    client = world.client("receiver")
    room = reverse("diia_videoreception:room_official", args=[world.tomorrow.public_id])
    own = {"default": {"BACKEND": "integrations.conference.own.OwnRoom"}}
    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, "CONFERENCE": own}
    seat()
    page = text(client.get(DAY))
    assert "Чекає в кімнаті" in page
    assert room in page
    seat(state="admitted")
    assert "Уже в кімнаті" in text(client.get(DAY))
    seat(last_seen_at=NOW - timedelta(minutes=10))
    page = text(client.get(DAY))
    assert "Уже в кімнаті" not in page
    assert room not in page, "three hours before, with nobody in it"

    other = {"default": {"BACKEND": "integrations.conference.external.ExternalProgram"}}
    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, "CONFERENCE": other}
    seat()
    assert room not in text(client.get(DAY))
