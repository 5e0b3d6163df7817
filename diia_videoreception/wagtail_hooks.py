"""What this app adds to Wagtail's admin."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup

from diia_videoreception.models import JournalAct
from diia_videoreception.selectors.accounts.second_factor import is_unnoticed
from diia_videoreception.selectors.accounts.staff import heads
from diia_videoreception.selectors.reference import moderates
from diia_videoreception.wagtail_admin.policies import register_policies

# Before anything asks Wagtail for the policy of one of these models.
register_policies()

from diia_videoreception.wagtail_admin.group import (  # noqa: E402
    BESIDE,
    WITHOUT_MENU,
    VideoReceptionGroup,
)
from diia_videoreception.wagtail_admin.guard import (  # noqa: E402
    guard_of_others,
    guarded,
    step_in_admin,
)
from diia_videoreception.wagtail_admin.panels import (  # noqa: E402
    LooksPanel,
    SecondFactorPanel,
    TodayPanel,
    WaitingPanel,
    Work,
    edits_pages,
    leave_out_panels_for_editors,
)
from diia_videoreception.wording import KYIV  # noqa: E402

LAST = 10_000
"""The order of a hook that sees what all others have done."""


@hooks.register("register_admin_viewset")
def register_viewsets() -> Iterable[ViewSet | ViewSetGroup]:
    ours = [VideoReceptionGroup(), *(viewset() for viewset in (*BESIDE, *WITHOUT_MENU))]
    return [guarded(viewset) for viewset in ours]


@hooks.register("register_admin_viewset", order=LAST)
def guard_viewsets_of_others() -> list[ViewSet]:
    for viewset in viewsets.viewsets:
        guard_of_others(viewset)
    return []


@hooks.register("before_bulk_action")
def ask_before_many_users_change(
    request: HttpRequest, action_type: str, objects: Any, action: Any
) -> HttpResponse | None:
    """Ask for the second factor again, as the screens of one user do."""
    gives_rights = action.model in (get_user_model(), Group)
    return step_in_admin(request, fresh=True) if gives_rights else None


@hooks.register("construct_homepage_panels")
def add_home_panels(request: HttpRequest, panels: list[Component]) -> None:
    leave_out_panels_for_editors(request.user, panels)
    if is_unnoticed(request.user):
        return
    if SecondFactorPanel.is_wanted(request.user):
        panels.append(SecondFactorPanel())
    if moderates(request.user):
        work = Work(request.user)
        panels += [WaitingPanel(work), TodayPanel(work)]
    if heads(request.user):
        panels.append(LooksPanel())


@hooks.register("construct_main_menu")
def leave_out_help_for_editors(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Wagtail's help is about pages; its badge calls a moderator, who has none, for nothing."""
    if not edits_pages(request.user):
        menu_items[:] = [item for item in menu_items if item.name != "help"]


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    return format_html(
        '<link rel="stylesheet" href="{}">', static("diia_videoreception/admin/moderation.css")
    )


@hooks.register("insert_global_admin_js")
def admin_js() -> SafeString:
    """Return the note for staff whose device is in another zone, on screens that are ours."""
    return format_html(
        '<template data-vr-zone-note="[class*=vr-], [action*=videoreception]">{}</template>'
        '<script type="module" src="{}"></script>',
        render_to_string(
            "diia_videoreception/includes/zone_note.html",
            {"zone": settings.TIME_ZONE, "is_kyiv": settings.TIME_ZONE == KYIV, "elsewhere": True},
        ),
        static("diia_videoreception/js/zone.js"),
    )


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Name what moderators do for Wagtail's own history; the journal for the law is ours."""
    for name, label, message in (
        ("accept_for_review", _("Accept for review"), JournalAct.ACCEPT_FOR_REVIEW.label),
        ("confirm", _("Confirm a reception"), JournalAct.CONFIRM.label),
        ("confirm_other_time", _("Set another time"), JournalAct.CONFIRM_OTHER_TIME.label),
        ("extend_term", _("Extend the term"), JournalAct.EXTEND_TERM.label),
        ("assign_answer", _("Name the responsible person"), JournalAct.ASSIGN_ANSWER_TASK.label),
        ("pass_on", _("Pass on to another body"), JournalAct.PASS_ON.label),
        ("propose", _("Propose another time"), JournalAct.PROPOSE.label),
        ("remind_to_answer", _("Remind to answer"), JournalAct.REMIND_TO_ANSWER.label),
        ("withdraw_proposal", _("Withdraw the proposal"), JournalAct.WITHDRAW_PROPOSAL.label),
        ("ask_clarification", _("Ask the citizen"), JournalAct.ASK_CLARIFICATION.label),
        (
            "withdraw_clarification",
            _("Withdraw the question"),
            JournalAct.WITHDRAW_CLARIFICATION.label,
        ),
        ("read_correction", _("Read a correction"), JournalAct.READ_CORRECTION.label),
        ("refuse_move", _("Refuse to move a reception"), JournalAct.REFUSE_MOVE.label),
        ("answer_in_writing", _("Answer in writing"), JournalAct.ANSWER_IN_WRITING.label),
        ("move", _("Move a reception"), JournalAct.MOVE.label),
        ("decline", _("Decline an application"), JournalAct.DECLINE.label),
        (
            "end_consideration",
            _("End the consideration"),
            JournalAct.END_CONSIDERATION.label,
        ),
        ("call_off", _("Cancel a reception"), JournalAct.CANCEL_BY_AGENCY.label),
        (
            "ask_device_check",
            _("Ask for a device check"),
            JournalAct.ASK_DEVICE_CHECK.label,
        ),
        (
            "check_authority",
            _("Check the authority of an applicant"),
            JournalAct.CHECK_AUTHORITY.label,
        ),
        ("judge_comment", _("Decide about a comment"), _("Decided about a comment")),
        (
            "note_outcome",
            _("Record whether a reception took place"),
            _("Recorded whether it took place"),
        ),
        (
            "answer_objection",
            _("Answer an objection"),
            JournalAct.ANSWER_OBJECTION.label,
        ),
        ("reassign", _("Give to another official"), JournalAct.REASSIGN.label),
        ("take", _("Take a case"), JournalAct.TAKE_CASE.label),
        ("hand_over", _("Hand a case over"), JournalAct.HAND_OVER.label),
        ("give_back", _("Give a case back"), JournalAct.GIVE_BACK.label),
        (
            "set_registration",
            _("Write a registration number"),
            JournalAct.SET_REGISTRATION.label,
        ),
        ("add_note", _("Add an internal note"), JournalAct.ADD_NOTE.label),
        ("send_letter_again", _("Send a letter again"), JournalAct.SEND_LETTER_AGAIN.label),
        ("end_sessions", _("End a citizen’s sessions"), JournalAct.END_SESSIONS.label),
        (
            "reveal_password",
            _("View a conference password"),
            JournalAct.REVEAL_PASSWORD_TO_MODERATOR.label,
        ),
    ):
        actions.register_action(f"diia_videoreception.{name}", label, message)
