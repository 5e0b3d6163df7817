"""Reminders 24 hours and 1 hour before a reception, as the person has chosen."""

from datetime import datetime
from functools import partial

from django.db.models import Exists, F, OuterRef, QuerySet

from diia_videoreception.models import Application, Letter, Reminder, ReminderChoice
from diia_videoreception.rules.reminders import Lead, due_reminder
from diia_videoreception.selectors.letters import takes_sms
from diia_videoreception.services.letters.queueing import queue
from diia_videoreception.services.outbox import sum_of_acts
from diia_videoreception.services.transactions import act, insert_new

BATCH = 500


def write_reminders(*, now: datetime) -> int:
    """Write the reminders that are due; safe to run side by side, each is written once.

    Returns:
        How many were written.
    """
    return sum(
        sum_of_acts(
            partial(_write, application_id=key, now=now)
            for key in list(_may_be_due(lead, now=now).values_list("pk", flat=True)[:BATCH])
        )
        for lead in Lead
    )


def _may_be_due(lead: Lead, *, now: datetime) -> QuerySet[Application]:
    """Return the receptions of which somebody who wants that may have to be reminded."""
    nearer = [other.value for other in Lead if other.span <= lead.span]
    reminded = Reminder.objects.filter(
        application=OuterRef("pk"), start=OuterRef("start"), lead__in=nearer
    )
    choice = f"citizen__reminder_choice__{lead.value}_before"
    return (
        Application.objects.filter(
            ~Exists(reminded),
            state=Application.State.CONFIRMED,
            start__gt=now,
            start__lte=now + lead.span,
            reception__confirmed_at__lt=F("start") - lead.span,
        )
        .exclude(**{choice: False})
        .exclude(citizen__reminder_choice__by_email=False, citizen__reminder_choice__by_sms=False)
        .order_by("start", "pk")
    )


@act
def _write(*, application_id: int, now: datetime) -> int:
    """Look again under the lock: it may have been moved, called off or reminded of meanwhile."""
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("agency", "citizen__reminder_choice", "reception")
        .get(pk=application_id)
    )
    if application.state != Application.State.CONFIRMED:
        return 0
    choice = getattr(application.citizen, "reminder_choice", None) or ReminderChoice()
    lead = due_reminder(
        application.start,
        told_at=application.reception.confirmed_at,
        wanted=choice.leads,
        now=now,
    )
    if lead is None:
        return 0
    row = Reminder(
        application=application, lead=lead.value, start=application.start, created_at=now
    )
    if not insert_new(row):
        return 0
    phone = application.phone if choice.by_sms else ""
    if phone and not takes_sms(phone, agency=application.agency):
        phone = ""
    queue(
        Letter.Kind.REMINDER,
        application=application,
        now=now,
        phone=phone,
        # Who wants a text message that cannot be sent gets the letter.
        is_letter=choice.by_email or not phone,
    )
    return 1
