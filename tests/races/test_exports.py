"""A report saved as a file while the right to it is taken away, and by two tabs at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.db.utils import OperationalError
from django.urls import reverse

from diia_videoreception.models import AgencyModerator, Export, Official
from diia_videoreception.models.exports import EXPORT
from tests.harness.clock import NOW
from tests.steps.admin import client_of, staff
from tests.steps.exports import REASON, handed_out

AtOnce = Callable[..., list[object]]


@pytest.fixture
def exporter(official: Official) -> Any:
    user = staff("exporter", official.agency)
    user.user_permissions.add(Permission.objects.get(codename=EXPORT))
    return user


@pytest.mark.only_postgres
def test_a_right__is_not_taken_away_between_asking_and_writing_down(
    at_once: AtOnce, official: Official, exporter: Any
) -> None:
    def take() -> str:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
            try:
                AgencyModerator.objects.filter(user=exporter).delete()
            except OperationalError:
                return "waits"
        return "taken"

    with transaction.atomic():
        handed_out(exporter, official.agency)
        assert at_once(lambda act: act(), [take]) == ["waits"]
    assert at_once(lambda act: act(), [take]) == ["taken"]


def test_two_tabs_at_once__get_no_more_files_than_an_hour_has(
    at_once: AtOnce, exporter: Any, settings: Any, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    once = {"THROTTLE": {"export": "1/hour"}}
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | once
    period = {"first": "2026-11-01", "last": "2026-11-20"}
    address = reverse("videoreception_reports:export", query=period)
    sent = {"export-kind": "list", "export-format": "csv", "export-reason": REASON}
    tabs = [client_of(exporter) for _ in range(2)]

    answers = at_once(lambda client: client.post(address, sent).status_code, tabs)

    assert sorted(map(str, answers)) == ["200", "429"]
    assert Export.objects.count() == 1
