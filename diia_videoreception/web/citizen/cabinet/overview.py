"""«Мої заявки»: what is to come, what is past, and the draft that waits (C11)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from device_check.models import CheckRun
from diia_videoreception.conf import app_settings
from diia_videoreception.models import Application
from diia_videoreception.rules.transitions import OPEN_STATES
from diia_videoreception.selectors.assistance.offered import offering_centres
from diia_videoreception.selectors.booking.applications import applications_of, draft_of
from diia_videoreception.selectors.booking.equipment import last_runs
from diia_videoreception.selectors.booking.holds import live_hold
from diia_videoreception.selectors.booking.proposals import is_proposed
from diia_videoreception.selectors.booking.waiting import people_before, shown_queues_of
from diia_videoreception.web.citizen.cabinet.equipment import tag_of_check
from diia_videoreception.web.citizen.cabinet.states import Tag, tag_of
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page

PAST_ON_PAGE = 20


@citizen_required
def cabinet(request: CitizenRequest) -> HttpResponse:
    """Show the citizen's applications: those to come in order of time, then the past ones by page."""
    citizen = request.citizen.citizen
    now = timezone.now()
    applications = applications_of(citizen)
    is_coming = Q(state__in=OPEN_STATES, end__gt=now)
    coming = list(applications.filter(is_coming).select_related("citizen").order_by("start"))
    runs = last_runs(coming)
    pages = Paginator(applications.exclude(is_coming).order_by("-start"), PAST_ON_PAGE)
    past = pages.get_page(request.GET.get("page"))
    draft = draft_of(citizen)
    return render_page(
        request,
        "citizen/cabinet.html",
        heading=_("My applications"),
        coming=[
            (
                application,
                tag_of(application, now=now, is_proposed=is_proposed(application, now=now)),
                _last_check(runs, application),
            )
            for application in coming
        ],
        page=past,
        past=[(application, tag_of(application, now=now)) for application in past],
        draft=draft if draft and _is_begun(draft.topic, draft.documents.count()) else None,
        draft_until=draft
        and timezone.localtime(
            draft.updated_at + timedelta(hours=app_settings.draft_hours),
            ZoneInfo(settings.TIME_ZONE),
        ),
        hold=live_hold(citizen, now=now),
        offering=offering_centres(request.citizen),
        queues=[
            {"entry": entry, "before": people_before(entry)}
            for entry in shown_queues_of(citizen, now=now)
        ],
    )


def _last_check(
    runs: Mapping[str, CheckRun], application: Application
) -> tuple[Tag, datetime | None] | None:
    """Return the verdict of the newest device check of an application, and when it was made."""
    run = runs.get(str(application.public_id))
    return (tag_of_check(run), run.finished_at) if run else None


def _is_begun(topic: str, documents: int) -> bool:
    return bool(topic.strip()) or documents > 0
