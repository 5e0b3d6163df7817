"""Panels on the admin's home page: what waits for a decision, and today's receptions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.ui.components import Component
from wagtail.admin.views import home
from wagtail.models import Task
from wagtail.permissions import page_permission_policy

from diia_videoreception.models import Application
from diia_videoreception.selectors.accounts import second_factor
from diia_videoreception.selectors.accounts.unusual_looks import waiting_for_review
from diia_videoreception.selectors.booking import worklist
from diia_videoreception.selectors.reference import agencies_without_address
from diia_videoreception.wagtail_admin.cases.deadlines import deadline
from diia_videoreception.wagtail_admin.cases.mentioned import case_url, topic_line
from diia_videoreception.wording import short_moment

SHOWN = 5
PAGE_RIGHTS = {"add", "change", "publish", "bulk_delete", "lock", "unlock"}


ABOUT_PAGES = (home.LockedPagesPanel, home.RecentEditsPanel)
ABOUT_WORKFLOWS = (home.UserObjectsInWorkflowModerationPanel, home.WorkflowObjectsToModeratePanel)
ADMITTED = {"wagtailadmin.access_admin"}


def leave_out_panels_for_editors(user: Any, panels: list[Component]) -> None:
    """Take away what can have nothing to show to a moderator: it asks the database all the same."""
    if edits_pages(user):
        return
    useless: tuple[type[Component], ...] = ABOUT_PAGES
    if user.get_all_permissions() <= ADMITTED and not approves(user):
        useless += ABOUT_WORKFLOWS
    panels[:] = [panel for panel in panels if not isinstance(panel, useless)]


def approves(user: Any) -> bool:
    """Return whether there are tasks in the portal's workflows that may be this person's."""
    of_others = Task.objects.filter(groupapprovaltask__isnull=False).exclude(
        groupapprovaltask__groups__user=user
    )
    return bool(Task.objects.filter(active=True).exclude(pk__in=of_others.values("pk")).exists())


def edits_pages(user: Any) -> bool:
    """Return whether what Wagtail offers for pages is of any use to this person."""
    return bool(page_permission_policy.user_has_any_permission(user, PAGE_RIGHTS))


class Work:
    """What both panels count, asked for once."""

    def __init__(self, user: Any) -> None:
        self._user = user

    @cached_property
    def counts(self) -> worklist.Counts:
        return worklist.counts_for(self._user, now=timezone.now())


class SecondFactorPanel(Component):
    """Tells who has not given the second factor yet why they see nothing, and who has none that they can have one."""

    name = "videoreception_second_factor"
    order = 40
    template_name = "diia_videoreception/admin/panel_second_factor.html"

    @staticmethod
    def is_wanted(user: Any) -> bool:
        return second_factor.is_installed() and (
            second_factor.lacks_second_factor(user)
            or (not second_factor.has_device(user) and bool(second_factor.roles_of(user)))
        )

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user = parent_context["request"].user
        return {
            "lacks": second_factor.lacks_second_factor(user),
            "has_device": second_factor.has_device(user),
            "edits_pages": edits_pages(user),
        }


class WaitingPanel(Component):
    """«Чекають рішення: N», the most urgent first (M01)."""

    name = "videoreception_waiting"
    order = 50
    template_name = "diia_videoreception/admin/panel_waiting.html"

    def __init__(self, work: Work) -> None:
        self.work = work

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user, now = parent_context["request"].user, timezone.now()
        counts = self.work.counts
        urgent = worklist.waiting_for_decision(user, now=now)[:SHOWN]
        waiting = worklist.in_full(urgent) if counts.waiting else ()
        late = worklist.overdue_decisions(user, now=now)[:SHOWN] if counts.overdue else ()
        return {
            "count": counts.waiting,
            "is_count_capped": counts.waiting == worklist.MAX_WAITING,
            "edits_pages": edits_pages(user),
            "unreachable": agencies_without_address(user)[:SHOWN],
            "answers": counts.answers,
            "late_answers": counts.late_answers,
            "unsent": counts.unsent,
            "asked": counts.asked,
            "moves": counts.moves,
            "overdue": counts.overdue,
            "is_overdue_capped": counts.overdue == worklist.MAX_COUNTED,
            "late": [_waiting(application, now=now) for application in late],
            "rows": [_waiting(application, now=now) for application in waiting],
        }


class LooksPanel(Component):
    """«Незвично багато переглядів», for heads: one line, and none where there is nothing to look into."""

    name = "videoreception_looks"
    order = 45
    template_name = "diia_videoreception/admin/panel_looks.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        waiting = waiting_for_review(parent_context["request"].user).order_by()
        return {"count": waiting[: worklist.MAX_COUNTED].count()}


class TodayPanel(Component):
    """«Сьогодні»: the receptions of the day, and how many that are over want a note."""

    name = "videoreception_today"
    order = 60
    template_name = "diia_videoreception/admin/panel_today.html"

    def __init__(self, work: Work) -> None:
        self.work = work

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user, now = parent_context["request"].user, timezone.now()
        receptions = worklist.receptions_today(user, now=now)
        return {
            "rows": [
                _row(application) | {"state": application.get_state_display()}
                for application in receptions
            ],
            "is_cut_off": len(receptions) == worklist.MAX_TODAY,
            "over": self.work.counts.over,
            "is_over_capped": self.work.counts.over == worklist.MAX_COUNTED,
        }


def _waiting(application: Application, *, now: datetime) -> dict[str, Any]:
    return _row(application) | {
        "deadline": deadline(application, now=now),
        "claims_priority": application.claims_priority,
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
