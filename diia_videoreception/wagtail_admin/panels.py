"""Panels on the admin's home page: what waits for a decision, and today's receptions."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.permissions import page_permission_policy

from diia_videoreception.models import Application
from diia_videoreception.selectors.booking import worklist
from diia_videoreception.selectors.letters import with_failed_letters
from diia_videoreception.selectors.reference import agencies_without_address
from diia_videoreception.wagtail_admin.cases.worklist import case_url, deadline, topic_line
from diia_videoreception.wording import short_moment

SHOWN = 5
PAGE_RIGHTS = {"add", "change", "publish", "bulk_delete", "lock", "unlock"}


def edits_pages(user: Any) -> bool:
    """Return whether what Wagtail offers for pages is of any use to this person."""
    return bool(page_permission_policy.user_has_any_permission(user, PAGE_RIGHTS))


class WaitingPanel(Component):
    """«Чекають рішення: N», the most urgent first (M01)."""

    name = "videoreception_waiting"
    order = 50
    template_name = "diia_videoreception/admin/panel_waiting.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        now = timezone.now()
        waiting = worklist.waiting_for_decision(parent_context["request"].user, now=now)
        return {
            "count": waiting.count(),
            "edits_pages": edits_pages(parent_context["request"].user),
            "unreachable": agencies_without_address(parent_context["request"].user)[:SHOWN],
            "unsent": with_failed_letters(parent_context["request"].user, now=now).count(),
            "rows": [_row(application) | deadline(application) for application in waiting[:SHOWN]],
        }


class TodayPanel(Component):
    """«Сьогодні»: the receptions of the day, and how many that are over want a note."""

    name = "videoreception_today"
    order = 60
    template_name = "diia_videoreception/admin/panel_today.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user, now = parent_context["request"].user, timezone.now()
        return {
            "rows": [
                _row(application) | {"state": application.get_state_display()}
                for application in worklist.receptions_today(user, now=now)
            ],
            "over": (over := worklist.count_without_outcome(user, now=now)),
            "is_over_capped": over == worklist.MAX_COUNTED,
        }


def _row(application: Application) -> dict[str, Any]:
    return {
        "url": case_url(application),
        "number": application.number,
        "citizen": application.citizen.full_name,
        "topic": topic_line(application),
        "official": application.official.full_name,
        "time": short_moment(application.start, application.official.agency.time_zone),
    }
