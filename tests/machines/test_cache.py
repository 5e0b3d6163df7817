"""Redis as the cache that machines share: what it keeps is for all, and without it everything goes on."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from diia_videoreception.selectors.booking.nearest import nearest_free_times
from tests.factories import ScheduleRuleFactory

pytestmark = pytest.mark.any_database
CHOOSE = "/videoreception/choose/"
NEAREST = "найближчий, орієнтовно:"


@pytest.fixture(autouse=True)
def _on_redis(redis_url: str, settings: Any) -> None:
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}
    }


@pytest.fixture
def official(db: None) -> Any:
    return ScheduleRuleFactory().official


def test_nearest_times__are_kept_for_all_machines(
    official: Any, frozen: datetime, django_assert_num_queries: Any
) -> None:
    first = nearest_free_times(official.agency, [official], now=frozen)

    with django_assert_num_queries(0):
        assert nearest_free_times(official.agency, [official], now=frozen) == first
    assert first[official.pk] is not None


def test_a_cache_that_has_died__costs_time_and_nothing_else(
    official: Any,
    frozen: datetime,
    client: Client,
    redis_process: tuple[Any, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = client.get(CHOOSE, {"agency": official.agency.pk})
    redis_process[0].kill()
    redis_process[0].wait()

    after = client.get(CHOOSE, {"agency": official.agency.pk})

    assert NEAREST in before.text
    assert (after.status_code, NEAREST in after.text) == (200, True)
    assert "The cache does not answer: ConnectionError" in caplog.text
