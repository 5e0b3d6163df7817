"""«Нагадування»: how the person wants to be reminded of receptions."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from diia_videoreception.providers import sms_provider
from diia_videoreception.selectors.accounts.citizens import mailbox_of, reminder_choice_of
from diia_videoreception.selectors.booking.calendar_feeds import feed_of_citizen
from diia_videoreception.services.accounts.calendar_feeds import end_feed, make_feed
from diia_videoreception.services.accounts.reminders import ChosenReminders, choose_reminders
from diia_videoreception.web.browser_state import FEED_SECRET
from diia_videoreception.web.citizen.profile.forms import RemindersForm
from diia_videoreception.web.citizen.profile.views import done_url
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.feed_address import keep_secret, shown_address
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.throttling import throttled
from diia_videoreception.wording import masked_phone


@citizen_required
def reminders(request: CitizenRequest) -> HttpResponse:
    """Show the choice, and keep another one."""
    citizen = request.citizen.citizen
    if request.method == "POST":
        form = RemindersForm(request.POST)
        # Ticked or not: nothing that a browser sends is wrong.
        form.full_clean()
        has_sms = sms_provider(abroad=False) is not None
        # What the page does not show stays as it is.
        kept = {} if has_sms else {"by_sms": reminder_choice_of(citizen).by_sms}
        chosen = ChosenReminders(**(form.cleaned_data | kept))
        choose_reminders(actor=request.citizen, chosen=chosen, now=timezone.now())
        return SeeOther(done_url("reminders"))
    choice = reminder_choice_of(citizen)
    mailbox = mailbox_of(citizen)
    official = mailbox.address if mailbox is not None and mailbox.ready_at is not None else ""
    return render_page(
        request,
        "citizen/reminders.html",
        heading=_("Reminders"),
        calendar=shown_address(request, feed_of_citizen(citizen, now=timezone.now())),
        form=RemindersForm(initial=vars(choice)),
        has_sms=sms_provider(abroad=False) is not None,
        phone=masked_phone(citizen.phone),
        addresses=[address for address in (official, citizen.letters_address) if address],
    )


@require_POST
@citizen_required
@throttled("draft")
def calendar_address(request: CitizenRequest) -> HttpResponse:
    """Make the address that a calendar reads, in the place of the one before, or end it."""
    now = timezone.now()
    if request.POST.get("act") == "end":
        end_feed(actor=request.citizen, now=now)
        FEED_SECRET.drop(request)
    elif request.POST.get("act") == "make":
        secret = make_feed(actor=request.citizen, now=now)
        made = feed_of_citizen(request.citizen.citizen, now=now)
        if made is not None:
            keep_secret(request, made, secret)
    return SeeOther(f"{reverse('diia_videoreception:reminders')}#calendar")
