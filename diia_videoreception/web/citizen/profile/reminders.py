"""«Нагадування»: how the person wants to be reminded of receptions."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diia_videoreception.selectors.accounts.citizens import mailbox_of, reminder_choice_of
from diia_videoreception.services.accounts.reminders import ChosenReminders, choose_reminders
from diia_videoreception.web.citizen.profile.forms import RemindersForm
from diia_videoreception.web.citizen.profile.views import done_url
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther


@citizen_required
def reminders(request: CitizenRequest) -> HttpResponse:
    """Show the choice, and keep another one."""
    citizen = request.citizen.citizen
    if request.method == "POST":
        form = RemindersForm(request.POST)
        # Ticked or not: nothing that a browser sends is wrong.
        form.full_clean()
        chosen = ChosenReminders(**form.cleaned_data)
        choose_reminders(actor=request.citizen, chosen=chosen, now=timezone.now())
        return SeeOther(done_url("reminders"))
    choice = reminder_choice_of(citizen)
    mailbox = mailbox_of(citizen)
    official = mailbox.address if mailbox is not None and mailbox.ready_at is not None else ""
    return render_page(
        request,
        "citizen/reminders.html",
        heading=_("Reminders"),
        form=RemindersForm(initial=vars(choice)),
        addresses=[address for address in (official, citizen.letters_address) if address],
    )
