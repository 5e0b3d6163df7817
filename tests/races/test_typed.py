"""What was typed for a person is filed once, however many confirmations of theirs come at the same moment."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from diia_videoreception.models import Application, Occupancy, TypedPaper
from diia_videoreception.services.assistance import typed_papers, typing
from tests.factories import ConsentTextFactory, ScheduleRuleFactory
from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld, new_centre_world
from tests.steps.inspection import examine_inside
from tests.steps.mandates import may_act, sealed, takes_texts, visit_for
from tests.steps.second_factor import with_app
from tests.steps.typed_papers import printed, scanned
from tests.steps.typing import asked_to_confirm, held, typed
from tests.steps.visits import shown

AtOnce = Callable[..., list[object]]


@pytest.fixture
def world(
    transactional_db: None,
    time_machine: Any,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> CentreWorld:
    time_machine.move_to(NOW, tick=False)
    examine_inside(monkeypatch)
    takes_texts(settings, tmp_path)
    made = new_centre_world()
    with_app(made.administrator)
    may_act(made.administrator)
    return made


def test_a_code_and_a_paper_at_once__file_one_application(
    at_once: AtOnce, world: CentreWorld
) -> None:
    ConsentTextFactory()
    staff, official = world.administrator, ScheduleRuleFactory().official
    visit = visit_for(world)
    sealed(visit, staff)
    typed(visit, staff)
    held(visit, staff, official)
    scanned(visit, staff, printed(visit, staff).code)
    code = asked_to_confirm(visit, staff)
    visit.refresh_from_db()
    page = shown(visit)

    def confirm(way: str) -> str:
        if way == "code":
            return typing.confirm(page, code, staff=staff, now=NOW).confirmed_with
        return typed_papers.file(page, staff=staff, now=NOW).confirmed_with

    answers = [str(one) for one in at_once(confirm, ["code", "paper", "code", "paper"])]

    application = Application.objects.get()
    filed = [one for one in answers if one in Application.Confirmation.values]
    assert filed == [application.confirmed_with], answers
    assert Occupancy.objects.filter(official=official).count() == 1
    papers = TypedPaper.objects.filter(application=application).count()
    assert papers == (application.confirmed_with == "paper")
