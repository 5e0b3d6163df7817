"""Days at the edges of the calendar, in every form of the admin that asks for a day: told in words, or kept."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Agency
from tests.steps.admin import World
from tests.wagtail_admin.routes import CASES

FORMS = {
    name.removesuffix(":add"): case
    for name, case in CASES.items()
    if name.endswith(":add") and case.post
}
EDGES = (date.min, date(1582, 10, 15), date.max)
TYPED_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def with_days(world: World, name: str) -> dict[str, str]:
    """What is sent to a form, its days alone."""
    sent = FORMS[name].post(world)  # type: ignore[misc]
    return {key: value for key, value in sent.items() if TYPED_DAY.match(str(value))}


def asking_for_days(world: World) -> set[str]:
    return {name for name in FORMS if with_days(world, name)}


def test_the_forms_with_days__are_found(world: World) -> None:
    assert asking_for_days(world) == {
        "videoreception_absences",
        "videoreception_holidays",
        "videoreception_schedule_exceptions",
        "videoreception_schedule_rules",
        "videoreception_substitutes",
    }


@pytest.mark.parametrize("zone", ["Europe/Kyiv", "America/New_York"])
@pytest.mark.parametrize("first", EDGES, ids=str)
@pytest.mark.parametrize("last", [date.min, date.max], ids=str)
def test_any_day__is_refused_in_words_or_kept_and_shown(
    world: World, first: date, last: date, zone: str
) -> None:
    Agency.objects.update(time_zone=zone)
    for name in sorted(asking_for_days(world)):
        case = FORMS[name]
        client = world.client(case.owner)
        sent = case.post(world)  # type: ignore[misc]
        far = {
            key: str(last if number else first)
            + (" 23:59" if number else " 00:00")[: len(typed) - 10]
            for number, (key, typed) in enumerate(with_days(world, name).items())
        }
        answer = client.post(reverse(f"{name}:add"), sent | far)
        assert answer.status_code in {200, 302}, (name, far)
        if answer.status_code == 302:
            _walk_what_shows_it(world, client, name)


def _walk_what_shows_it(world: World, client: Client, name: str) -> None:
    official = world.official
    for address in (
        reverse(f"{name}:index"),
        reverse("videoreception_officials:inspect", args=[official.pk]),
        reverse("videoreception_applications:confirm", args=[world.submitted.public_id]),
    ):
        assert client.get(address).status_code == 200, (name, address)
    page = Client().get("/videoreception/choose/", {"official": official.pk})
    assert official.last_name in page.content.decode(), name


@pytest.mark.parametrize("step", ["preview", "confirm"])
@pytest.mark.parametrize(
    "start", ["9999-12-31T23:59-23:59", "0001-01-01T00:00+23:59", "9999-12-31T23:59+00:00"]
)
def test_another_time_at_the_edge__is_refused_in_words(world: World, start: str, step: str) -> None:
    address = reverse("videoreception_applications:other_time", args=[world.submitted.public_id])
    sent = {"version": world.submitted.version, "start": start, "step": step}
    answer = world.client("moderator").post(address, sent)
    assert answer.status_code in {200, 400, 409, 422}
