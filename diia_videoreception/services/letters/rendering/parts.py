"""Parts that several letters have in common."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Agency, AnswerSignature, Application, Centre, Official
from diia_videoreception.rules.refusals import NextStep
from diia_videoreception.selectors.booking.applications import PASSWORD_SHOWN_BEFORE
from diia_videoreception.selectors.booking.nearest import next_free_times
from diia_videoreception.services.letters.rendering.blocks import (
    Block,
    Facts,
    Heading,
    Items,
    Link,
    Notice,
    Paragraph,
    Steps,
)
from diia_videoreception.services.letters.rendering.context import ApplicationContext
from diia_videoreception.wording import (
    file_size,
    minutes_in_words,
    phone,
    represented_in_words,
    seat_in_words,
    short_day,
)


def official_in_words(official: Official) -> str:
    return f"{official.full_name}, {official.post}"


def lines(text: str) -> list[str]:
    """Return the lines of a text that an agency has written, without the empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def numbers(context: ApplicationContext) -> Iterator[tuple[str, str]]:
    """Yield the number of the application, and that of the agency’s books as it was when the letter was written."""
    yield _("Application number"), context.application.number
    if number := context.fact("registration"):
        yield _("Registration number of the agency"), number
    if context.application.centre is not None:
        yield _helper(context.application, context.application.centre)


def order_details(context: ApplicationContext) -> Facts:
    """Return everything the citizen has told (A-50)."""
    application = context.application
    return Facts(
        [
            *numbers(context),
            (_("Agency"), context.agency.name),
            (_("Official"), official_in_words(context.official)),
            (_("The time you chose"), context.long(context.start)),
            *where_to_come(context),
            (_("Summary of the question"), application.topic),
            (_("Contact phone"), phone(application.phone)),
            *_optional_details(application),
        ]
    )


def _optional_details(application: Application) -> Iterator[tuple[str, str]]:
    needs = application.needs_labels
    if application.companion:
        needs = [*needs, _("Accompanied by: %(who)s") % {"who": application.companion}]
    if needs:
        yield _("What you need during the reception"), "\n".join(needs)
    represented = getattr(application, "representation", None)
    if represented is not None:
        yield _("For whom"), represented_in_words(represented)
    if application.claims_priority:
        yield _("Priority"), _("Claimed. Have the papers with you at the reception.")
    if application.prior is not None:
        yield _("Previous application number"), application.prior.number
    documents = [
        f"{document.name} ({file_size(document.size)})" for document in application.filed_documents
    ]
    yield _("Documents"), "\n".join(documents) or _("none added")


def _helper(application: Application, centre: Centre) -> tuple[str, str]:
    where = ", ".join(part for part in (centre.name, centre.phone) if part)
    if application.entered_by is None:
        return pgettext("centre", "Applied at"), where
    user = application.entered_by.user
    return pgettext("who", "Helped"), f"{user.get_full_name() or user.get_username()}, {where}"


def reception_details(context: ApplicationContext) -> Facts:
    """Return when, how long and with whom (A-52)."""
    minutes = round((context.end - context.start).total_seconds() / 60)
    return Facts(
        [
            (_("Date and time"), context.long(context.start)),
            (_("Duration"), minutes_in_words(minutes)),
            *where_to_come(context),
            (_("Agency"), context.agency.name),
            (_("Official"), official_in_words(context.official)),
            *numbers(context),
        ]
    )


def where_to_come(context: ApplicationContext) -> Iterator[tuple[str, str]]:
    """Yield the seat of a centre from which the citizen speaks, if they have chosen one."""
    if context.application.seat is not None:
        yield _("Where to come"), seat_in_words(context.application.seat)


def how_to_connect(context: ApplicationContext) -> Iterator[Block]:
    """Yield where the person connects: the room in the browser, or a program (A-54 to A-56)."""
    if context.application.seat is not None:
        # Everything stands ready there; who stays at home after all needs the rest.
        yield Heading(_("Come to the centre"))
        yield Paragraph(
            _(
                "Come a little earlier, with a document that proves who you are. Staff will help you."
            )
        )
        yield Paragraph(_("If you cannot come, you can also connect from your own device:"))
    yield Heading(_("How to connect"))
    yield from _by_browser(context) if context.is_held_in_browser else _by_program(context)


def _by_browser(context: ApplicationContext) -> Iterator[Block]:
    """Yield the button, from when it opens, and the equipment; there is nothing to install and to type."""
    yield Notice(_("You need only a browser."))
    yield Paragraph(
        _(
            "Sign in and enter the room on this page. It opens %(moment)s; you may look before whether "
            "camera and sound work."
        )
        % {"moment": context.long(context.room_opens_at)}
    )
    yield Link(_("Enter the room"), context.room_url)
    yield Heading(_("What equipment you need"))
    yield Items(lines(context.agency.equipment) or _usual_equipment(only_computers=False))


def _by_program(context: ApplicationContext) -> Iterator[Block]:
    """Yield program, login, password by the portal's policy, steps and equipment."""
    agency = context.agency
    rows = [(_("Login"), context.application.reception.login)]
    if agency.program_name:
        rows.insert(0, (_("Program"), agency.program_name))
    if _password_goes_along(context):
        rows.append((_("Password"), context.application.reception.password))
        yield Facts(rows)
    else:
        yield Facts(rows)
        yield Paragraph(_where_the_password_is(context))
        yield Link(_("See the password"), context.case_url)
    if agency.program_url:
        yield Link(_("Download the program"), agency.program_url)
    if not context.in_first_words:
        yield from _devices(agency)
    yield Paragraph(_("Install the program and try it in advance:"))
    yield Steps(lines(agency.instructions) or _usual_steps())
    yield Heading(_("What equipment you need"))
    only_computers = agency.program_devices == Agency.Devices.COMPUTER
    yield Items(lines(agency.equipment) or _usual_equipment(only_computers=only_computers))


def _where_the_password_is(context: ApplicationContext) -> str:
    """Return its page, and from when: a letter may be written when the time has come."""
    if context.letter.created_at >= context.start - PASSWORD_SHOWN_BEFORE:
        return _(
            "You can already see the password on the page of your application, until 15 minutes "
            "after the reception. You need to sign in."
        )
    return _(
        "You can see the password on the page of your application from 15 minutes before "
        "the reception until 15 minutes after it. You need to sign in."
    )


def _devices(agency: Agency) -> Iterator[Block]:
    """Yield what somebody who has only a phone must know; nothing when the agency has not said."""
    if agency.program_devices == Agency.Devices.ANY:
        yield Paragraph(_("The program works on computers, tablets and phones."))
    elif agency.program_devices == Agency.Devices.COMPUTER:
        yield Notice(_("The program works only on computers."))
        yield Paragraph(
            _("If you only have a phone or tablet, call the agency in advance: %(phone)s.")
            % {"phone": phone(agency.phone)}
            if agency.phone
            else _("If you only have a phone or tablet, tell the agency in advance.")
        )


def _password_goes_along(context: ApplicationContext) -> bool:
    """Return whether the password stands in the letter: only while sending, where the portal sends it (A-17, A-55).

    With `official_mailbox_only` that is the mailbox on the portal's own mail server.
    """
    if not context.for_sending or app_settings.letter_password == "link":
        return False
    return app_settings.letter_password == "always" or context.letter.mailbox_id is not None


def _usual_steps() -> list[str]:
    return [
        _("Download and install the program."),
        _("Start it 10 minutes before the reception."),
        _("Enter the login and the password."),
    ]


def _usual_equipment(*, only_computers: bool) -> list[str]:
    return [
        _("a computer with a camera")
        if only_computers
        else _("a computer, tablet or smartphone with a camera"),
        _("a microphone"),
        _("headphones or speakers"),
        _("an internet connection"),
    ]


def time_may_change() -> Notice:
    """Return what every letter before the confirmation warns of (A-53)."""
    return Notice(
        _(
            "The date and time in your application may change. The final time will be in the "
            "confirmation letter."
        )
    )


def how_to_cancel(context: ApplicationContext) -> Iterator[Block]:
    yield Heading(_("If you cannot take part"))
    yield Paragraph(
        _(
            "Sign in, open your application and cancel it, so that someone else can have the "
            "time. Opening the link does not cancel anything."
        )
    )
    yield Link(_("Open the application"), context.case_url)


def whom_to_ask(agency: Agency) -> Iterator[Block]:
    """Yield telephones; nothing when there are none."""
    rows = []
    if agency.phone:
        rows.append((agency.short_name or agency.name, phone(agency.phone)))
    if app_settings.support_phone:
        rows.append((_("Portal support"), phone(app_settings.support_phone)))
    if rows:
        yield Heading(_("Who to contact with questions"))
        yield Facts(rows)


def how_to_complain(context: ApplicationContext) -> Iterator[Block]:
    """To whom one can complain about a refusal, as the agency says; nothing when it does not."""
    paragraphs = lines(context.agency.complaints)
    if paragraphs and not context.in_first_words:
        yield Heading(_("If you do not agree"))
        yield from (Paragraph(line) for line in paragraphs)


def refusal_details(context: ApplicationContext) -> Facts:
    """Return the reason, and what the moderator has given with it: the legal ground, whom to ask."""
    rows = [(_("Reason"), context.fact("reason"))]
    if ground := context.fact("legal_ground"):
        rows.append((_("Legal ground"), ground))
    if whom := context.fact("whom_to_ask"):
        rows.append((_("Whom to ask"), whom))
    return Facts(rows)


def signature_of_answer(context: ApplicationContext) -> Iterator[tuple[str, str]]:
    """Yield how a written answer is signed; letters of before do not know it."""
    signer = context.fact("signer")
    match context.fact("signed"):
        case AnswerSignature.Kind.KEP:
            yield _("Signed with KEP"), signer
            yield _("Serial number of the certificate"), context.fact("serial")
        case AnswerSignature.Kind.PAPER:
            day = short_day(date.fromisoformat(context.fact("signed_on")))
            yield _("Signed on paper"), f"{signer}, {day}"
        case "later":
            yield _("Signature"), _("(added when you send the answer)")


def another_application(context: ApplicationContext) -> Iterator[Block]:
    """Yield the way on, which never leads back to where the reason has sent the person away from."""
    match context.next_step:
        case NextStep.SAME_OFFICIAL:
            yield Paragraph(_("You can choose another time and submit a new application."))
            yield Link(_("Choose another time"), context.choose_url)
        case NextStep.SAME_AGENCY:
            yield Paragraph(
                _("You can choose another official of this agency and submit a new application.")
            )
            yield Link(_("Choose an official"), context.choose_url)
        case NextStep.ANY_AGENCY:
            yield Paragraph(
                _(
                    "You can choose another agency that deals with this question and submit a new "
                    "application."
                )
            )
            yield Link(_("Choose an agency"), context.choose_url)


def which_reception(context: ApplicationContext, label: str) -> Facts:
    """Return which application the letter is about, with its time under the label."""
    return Facts(
        [
            *numbers(context),
            (_("Agency"), context.agency.name),
            (_("Official"), official_in_words(context.official)),
            (label, context.long(context.start)),
        ]
    )


def free_times(context: ApplicationContext, *, after: timedelta = timedelta(0)) -> Iterator[Block]:
    """Look up the next free times while sending only: in the cabinet they would be out of date."""
    if not context.for_sending:
        return
    if times := next_free_times(context.official, not_before=context.now + after, now=context.now):
        yield Heading(_("Next available times"))
        yield Items([context.long(time.start) for time in times])
