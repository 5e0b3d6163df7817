"""What reminds of a reception; it tells when it begins, not how long that is from now (M9)."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from diia_videoreception.selectors.letters import is_still_to_come
from diia_videoreception.services.letters.rendering.blocks import Block, Link, Paragraph, Wording
from diia_videoreception.services.letters.rendering.context import (
    ApplicationContext,
    NothingToSend,
    absolute,
)
from diia_videoreception.services.letters.rendering.equipment import how_to_check
from diia_videoreception.services.letters.rendering.parts import (
    how_to_cancel,
    reception_details,
    whom_to_ask,
)
from diia_videoreception.wording import clock_and_zone


def reminder(context: ApplicationContext) -> Wording:
    """Remind of a reception that is to come.

    Raises:
        NothingToSend: it was called off or moved, or has begun.
    """
    letter, application = context.letter, context.application
    if context.for_sending and not is_still_to_come(letter, application, now=context.now):
        raise NothingToSend
    when = _when(context)
    return Wording(
        subject=_("Reminder: reception %(when)s") % {"when": when},
        title=_("Your reception is %(when)s") % {"when": when},
        blocks=[
            reception_details(context),
            *_where(context),
            *how_to_check(context),
            *how_to_cancel(context),
            Paragraph(_("You choose yourself whether and how we remind you.")),
            Link(_("Change the reminders"), absolute(reverse("diia_videoreception:reminders"))),
            *whom_to_ask(context.agency),
        ],
    )


def _when(context: ApplicationContext) -> str:
    """Return «сьогодні о 10:30 за київським часом» on its way; in the cabinet the day is told."""
    zone = ZoneInfo(context.agency.time_zone)
    days = context.start.astimezone(zone).date() - context.now.astimezone(zone).date()
    clock = {"clock": clock_and_zone(context.start, context.agency.time_zone)}
    if context.for_sending and days == timedelta(0):
        return _("today at %(clock)s") % clock
    if context.for_sending and days == timedelta(days=1):
        return _("tomorrow at %(clock)s") % clock
    return context.short(context.start)


def _where(context: ApplicationContext) -> Iterator[Block]:
    """Yield the way in; login and password stand behind the sign-in."""
    if context.is_held_in_browser:
        yield Link(_("Enter the room"), context.room_url)
        return
    yield Paragraph(
        _("How to connect is in the confirmation letter and on the page of your application.")
    )
    yield Link(_("Open the application"), context.case_url)
