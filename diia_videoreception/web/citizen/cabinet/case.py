"""One application: its state in words, the way into the meeting, and what can be done (C12, C14)."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from device_check.wording import steps_in_words
from diia_videoreception.downloads import as_download
from diia_videoreception.errors import ActRefused, LevelTooLow
from diia_videoreception.models import Application, DayPart, MoveRequest, Rating
from diia_videoreception.models.fields import zone
from diia_videoreception.providers import signature_provider
from diia_videoreception.rules.absence import OFFERED_AFTER
from diia_videoreception.rules.objections import MAX_OBJECTION
from diia_videoreception.rules.proposals import MAX_WISHES
from diia_videoreception.rules.refusals import NextStep, choosing_query
from diia_videoreception.rules.terms import last_minute
from diia_videoreception.rules.transitions import (
    AWAITING_DECISION,
    Act,
    State,
    acts_from,
    is_open,
)
from diia_videoreception.selectors.accounts.citizens import reminder_choice_of
from diia_videoreception.selectors.booking.applications import (
    PASSWORD_SHOWN_BEFORE,
    answer_to,
    application_of,
    letters_of,
    password_is_shown,
    signature_of,
)
from diia_videoreception.selectors.booking.availability import Slot
from diia_videoreception.selectors.booking.conferences import is_held_in_browser
from diia_videoreception.selectors.booking.corrections import corrections_of, may_correct
from diia_videoreception.selectors.booking.documents import documents_of
from diia_videoreception.selectors.booking.equipment import equipment_of
from diia_videoreception.selectors.booking.looks import SHOWN, seen_by
from diia_videoreception.selectors.booking.move_requests import is_requested, may_ask_until
from diia_videoreception.selectors.booking.nearest import next_free_times
from diia_videoreception.selectors.booking.objections import may_object_until, objection_to
from diia_videoreception.selectors.booking.proposals import is_proposed
from diia_videoreception.selectors.rooms.attendance import stays_in
from diia_videoreception.selectors.rooms.contents import messages_kept
from diia_videoreception.services.booking import applications
from diia_videoreception.services.booking.receptions import reveal_password
from diia_videoreception.services.letters.calendars import calendar_of
from diia_videoreception.web.citizen.cabinet.equipment import tag_of_check
from diia_videoreception.web.citizen.cabinet.questions import question_context
from diia_videoreception.web.citizen.cabinet.room import room_of
from diia_videoreception.web.citizen.cabinet.states import tag_of
from diia_videoreception.web.citizen.cabinet.timeline import change_of, timeline_of
from diia_videoreception.web.citizen.profile.words import reminders_in_words
from diia_videoreception.web.citizen.shown import shown_start
from diia_videoreception.web.decorators import citizen_required, to_sign_in
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import Refused, refused_of, show_again, take_refused
from diia_videoreception.web.sign_in_reasons import SignInReason
from diia_videoreception.web.throttling import throttled
from diia_videoreception.wording import day_month

UNSENT = "unsent"
"""Of a correction that came too late: what was typed, to be copied."""
PASSWORD = "password"
"""That the conference password was asked for, among what waits for the page."""


@require_safe
@citizen_required
def case(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the application with its timeline, and with the password once it was asked for."""
    application = own_application(request, public_id)
    found = refused_of(request)
    if found is None or PASSWORD not in found.extra:
        return _case_page(request, application)
    take_refused(request)
    is_shown = password_is_shown(application, now=timezone.now())
    return _case_page(
        request, application, password=application.reception.password if is_shown else ""
    )


@citizen_required
def cancel(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask before it cancels; the time then is free for others."""
    application = own_application(request, public_id)
    here = reverse("diia_videoreception:case", args=[public_id])
    if not _can_cancel(application):
        return SeeOther(here)
    if request.method == "POST":
        try:
            applications.cancel(
                actor=request.citizen,
                public_id=public_id,
                now=timezone.now(),
                shown=shown_start(request),
            )
        except ActRefused as refusal:
            return show_again(request, here, Refused({"main": [str(refusal)]}))
        return SeeOther(here)
    return render_page(
        request,
        "citizen/case_cancel.html",
        heading=_("Cancel the application?"),
        application=application,
        official=application.official,
        agency=application.official.agency,
    )


@require_POST
@citizen_required
@throttled("password")
def password(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the conference password, on the next page only (A-55).

    Not the password waits in the session, but that it may be shown.
    """
    own_application(request, public_id)
    here = reverse("diia_videoreception:case", args=[public_id])
    try:
        reveal_password(actor=request.citizen, public_id=public_id, now=timezone.now())
    except LevelTooLow:
        return to_sign_in(here, reason=SignInReason.LEVEL)
    except ActRefused as refusal:
        return show_again(request, here, Refused({"main": [str(refusal)]}))
    return show_again(request, f"{here}#entry", Refused({}, extra=[PASSWORD]))


@require_safe
@citizen_required
def calendar(request: CitizenRequest, public_id: uuid.UUID) -> FileResponse:
    """Return the confirmed reception as a calendar file; there is none before that."""
    application = own_application(request, public_id)
    if application.state != State.CONFIRMED:
        raise Http404
    file = calendar_of(application, now=timezone.now())
    return as_download(file.content, name=file.name, media_type=file.media_type)


@require_safe
@citizen_required
def messages(request: CitizenRequest, public_id: uuid.UUID) -> FileResponse:
    """Give what was written in the room as a text to be saved; there is none where nothing is kept."""
    application = own_application(request, public_id)
    kept = messages_kept(application)
    if not kept:
        raise Http404
    local = zone(application.official.agency.time_zone)
    lines = [
        f"{timezone.localtime(one.created_at, local):%H:%M} {one.sender.name}: {one.text}"
        for one in kept
    ]
    text = "\r\n".join([application.number, "", *lines, ""])
    return as_download(
        text.encode(), name=f"{application.number}.txt", media_type="text/plain; charset=utf-8"
    )


def own_application(request: CitizenRequest, public_id: uuid.UUID) -> Application:
    application = application_of(request.citizen.citizen, public_id)
    if application is None:
        raise Http404
    return application


def _can_cancel(application: Application) -> bool:
    acts = acts_from(application.state)
    return Act.CANCEL_BY_CITIZEN in acts and application.start > timezone.now()


def _case_page(
    request: CitizenRequest,
    application: Application,
    *,
    password: str = "",
) -> HttpResponse:
    now = timezone.now()
    refused = refused_of(request)
    agency = application.official.agency
    documents = list(documents_of(application))
    proposal = application.last_proposal if is_proposed(application, now=now) else None
    return render_page(
        request,
        "citizen/case.html",
        heading=_("Reception: %(agency)s, %(day)s")
        % {
            "agency": agency.short_name or agency.name,
            "day": day_month(timezone.localtime(application.start, zone(agency.time_zone))),
        },
        application=application,
        official=application.official,
        agency=agency,
        answer=answer_to(application),
        answer_signature=getattr(application, "answer_signature", None),
        rating=Rating.objects.filter(application=application).first(),
        awaits_decision=application.state_at(now) in AWAITING_DECISION,
        **question_context(application, documents, refused, now=now),
        **_typed(refused),
        **_objection(application, now=now),
        **_entry(application, password, now=now),
        **_equipment(application, now=now),
        **_task(application),
        tag=tag_of(application, now=now, is_proposed=proposal is not None),
        proposal=proposal,
        wish=_wish(application, now=now),
        wish_is_open=is_requested(application, now=now),
        may_ask_until=may_ask_until(application, now=now),
        day_parts=DayPart.choices,
        max_wishes=MAX_WISHES,
        change=change_of(application, now=now),
        timeline=timeline_of(application, now=now),
        looks=seen_by(application),
        most_looks=SHOWN,
        letters=letters_of(request.citizen.citizen).filter(application=application),
        documents=[one for one in documents if one.replaced_by_id is None],
        **_corrected(application, now=now),
        room=room_of(application, now=now),
        stays=stays_in(application, now=now),
        in_browser=is_held_in_browser(application),
        next_times=_times_instead(application, now=now),
        kept_messages=messages_kept(application),
        is_over=application.end <= now,
        reminders=_reminders(application, now=now),
        next_step=application.next_step,
        choose_url=_choose_url(application),
        can_cancel=_can_cancel(application),
        signature=signature_of(request.citizen.citizen, application.public_id),
        can_sign=is_open(application.state) and signature_provider() is not None,
    )


def _typed(refused: Refused | None) -> dict[str, Any]:
    """Return what was typed into a form of the page that was refused, and why."""
    values, errors = (refused.values, refused.errors) if refused else ({}, {})
    return {
        "typed_day_parts": values.get("day_parts", ()),
        "typed_wishes": (values.get("wishes") or [""])[0],
        "wishes_refused": errors.get("wishes", ()),
        "typed_objection": (values.get("objection") or [""])[0],
        "unsent_correction": (values.get(UNSENT) or [""])[0],
        "rating_refused": refused,
        "refusal": refused.summary[0][1] if refused else "",
    }


def _corrected(application: Application, *, now: datetime) -> dict[str, Any]:
    """Return what the citizen has corrected, and whether they may still."""
    corrections = corrections_of(application)
    return {
        "corrections": corrections,
        "is_corrected_since": any(one.is_after_signature for one in corrections),
        "may_correct": may_correct(application, now=now),
    }


def _entry(application: Application, password: str, *, now: datetime) -> dict[str, Any]:
    """Return what leads into the meeting."""
    instructions = application.official.agency.instructions.splitlines()
    return {
        "reception": application.reception if application.state == State.CONFIRMED else None,
        "instructions": [line for line in instructions if line.strip()],
        "password": password,
        "password_is_shown": password_is_shown(application, now=now),
        "password_from": application.start - PASSWORD_SHOWN_BEFORE,
    }


def _equipment(application: Application, *, now: datetime) -> dict[str, Any]:
    """Return what is needed for the meeting, and what the last check of it found."""
    needed = application.official.agency.equipment.splitlines()
    check = equipment_of(application, now=now)
    return {
        "equipment": [line for line in needed if line.strip()],
        "check": check,
        "check_tag": tag_of_check(check.run) if check.run else None,
        "check_steps": steps_in_words(check.run) if check.run else [],
    }


def _task(application: Application) -> dict[str, Any]:
    """Return the answer that is to come, and the last minute in which it does."""
    task = getattr(application, "answer_task", None)
    return {"task": task, "task_due": last_minute(task.due) if task and task.due else None}


def _wish(application: Application, *, now: datetime) -> MoveRequest | None:
    """Return the citizen's last wish for another time, while it says something about the present one."""
    wish = application.last_request
    if wish is None or application.state != State.CONFIRMED or wish.start != application.start:
        return None
    is_told = wish.is_open(now) or wish.is_unanswered(now)
    return wish if is_told or wish.answer == MoveRequest.Answer.REFUSED else None


def _reminders(application: Application, *, now: datetime) -> list[str] | None:
    """Return when the person is reminded; None of what is not to come."""
    if application.state != State.CONFIRMED or application.start <= now:
        return None
    return reminders_in_words(reminder_choice_of(application.citizen))


def _objection(application: Application, *, now: datetime) -> dict[str, Any]:
    """Return what was objected, and until when one may."""
    return {
        "objection": objection_to(application),
        "may_object_until": _may_object_until(application, now=now),
        "max_objection": MAX_OBJECTION,
    }


def _may_object_until(application: Application, *, now: datetime) -> datetime | None:
    """Return the last minute in which one may object; None when that is not possible (any more)."""
    until = may_object_until(application)
    return until - timedelta(minutes=1) if until is not None and now < until else None


def _times_instead(application: Application, *, now: datetime) -> list[Slot]:
    """Return what is offered at once when the agency did not come.

    Nothing that one would have to run for: who wants to come sooner chooses that from all times.
    """
    if application.state != State.AGENCY_ABSENT:
        return []
    return next_free_times(application.official, not_before=now + OFFERED_AFTER, now=now)


def _choose_url(application: Application) -> str:
    """Return where the person goes on after a refusal; empty when there is nothing to choose."""
    official = application.official
    query = choosing_query(
        NextStep(application.next_step), agency=official.agency.pk, official=official.pk
    )
    if query is None:
        return ""
    path = reverse("diia_videoreception:choose")
    return f"{path}?{urlencode(query)}" if query else path
