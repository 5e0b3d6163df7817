"""To the citizen: somebody is said not to have come to the reception, how that is known, what can be done."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from diia_videoreception.models import Application, Letter
from diia_videoreception.models.fields import zone as zone_of
from diia_videoreception.rules.absence import OFFERED_AFTER
from diia_videoreception.rules.objections import objection_until
from diia_videoreception.selectors.letters import is_still_recorded
from diia_videoreception.selectors.rooms.attendance import Stay, stays_in
from diia_videoreception.services.letters.rendering.blocks import (
    Block,
    Facts,
    Heading,
    Items,
    Link,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import ApplicationContext, NothingToSend
from diia_videoreception.services.letters.rendering.parts import (
    free_times,
    how_to_complain,
    lines,
    which_reception,
    whom_to_ask,
)
from diia_videoreception.wording import clock


def not_held(context: ApplicationContext) -> Wording:
    """M11: tell who is said not to have come; with the next free times when it was the agency.

    Raises:
        NothingToSend: something else is recorded by now.
    """
    if context.for_sending and not is_still_recorded(context.letter, context.application):
        raise NothingToSend
    by_agency = context.fact("by") == Letter.Party.AGENCY
    title = (
        _("The reception did not take place because of the agency")
        if by_agency
        else _("The agency recorded that you did not connect")
    )
    return Wording(
        subject=_("Reception did not take place: %(moment)s")
        % {"moment": context.short(context.start)},
        title=title,
        blocks=[
            *_first_words(by_agency=by_agency),
            which_reception(context, _("The reception was planned for")),
            *_evidence(context),
            *_how_to_object(context),
            *(free_times(context, after=OFFERED_AFTER) if by_agency else ()),
            Link(_("Open the application"), context.case_url),
            *whom_to_ask(context.agency),
        ],
    )


def objection_answered(context: ApplicationContext) -> Wording:
    """M12: what the agency answers to an objection, and how the record stands now."""
    changed = bool(context.letter.facts.get("changed"))
    return Wording(
        subject=_("Answer to your objection, application No. %(number)s")
        % {"number": context.application.number},
        title=_("The agency has changed the record")
        if changed
        else _("The agency has left the record as it was"),
        blocks=[
            *(Paragraph(line) for line in lines(context.fact("answer"))),
            which_reception(context, _("The reception was planned for")),
            Facts([(_("Recorded now"), _state_then(context))]),
            Link(_("Open the application"), context.case_url),
            *how_to_complain(context),
            *whom_to_ask(context.agency),
        ],
    )


def _state_then(context: ApplicationContext) -> str:
    """Return what was recorded when the answer was written."""
    state = context.letter.facts.get("state", context.application.state)
    return Application(state=state).get_state_display()


def _first_words(*, by_agency: bool) -> Iterator[Block]:
    if by_agency:
        yield Paragraph(
            _(
                "We are sorry. Choose another time: we fill in the number of this application for you."
            )
        )
    else:
        yield Paragraph(
            _(
                "If you could not connect, or this is a mistake, tell the agency. You can also book again."
            )
        )


def _how_to_object(context: ApplicationContext) -> Iterator[Block]:
    if not context.letter.facts.get("may_object", True):
        # One objects once.
        return
    until = objection_until(context.letter.created_at, zone_of(context.agency.time_zone))
    moment = context.long(until - timedelta(minutes=1))
    yield Paragraph(
        _("If this is not so, you can object on the page of the application until: %(moment)s.")
        % {"moment": moment}
    )


def _evidence(context: ApplicationContext) -> Iterator[Block]:
    """Say how it is known: from when to when each person was in the room, or by the agency's word alone."""
    if not context.is_held_in_browser:
        yield Paragraph(
            _("The video program does not tell the portal who connected. The agency recorded it.")
        )
        return
    stays = stays_in(context.application, now=context.now)
    yield Heading(_("Who was in the room"))
    if stays:
        yield Items([_in_words(stay, context.agency.time_zone) for stay in stays])
    else:
        yield Paragraph(_("Nobody came into the room."))


def _in_words(stay: Stay, zone: str) -> str:
    until = clock(stay.until, zone) if stay.until else pgettext("until", "now")
    return f"{stay.name}, {stay.role.label}: {clock(stay.since, zone)}–{until}"
