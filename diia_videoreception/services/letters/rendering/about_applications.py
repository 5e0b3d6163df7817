"""The letters to a citizen about an application (M1, M3, M5, M6, M8 and the lapse)."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from diia_videoreception.models import Letter, Official
from diia_videoreception.rules.terms import decide_until
from diia_videoreception.services.letters.rendering.blocks import (
    Block,
    Facts,
    Heading,
    Link,
    Paragraph,
    Steps,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import ApplicationContext
from diia_videoreception.services.letters.rendering.equipment import how_to_check
from diia_videoreception.services.letters.rendering.parts import (
    another_application,
    free_times,
    how_to_cancel,
    how_to_complain,
    how_to_connect,
    lines,
    official_in_words,
    order_details,
    reception_details,
    refusal_details,
    signature_of_answer,
    time_may_change,
    which_reception,
    whom_to_ask,
)

NEW_ACCESS = 3
"""From this version of a moved time on a reception got a new login and password with it."""
AGREED = 4
"""From this version on nobody is given another time without having agreed to it."""


def receipt(context: ApplicationContext) -> Wording:
    """M1: the application has arrived (A-50, A-51, A-53)."""
    decided_by = decide_until(
        context.start, submitted_at=context.letter.created_at, term=context.decide_by
    )
    return Wording(
        subject=_("Application No. %(number)s received") % _number(context),
        title=_("We have received your application"),
        blocks=[
            Paragraph(_("We have passed it to the agency to consider.")),
            order_details(context),
            time_may_change(),
            Heading(_("What happens next")),
            Steps(
                [
                    _("The administrator (moderator) will consider the application by: %(moment)s.")
                    % {"moment": context.long(decided_by)},
                    _(
                        "You will get a letter with the final date and time, or the reason for a refusal."
                    ),
                    _what_the_confirmation_tells(context),
                ]
            ),
            Link(_("See or cancel the application"), context.case_url),
            *whom_to_ask(context.agency),
        ],
    )


def _what_the_confirmation_tells(context: ApplicationContext) -> str:
    if context.is_held_in_browser:
        return _(
            "The confirmation letter will tell you how to enter the room in your browser and what "
            "equipment you need."
        )
    return _(
        "The confirmation letter will tell you the login, how to get the password, which "
        "program to install and what equipment you need."
    )


def confirmation(context: ApplicationContext) -> Wording:
    """M3: the final time, how to connect and how to check the equipment (A-09, A-30, A-52 to A-56)."""
    return _confirmation(context, how_to_check(context))


def first_confirmation(context: ApplicationContext) -> Wording:
    """M3 as it was before there was a device check."""
    return _confirmation(context, ())


def _confirmation(context: ApplicationContext, check: Iterable[Block]) -> Wording:
    subject, title = _("Reception confirmed: %(moment)s"), _("Your reception is confirmed")
    if context.old_start is not None and not context.in_first_words:
        subject = _("Time of the reception changed: %(moment)s")
        title = _("Your reception is confirmed for another time")
    return Wording(
        subject=subject % {"moment": context.short(context.start)},
        title=title,
        blocks=[
            *another_time_than_asked(context),
            *_earlier_official(context),
            reception_details(context),
            *_calendar_attached(context),
            *how_to_connect(context),
            *check,
            *how_to_cancel(context),
            Paragraph(
                _(
                    "This is the agreed time. If it changes because of the official’s working schedule, "
                    "we will tell you in another letter."
                )
            ),
            *whom_to_ask(context.agency),
        ],
    )


def another_time_than_asked(context: ApplicationContext) -> Iterator[Block]:
    if context.old_start is not None:
        yield Paragraph(
            _("You have agreed to another time than the one you asked for.")
            if context.letter.template_version >= AGREED
            else _("The agency has set a different time from the one you asked for.")
        )
        yield Facts(
            [
                (_("You asked for"), context.long(context.old_start)),
                (_("The reception will be"), context.long(context.start)),
            ]
        )


def _calendar_attached(context: ApplicationContext) -> Iterator[Block]:
    if context.for_sending:
        yield Paragraph(_("A file for your calendar is attached."))


def moved(context: ApplicationContext) -> Wording:
    """M5: a confirmed reception takes place at another time (A-31)."""
    return Wording(
        subject=_("Time of the reception changed: %(moment)s")
        % {"moment": context.short(context.start)},
        title=_("The time of your reception has changed"),
        blocks=[
            Paragraph(_why_it_was_moved(context)),
            *_old_and_new(context),
            *_earlier_official(context),
            reception_details(context),
            Paragraph(what_becomes_of_the_access(context)),
            *_calendar_attached(context),
            *how_to_connect(context),
            *how_to_cancel(context),
            *whom_to_ask(context.agency),
        ],
    )


def _why_it_was_moved(context: ApplicationContext) -> str:
    if context.letter.template_version >= AGREED:
        return _("You have agreed to another time.")
    return _("The official’s working schedule has changed. We are sorry for the inconvenience.")


def what_becomes_of_the_access(context: ApplicationContext) -> str:
    if context.is_held_in_browser:
        return _("The address of the room stays the same.")
    if not context.letter.facts.get("new_access", context.letter.template_version >= NEW_ACCESS):
        return _("The login and the password stay the same.")
    return _("The login and the password are new; the earlier ones no longer work.")


def _old_and_new(context: ApplicationContext) -> Iterator[Block]:
    if context.old_start is not None:
        yield Facts(
            [
                (_("Earlier time"), context.long(context.old_start)),
                (_("New time"), context.long(context.start)),
            ]
        )


def reassigned(context: ApplicationContext) -> Wording:
    """M5b: another official of the agency receives the citizen; the time stays, but for its end."""
    is_confirmed = bool(context.letter.facts.get("confirmed"))
    return Wording(
        subject=_("Another official will receive you: %(moment)s")
        % {"moment": context.short(context.start)},
        title=_("Another official will receive you"),
        blocks=[
            Paragraph(
                _(
                    "The agency has given your reception to another official. The time stays the same."
                )
                if is_confirmed
                else _(
                    "The agency has given your application to another official. The time that you "
                    "chose stays yours; the agency has yet to confirm it."
                )
            ),
            *_earlier_official(context),
            *_ended_request(context),
            reception_details(context),
            *(_connecting_by_then(context) if is_confirmed else ()),
            *how_to_cancel(context),
            *whom_to_ask(context.agency),
        ],
    )


def _ended_request(context: ApplicationContext) -> Iterator[Block]:
    if context.letter.facts.get("asked_to_move"):
        yield Paragraph(
            _(
                "You asked for another time of the earlier official. That request is closed, because "
                "those times are not the new official’s. If this time does not suit you, ask for "
                "another one again."
            )
        )


def _earlier_official(context: ApplicationContext) -> Iterator[Block]:
    found = Official.objects.filter(pk=context.letter.facts.get("earlier_official")).first()
    if found is not None:
        yield Facts([(_("Earlier official"), official_in_words(found))])


def _connecting_by_then(context: ApplicationContext) -> Iterator[Block]:
    yield Paragraph(what_becomes_of_the_access(context))
    yield from _calendar_attached(context)
    yield from how_to_connect(context)


def switched(context: ApplicationContext) -> Wording:
    """M5a: the conference failed, and the reception goes on in another one."""
    return Wording(
        subject=_("Another video connection: %(moment)s")
        % {"moment": context.short(context.start)},
        title=_("Your reception goes on in another place"),
        blocks=[
            Paragraph(
                _(
                    "The video connection failed, so the agency has switched your reception to "
                    "another one. The time stays the same, and you need no new invitation."
                )
            ),
            reception_details(context),
            *_calendar_attached(context),
            *how_to_connect(context),
            *whom_to_ask(context.agency),
        ],
    )


def declined(context: ApplicationContext) -> Wording:
    """M6: no reception, with the reason and what to do (B-71)."""
    return Wording(
        subject=_("Application No. %(number)s declined") % _number(context),
        title=_("Your application has been declined"),
        blocks=[
            refusal_details(context),
            which_reception(context, _("The time you chose")),
            *another_application(context),
            Link(_("Open the application"), context.case_url),
            *how_to_complain(context),
            *whom_to_ask(context.agency),
        ],
    )


def written_answer(context: ApplicationContext) -> Wording:
    """M6a: the agency answers in writing instead of a reception."""
    return Wording(
        subject=_("Answer to application No. %(number)s") % _number(context),
        title=_("The agency has answered you in writing"),
        blocks=[
            Paragraph(_("There will be no reception: the agency answers your question here.")),
            *(Paragraph(line) for line in lines(context.fact("answer"))),
            Facts(
                [
                    (_("Outgoing number"), context.fact("outgoing_number")),
                    *signature_of_answer(context),
                ]
            ),
            which_reception(context, _("The time you chose")),
            Link(_("Open the application"), context.case_url),
            *how_to_complain(context),
            *whom_to_ask(context.agency),
        ],
    )


def cancelled(context: ApplicationContext) -> Wording:
    """M8: called off by the citizen or by the agency."""
    was_confirmed = bool(context.letter.facts.get("calendar"))
    by_agency = context.fact("by") == Letter.Party.AGENCY
    if was_confirmed:
        subject = _("Reception cancelled: %(moment)s") % {"moment": context.short(context.start)}
        title = _("The reception has been cancelled")
    else:
        subject = _("Application No. %(number)s cancelled") % _number(context)
        title = _("The application has been cancelled")
    return Wording(
        subject=subject,
        title=title,
        blocks=[
            *(_cancelled_by_agency(context) if by_agency else _cancelled_by_citizen()),
            which_reception(context, _("Time")),
            *_calendar_cancelled(context, was_confirmed=was_confirmed),
            *another_application(context),
            *(_after_a_refusal(context) if by_agency else ()),
        ],
    )


def _cancelled_by_agency(context: ApplicationContext) -> Iterator[Block]:
    yield Paragraph(_("We are sorry. The agency has cancelled the reception."))
    yield refusal_details(context)


def _after_a_refusal(context: ApplicationContext) -> Iterator[Block]:
    yield from how_to_complain(context)
    yield from whom_to_ask(context.agency)


def _cancelled_by_citizen() -> Iterator[Block]:
    yield Paragraph(_("You have cancelled it. Other people can now choose this time."))


def _calendar_cancelled(context: ApplicationContext, *, was_confirmed: bool) -> Iterator[Block]:
    if was_confirmed and context.for_sending:
        yield Paragraph(_("The attached file removes the reception from your calendar."))


def answer(context: ApplicationContext) -> Wording:
    """M10: the official's words after the reception; of an answer that was to come, how to complain."""
    return Wording(
        subject=_("Answer after the reception, application No. %(number)s") % _number(context),
        title=_("The official has answered you"),
        blocks=[
            *_signed_answer(context),
            *(Paragraph(line) for line in lines(context.fact("answer"))),
            which_reception(context, _("The reception was")),
            Link(_("Open the application"), context.case_url),
            *_complaint_about_answer(context),
            *whom_to_ask(context.agency),
        ],
    )


def _complaint_about_answer(context: ApplicationContext) -> Iterator[Block]:
    """Yield how to complain about an answer that was to come; the first version told nothing of it."""
    if context.fact("number") and context.letter.template_version > 1:
        yield from how_to_complain(context)


def _signed_answer(context: ApplicationContext) -> Iterator[Block]:
    """Yield the outgoing number of an answer that was to come, and how it is signed."""
    if number := context.fact("number"):
        yield Facts([(_("Outgoing number"), number), *signature_of_answer(context)])


def lapsed(context: ApplicationContext) -> Wording:
    """Nobody decided before the start: an apology and the next free times."""
    return Wording(
        subject=_("Application No. %(number)s not considered in time") % _number(context),
        title=_("Your application was not considered in time"),
        blocks=[
            Paragraph(
                _(
                    "We are sorry. The agency did not consider your application before the time you "
                    "chose, so the reception will not take place."
                )
            ),
            which_reception(context, _("The time you chose")),
            *free_times(context),
            *another_application(context),
            *_after_a_refusal(context),
        ],
    )


def _number(context: ApplicationContext) -> dict[str, str]:
    return {"number": context.application.number}
