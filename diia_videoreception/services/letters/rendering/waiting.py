"""Letters and text messages to who waits for a free time: one is offered, or they wait no more."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diia_videoreception.models import Letter, Official, WaitingEntry, WaitingOffer
from diia_videoreception.rules.text_messages import if_it_fits
from diia_videoreception.rules.waiting import loses_place
from diia_videoreception.services.letters.rendering.blocks import (
    Facts,
    Link,
    Notice,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import NothingToSend, absolute
from diia_videoreception.wording import (
    long_moment_and_zone,
    short_moment,
    short_moment_and_zone,
)

RENDERED = frozenset(
    {Letter.Kind.WAITING_OFFER, Letter.Kind.WAITING_WITHDRAWN, Letter.Kind.WAITING_ENDED}
)
END_IS_NEWS = timedelta(days=3)
_WHY: dict[str, Promise] = {
    WaitingEntry.State.MISSED: gettext_lazy(
        "You did not take the times that we offered, so we gave your place to the next person."
    ),
    WaitingEntry.State.OVER: gettext_lazy(
        "No time became free for as long as one can wait, 60 days."
    ),
    WaitingEntry.State.CLOSED: gettext_lazy("The official does not receive citizens any more."),
}


def offered(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Offer a free time, and say until when it is the person’s.

    Raises:
        NothingToSend: it is on its way, and offered no more.
    """
    offer = _offer(letter)
    if for_sending and not offer.is_open(now):
        raise NothingToSend
    official = offer.entry.official
    zone = official.agency.time_zone
    until = short_moment_and_zone(offer.deadline, zone)
    return Wording(
        subject=_("A time is free: %(moment)s") % {"moment": short_moment(offer.start, zone)},
        title=_("A time with the official is free"),
        blocks=[
            Facts(
                [
                    (_("Time"), long_moment_and_zone(offer.start, zone)),
                    (_("Official"), f"{official.full_name}, {official.post}"),
                    (_("Agency"), official.agency.name),
                ]
            ),
            Notice(_("The time is yours until %(until)s.") % {"until": until}),
            Paragraph(_("If you do not answer by then, we will offer it to the next person.")),
            Paragraph(_of_the_place(letter)),
            Link(_("Take the time or decline it"), _address(offer)),
        ],
    )


def _of_the_place(letter: Letter) -> str:
    """Say what becomes of the place if this time is not taken either."""
    if loses_place(letter.facts.get("missed", 0) + 1):
        return _(
            "You have not taken two times already: if you do not take this one, you lose your place."
        )
    return _("You keep your place in the queue.")


def withdrawn(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Say that a time is not offered any more, because the agency cannot receive then."""
    offer = _offer(letter)
    official = offer.entry.official
    return Wording(
        subject=_("The offered time is withdrawn"),
        title=_("The offered time is withdrawn"),
        blocks=[
            Facts(
                [
                    (_("Time"), long_moment_and_zone(offer.start, official.agency.time_zone)),
                    (_("Official"), official.full_name),
                    (_("Agency"), official.agency.name),
                ]
            ),
            Paragraph(_("The agency cannot receive at this time. You do not need to answer.")),
            Paragraph(_("You keep your place in the queue.")),
            Link(_("My applications"), absolute(reverse("diia_videoreception:cabinet"))),
        ],
    )


def ended(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Say that the person waits no more, and why."""
    official = _entry(letter).official
    return Wording(
        subject=_("You do not wait for a free time any more"),
        title=_("You do not wait for a free time any more"),
        blocks=[
            Facts([(_("Official"), official.full_name), (_("Agency"), official.agency.name)]),
            Paragraph(str(_WHY[letter.facts["state"]])),
            Paragraph(_("You can choose a time or wait again.")),
            Link(_("Choose a time"), absolute(_choosing(official))),
        ],
    )


def valid_until(letter: Letter) -> datetime:
    """Return from when the message tells nothing any more."""
    if letter.kind == Letter.Kind.WAITING_OFFER:
        return _offer(letter).deadline
    return letter.created_at + END_IS_NEWS


def text_of(letter: Letter, *, now: datetime) -> str:
    """Write the text message: when and until when, no name.

    Raises:
        NothingToSend: the time is not offered any more.
    """
    with translation.override(letter.language):
        if letter.kind == Letter.Kind.WAITING_ENDED:
            text = _("Video reception: you do not wait for a free time any more.")
            return if_it_fits(text, absolute(reverse("diia_videoreception:cabinet")))
        offer = _offer(letter)
        zone = ZoneInfo(offer.entry.official.agency.time_zone)
        words = {
            "moment": f"{offer.start.astimezone(zone):%d.%m %H:%M}",
            "until": f"{offer.deadline.astimezone(zone):%d.%m %H:%M}",
        }
        if letter.kind == Letter.Kind.WAITING_WITHDRAWN:
            text = _("Video reception: %(moment)s is not offered any more.") % words
        elif offer.is_open(now):
            text = _("Video reception: %(moment)s is free. Answer by %(until)s.") % words
        else:
            raise NothingToSend
        return if_it_fits(text, absolute(reverse("diia_videoreception:cabinet")))


def _offer(letter: Letter) -> WaitingOffer:
    found = WaitingOffer.objects.select_related("entry__official__unit__agency")
    offer = found.filter(public_id=letter.facts["offer"]).first()
    if offer is None:
        raise NothingToSend
    return offer


def _entry(letter: Letter) -> WaitingEntry:
    found = WaitingEntry.objects.select_related("official__unit__agency")
    entry = found.filter(public_id=letter.facts["waiting"]).first()
    if entry is None:
        raise NothingToSend
    return entry


def _address(offer: WaitingOffer) -> str:
    return absolute(reverse("diia_videoreception:waiting_offer", args=[offer.public_id]))


def _choosing(official: Official) -> str:
    choose = reverse("diia_videoreception:choose")
    return f"{choose}?agency={official.agency.pk}&official={official.pk}"
