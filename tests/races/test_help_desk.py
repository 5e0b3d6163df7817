"""Two of the help desk who report the same trouble at the same moment: one case for who sorts them out."""

import pytest

from diia_videoreception.models import Application, JournalAct, JournalRecord
from diia_videoreception.rules.help_desk import SignInTrouble
from diia_videoreception.services import journal
from diia_videoreception.services.assistance.help_desk import report_sign_in
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW
from tests.steps.admin import helper
from tests.steps.races import AtOnce, run, said


@pytest.fixture
def application(transactional_db: None) -> Application:
    return ApplicationFactory()


def test_one_trouble_reported_twice_at_once__is_one_case(
    application: Application, at_once: AtOnce
) -> None:
    helpers = [helper(name) for name in ("one", "two")]
    for one in helpers:
        journal.record(JournalAct.OPEN_FOR_HELP, subject=application, staff_id=one.pk, now=NOW)

    def report(by: object) -> None:
        is_new = report_sign_in(
            staff=by,  # type: ignore[arg-type]
            public_id=application.public_id,
            trouble=SignInTrouble.SOMEBODY_ELSE,
            now=NOW,
        )
        told.append(is_new)

    told: list[bool] = []
    run(at_once, *(said("reported", report, one) for one in helpers))

    assert sorted(told) == [False, True]
    assert JournalRecord.objects.filter(act=JournalAct.SIGN_IN_CASE).count() == 1
