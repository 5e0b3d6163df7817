"""«Повідомити, коли звільниться час»: joining a queue, answering an offer, leaving."""

import uuid

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import (
    ActRefused,
    ConsentRequired,
    HoldExists,
    Incomplete,
    LevelTooLow,
)
from diia_videoreception.models import WaitingEntry
from diia_videoreception.providers import sms_provider
from diia_videoreception.rules.waiting import WEEKDAYS, loses_place
from diia_videoreception.selectors.accounts.citizens import mailbox_of
from diia_videoreception.selectors.booking.waiting import (
    offer_to,
    own_entry,
    people_before,
    queues_of,
    waiting_for,
    weekdays_of,
)
from diia_videoreception.services.booking import waiting
from diia_videoreception.web import notices
from diia_videoreception.web.citizen.choosing.choice import read_choice
from diia_videoreception.web.citizen.waiting.forms import WaitingForm
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import (
    Refused,
    fill,
    refused_of,
    show_again,
    show_form_again,
)
from diia_videoreception.web.throttling import throttled
from diia_videoreception.wording import phone as phone_in_words


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@throttled("reserve")
def join(request: CitizenRequest) -> HttpResponse:
    """Ask when the person can come and how to tell them; the POST gives them a place in the queue."""
    now, citizen = timezone.now(), request.citizen.citizen
    choice = read_choice(request.GET.dict())
    official = choice.official
    if official is None:
        return SeeOther(choice.url())
    here = f"{reverse('diia_videoreception:waiting_join')}?agency={official.agency.pk}&official={official.pk}"
    # Who has no hours yet may get some on any day.
    days = weekdays_of(official, now=now) or list(WEEKDAYS)
    if request.method == "POST":
        return _joined(request, official.pk, WaitingForm(request.POST, days=days), here)
    entry = queues_of(citizen).filter(official=official).first()
    form = WaitingForm(days=days, initial=_initial(entry, days, citizen.phone))
    refused = refused_of(request)
    if refused is not None and refused.values:
        form = fill(form, refused)
    official_mailbox = mailbox_of(citizen)
    has_mailbox = official_mailbox is not None and official_mailbox.ready_at is not None
    return render_page(
        request,
        "citizen/waiting_join.html",
        heading=_("Tell me when a time is free"),
        official=official,
        form=form,
        entry=entry,
        before=people_before(entry) if entry else waiting_for(official),
        has_sms=sms_provider(abroad=False) is not None,
        addresses=[
            address
            for address in (
                official_mailbox.address if official_mailbox and has_mailbox else "",
                citizen.letters_address,
            )
            if address
        ],
        back_url=f"{choice.url()}#times",
        here=here,
        hold_minutes=app_settings.hold_minutes,
        error_summary=refused.summary if refused else [],
    )


def _initial(entry: WaitingEntry | None, days: list[int], phone: str) -> dict[str, object]:
    if entry is None:
        return {"weekdays": [str(day) for day in days], "phone": phone_in_words(phone)}
    return {
        "weekdays": list(entry.weekdays),
        "comes_soon": entry.comes_soon,
        "by_sms": bool(entry.phone),
        "phone": phone_in_words(entry.phone or phone),
    }


def _joined(
    request: CitizenRequest, official_id: int, form: WaitingForm, here: str
) -> HttpResponse:
    if not form.is_valid():
        return show_form_again(request, here, form)
    try:
        waiting.join(
            actor=request.citizen, official_id=official_id, wish=form.wish, now=timezone.now()
        )
    except Incomplete as refusal:
        texts = {name: [str(text)] for name, text in refusal.fields.items()}
        values = {name: request.POST.getlist(name) for name in form.fields}
        return show_again(request, here, Refused(texts, values))
    except (LevelTooLow, ConsentRequired):
        # The choosing page says what to do, and has the way there.
        return SeeOther(f"{reverse('diia_videoreception:choose')}?official={official_id}#times")
    except ActRefused as refusal:
        return show_again(request, here, Refused({"main": [str(refusal)]}))
    notices.add(request, "queue_joined")
    return SeeOther(reverse("diia_videoreception:cabinet"))


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@throttled("reserve")
def offer(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the time that is offered; the POST takes it or declines it."""
    now, actor = timezone.now(), request.citizen
    found = offer_to(actor.citizen, public_id)
    if found is None:
        raise Http404
    here = reverse("diia_videoreception:waiting_offer", args=[public_id])
    if request.method == "POST":
        try:
            if request.POST.get("act") == "decline":
                waiting.decline(actor=actor, public_id=public_id, now=now)
                notices.add(request, "offer_declined")
                return SeeOther(reverse("diia_videoreception:cabinet"))
            waiting.accept(actor=actor, public_id=public_id, now=now)
            return SeeOther(reverse("diia_videoreception:application"))
        except HoldExists:
            text = str(_("You hold another time. Finish that application or give the time back."))
            return show_again(request, here, Refused({"main": [text]}))
        except ActRefused as refusal:
            return show_again(request, here, Refused({"main": [str(refusal)]}))
    refused = refused_of(request)
    return render_page(
        request,
        "citizen/waiting_offer.html",
        heading=_("A time with the official is free"),
        offer=found,
        entry=found.entry,
        is_open=found.is_open(now),
        keeps_place=not loses_place(found.entry.missed + 1),
        hold_minutes=app_settings.hold_minutes,
        official=found.entry.official,
        zone=found.entry.official.agency.time_zone,
        error_summary=refused.summary if refused else [],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@throttled("reserve")
def leave(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask once, then leave the queue."""
    entry = own_entry(request.citizen.citizen, public_id)
    if entry is None:
        raise Http404
    cabinet = reverse("diia_videoreception:cabinet")
    if request.method == "POST":
        waiting.leave(actor=request.citizen, public_id=public_id, now=timezone.now())
        notices.add(request, "queue_left")
        return SeeOther(cabinet)
    if entry.state != WaitingEntry.State.WAITING:
        return SeeOther(cabinet)
    return render_page(
        request,
        "citizen/waiting_leave.html",
        heading=_("Leave the queue"),
        entry=entry,
        official=entry.official,
    )
