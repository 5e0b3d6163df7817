"""Acts on an application that is decided already, sent from a page of that very version."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from diia_videoreception.errors import WrongState
from diia_videoreception.models import Application, Occupancy
from diia_videoreception.rules.transitions import Act
from diia_videoreception.services.booking.states import change_state
from tests.factories import NOW
from tests.harness.html import Page
from tests.steps.admin import World

FREE = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("step", ["preview", "confirm"])
@pytest.mark.parametrize("start", [FREE.isoformat(), "9999-12-31T23:59+00:00"])
def test_a_cancelled_application__gets_no_other_time(world: World, start: str, step: str) -> None:
    application = world.submitted
    change_state(application, Act.CANCEL_BY_CITIZEN, now=NOW)
    url = reverse("videoreception_applications:other_time", args=[application.public_id])

    sent = {"version": application.version, "start": start, "is_agreed": "on", "step": step}
    answer = world.client("moderator").post(url, sent)

    assert answer.status_code == 409
    assert Application.objects.get(pk=application.pk).state == Application.State.CANCELLED
    assert not Occupancy.objects.filter(application=application).exists()


@pytest.mark.parametrize(
    "name",
    ["propose", "other_time", "ask", "decline", "answer", "reassign", "extend", "refuse_move"],
)
def test_a_link_of_before__leads_to_the_case_and_asks_for_nothing(world: World, name: str) -> None:
    change_state(world.submitted, Act.CANCEL_BY_CITIZEN, now=NOW)
    url = reverse(f"videoreception_applications:{name}", args=[world.submitted.public_id])

    answer = world.client("moderator").get(url, follow=True)

    case = reverse("videoreception_applications:inspect", args=[world.submitted.public_id])
    assert answer.redirect_chain == [(case, 302)]
    assert str(WrongState.message) in Page(answer).text
