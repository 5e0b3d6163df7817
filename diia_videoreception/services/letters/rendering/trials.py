"""Own words tried on invented people: for the preview, and for the trial letter to whoever wrote them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Agency, Letter
from diia_videoreception.rules.numbers import format_number
from diia_videoreception.services.letters.rendering.blocks import (
    Block,
    Facts,
    Heading,
    Items,
    Link,
    Notice,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import NothingToSend, absolute
from diia_videoreception.services.letters.rendering.own_words import LetterValues, write
from diia_videoreception.services.letters.rendering.parts import lines, time_may_change
from diia_videoreception.wording import (
    clock_and_zone,
    long_moment_and_zone,
    phone,
    short_moment_and_zone,
)

DAYS_AHEAD = 7
HOUR = 10


def text_trial(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Write own words with invented data, to whoever tries them; the title says that it is a trial.

    Raises:
        NothingToSend: the text is not there any more, or was taken back.
    """
    text = letter.own_text
    if text is None or text.is_standard:
        raise NothingToSend
    values = invented_values(text.agency, now=letter.created_at)
    words = write(text.subject, text.text, values, language=text.language)
    return Wording(
        subject=_("Trial: %(subject)s") % {"subject": words.subject},
        title=_("This is a trial of a letter, with invented data"),
        blocks=words.blocks,
    )


def invented_values(agency: Agency, *, now: datetime) -> LetterValues:
    """Return values of nobody, for a letter of an agency; secrets are covered as in any preview."""
    zone = agency.time_zone
    start = now.astimezone(ZoneInfo(zone)).replace(
        hour=HOUR, minute=30, second=0, microsecond=0
    ) + timedelta(days=DAYS_AHEAD)
    case = absolute(reverse("diia_videoreception:cabinet"))
    open_case = Link(_("Open the application"), case)
    phone_of_agency = phone(agency.phone) if agency.phone else ""
    time, number = long_moment_and_zone(start, zone), format_number(start.year, 123)
    official, post = _("Olena Kovalenko"), _("head of department")
    details = Facts(
        [
            (_("Application number"), number),
            (_("Agency"), agency.name),
            (_("Official"), f"{official}, {post}"),
            (_("Date and time"), time),
        ]
    )
    return LetterValues(
        person=_("Iryna Melnyk"),
        time=time,
        short_time=short_moment_and_zone(start, zone),
        earlier_time=long_moment_and_zone(start - timedelta(days=1), zone),
        number=number,
        official=official,
        post=post,
        agency=agency.name,
        agency_phone=phone_of_agency,
        opens_at=clock_and_zone(start - timedelta(minutes=app_settings.room_opens_minutes), zone),
        details=(details,),
        time_may_change=(time_may_change(),),
        connection=(
            Heading(_("How to connect")),
            Notice(_("Here will be: how to connect, the login, and how to get the password.")),
        ),
        check=(
            Paragraph(_("Here will be: how to check the camera and the microphone.")),
            open_case,
        ),
        cancelling=(Heading(_("If you cannot take part")), open_case),
        reason=(Facts([(_("Reason"), _("The question is not within the powers of the agency."))]),),
        complaint=_complaint(agency),
        free_times=(Heading(_("Next available times")), Items([time])),
        link=(open_case,),
        content=(Notice(_("Here will be what the standard letter says.")),),
    )


def _complaint(agency: Agency) -> tuple[Block, ...]:
    paragraphs = lines(agency.complaints)
    if not paragraphs:
        return ()
    return (Heading(_("If you do not agree")), *(Paragraph(line) for line in paragraphs))
