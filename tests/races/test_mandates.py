"""Consents at the same moment: two seals of one person, a revocation while something is done for them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from diia_videoreception.models import CentreVisit, Mandate, MandateScope
from diia_videoreception.rules.mandates import HelpScope
from diia_videoreception.services.assistance import consents, mandates, revoking
from tests.harness.clock import NOW
from tests.steps.centres import CentreWorld, new_centre_world
from tests.steps.mandates import (
    asked,
    given_by_sms,
    may_act,
    sealed,
    sent_code,
    takes_texts,
    visit_for,
)
from tests.steps.second_factor import with_app
from tests.steps.visits import shown

AtOnce = Callable[..., list[object]]
ROUNDS = 2


@pytest.fixture
def world(transactional_db: None, time_machine: Any, settings: Any, tmp_path: Path) -> CentreWorld:
    time_machine.move_to(NOW, tick=False)
    takes_texts(settings, tmp_path)
    made = new_centre_world()
    with_app(made.administrator)
    may_act(made.administrator)
    return made


def test_two_seals_for_one_person__leave_one_live_scope(
    at_once: AtOnce, world: CentreWorld
) -> None:
    for _ in range(ROUNDS):
        visits = [visit_for(world) for _ in range(2)]
        for visit in visits:
            given_by_sms(visit, world.administrator)
        pages = [shown(visit) for visit in visits]

        def seal(number: int, pages: Any = pages) -> str:
            return mandates._seal(pages[number], staff=world.administrator, now=NOW).state

        assert at_once(seal, range(2)) == ["active", "active"]
        live = MandateScope.objects.filter(
            scope=HelpScope.BOOK_RECEPTION.value, since__isnull=False, ended_at__isnull=True
        )
        assert live.count() == 1
        assert Mandate.objects.filter(state="active").count() == 1
        CentreVisit.objects.update(
            ended_at=NOW, letter=None, need="", agency_name="", end_reason="done", outcome="sent"
        )


def test_one_code__is_one_consent(at_once: AtOnce, world: CentreWorld) -> None:
    visit = visit_for(world)
    mandate = asked(visit, world.administrator)
    consents.send_code(shown(visit), staff=world.administrator, now=NOW)
    page, code = shown(visit), sent_code(mandate)

    def confirm(_: int) -> str:
        consents.confirm_code(page, code, staff=world.administrator, now=NOW)
        return "given"

    answers = at_once(confirm, range(3))
    assert [str(one) for one in answers].count("given") == 1


def test_a_revocation__comes_before_or_after_an_act_on_behalf(
    at_once: AtOnce, world: CentreWorld
) -> None:
    for _ in range(ROUNDS):
        visit = visit_for(world)
        mandate = sealed(visit, world.administrator)
        visit.refresh_from_db()
        page = shown(visit)

        def go(
            what: str, visit: CentreVisit = visit, page: Any = page, key: int = mandate.pk
        ) -> str:
            if what == "revoke":
                revoking.revoke_in_visit(page, staff=world.administrator, now=NOW)
                return what
            with transaction.atomic():
                mandates.require_scope(visit, HelpScope.BOOK_RECEPTION, now=NOW)
                # Nothing takes it back while the act is under way.
                return Mandate.objects.get(pk=key).state

        answers = [str(one) for one in at_once(go, ["act", "revoke"])]
        assert answers in (["active", "revoke"], ["mandate_ended", "revoke"])
