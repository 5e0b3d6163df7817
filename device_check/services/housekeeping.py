"""Deleting runs that have outlived their purpose; nothing depends on when this happens."""

from datetime import datetime, timedelta

from django.db.models import Q

from device_check.conf import app_settings
from device_check.models import CheckRequestCounter, CheckRun
from integrations.common.counters import clean

UNFINISHED_RETENTION = timedelta(days=1)
BATCH = 500


def delete_stale_runs(now: datetime) -> int:
    """Remove finished runs after `KEEP_DAYS` and unfinished ones after a day.

    Returns:
        How many rows went.
    """
    clean(CheckRequestCounter, now=now, batch=BATCH)
    old = Q(finished_at__lt=now - timedelta(days=app_settings.keep_days))
    abandoned = Q(finished_at__isnull=True, started_at__lt=now - UNFINISHED_RETENTION)
    return CheckRun.objects.filter(old | abandoned).delete()[0]
