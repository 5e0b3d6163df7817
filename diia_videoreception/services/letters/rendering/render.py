"""From a row of the outbox to a letter that can be read or sent (A-50 to A-56)."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from diia_videoreception.models import Letter
from diia_videoreception.services.letters.rendering import (
    about_applications,
    about_tests,
    answers_to_come,
    clarifications,
    for_centres,
    for_officials,
    for_staff,
    move_requests,
    proposals,
    waiting,
)
from diia_videoreception.services.letters.rendering.about_account import (
    address_changed,
    credential_changed,
    email_code,
)
from diia_videoreception.services.letters.rendering.blocks import Block, Paragraph, Wording
from diia_videoreception.services.letters.rendering.closing import not_considered
from diia_videoreception.services.letters.rendering.context import (
    ApplicationContext,
    NothingToSend,
    application_context,
    in_first_words,
)
from diia_videoreception.services.letters.rendering.equipment import check_device
from diia_videoreception.services.letters.rendering.for_agencies import (
    agency_alarm,
    agency_answers_overdue,
    agency_digest,
    agency_news,
    agency_objection,
    agency_overdue,
)
from diia_videoreception.services.letters.rendering.guests import guest_invited
from diia_videoreception.services.letters.rendering.not_held import not_held, objection_answered
from diia_videoreception.services.letters.rendering.own_words import in_own_words
from diia_videoreception.services.letters.rendering.reminders import reminder
from diia_videoreception.services.letters.rendering.review import accepted
from diia_videoreception.services.letters.rendering.trials import text_trial
from integrations.common.failures import isolated

__all__ = ["NothingToSend", "RenderedLetter", "render_letter"]

Kind = Letter.Kind
logger = logging.getLogger(__name__)

# A letter keeps the version of its words, so that an old one in the cabinet reads as it was sent.
_ABOUT_APPLICATIONS: Mapping[tuple[str, int], Callable[[ApplicationContext], Wording]] = (
    MappingProxyType(
        {
            (Kind.RECEIPT, 1): about_applications.receipt,
            (Kind.RECEIPT, 2): about_applications.receipt,
            (Kind.ACCEPTED, 1): accepted,
            (Kind.CONFIRMATION, 1): about_applications.first_confirmation,
            (Kind.CONFIRMATION, 2): about_applications.confirmation,
            (Kind.CONFIRMATION, 3): about_applications.confirmation,
            (Kind.CONFIRMATION, 4): about_applications.confirmation,
            (Kind.MOVED, 1): about_applications.moved,
            (Kind.MOVED, 2): about_applications.moved,
            (Kind.MOVED, 3): about_applications.moved,
            (Kind.MOVED, 4): about_applications.moved,
            (Kind.REASSIGNED, 1): about_applications.reassigned,
            (Kind.PROPOSAL, 1): proposals.proposal,
            (Kind.PROPOSAL_WITHDRAWN, 1): proposals.withdrawn,
            (Kind.CLARIFICATION, 1): clarifications.question,
            (Kind.CLARIFICATION_WITHDRAWN, 1): clarifications.withdrawn,
            (Kind.MOVE_REFUSED, 1): move_requests.refused,
            (Kind.MOVE_UNANSWERED, 1): move_requests.unanswered,
            (Kind.TERM_EXTENDED, 1): answers_to_come.term_extended,
            (Kind.SWITCHED, 2): about_applications.switched,
            (Kind.WRITTEN_ANSWER, 1): about_applications.written_answer,
            (Kind.NOT_CONSIDERED, 1): not_considered,
            (Kind.DECLINED, 1): about_applications.declined,
            (Kind.DECLINED, 2): about_applications.declined,
            (Kind.CANCELLED, 1): about_applications.cancelled,
            (Kind.CANCELLED, 2): about_applications.cancelled,
            (Kind.LAPSED, 1): about_applications.lapsed,
            (Kind.LAPSED, 2): about_applications.lapsed,
            (Kind.ANSWER, 1): about_applications.answer,
            (Kind.ANSWER, 2): about_applications.answer,
            (Kind.ANSWER_TO_COME, 1): answers_to_come.answer_to_come,
            (Kind.PASSED_ON, 1): answers_to_come.passed_on,
            (Kind.NOT_HELD, 1): not_held,
            (Kind.OBJECTION_ANSWERED, 1): objection_answered,
            (Kind.GUEST_INVITED, 1): guest_invited,
            (Kind.REMINDER, 1): reminder,
            (Kind.CHECK_DEVICE, 1): check_device,
            (Kind.CHECK_DEVICE, 2): check_device,
        }
    )
)
_OTHER: Mapping[tuple[str, int], Callable[..., Wording]] = MappingProxyType(
    {
        (Kind.EMAIL_CODE, 1): email_code,
        (Kind.EMAIL_CODE, 2): email_code,
        (Kind.AGENCY_ALARM, 1): agency_alarm,
        (Kind.AGENCY_OVERDUE, 1): agency_overdue,
        (Kind.AGENCY_ANSWERS_OVERDUE, 1): agency_answers_overdue,
        (Kind.AGENCY_NEWS, 1): agency_news,
        (Kind.AGENCY_DIGEST, 1): agency_digest,
        (Kind.AGENCY_OBJECTION, 1): agency_objection,
        (Kind.OFFICIAL_CONFIRMED, 1): for_officials.confirmed,
        (Kind.OFFICIAL_MOVED, 1): for_officials.moved,
        (Kind.OFFICIAL_SWITCHED, 1): for_officials.switched,
        (Kind.OFFICIAL_CANCELLED, 1): for_officials.cancelled,
        (Kind.OFFICIAL_TOMORROW, 1): for_officials.tomorrow,
        (Kind.CREDENTIALS_CHANGED, 1): credential_changed,
        (Kind.CREDENTIALS_CHANGED, 2): credential_changed,
        (Kind.STAFF_FACTOR_SET, 1): for_staff.factor_set,
        (Kind.STAFF_FACTOR_RESET, 1): for_staff.factor_reset,
        (Kind.STAFF_CASE, 1): for_staff.case_news,
        (Kind.UNUSUAL_LOOKS, 1): for_staff.unusual_looks,
        (Kind.CENTRE_INVITATION, 1): for_centres.invitation,
        (Kind.CENTRE_REFUSED, 1): for_centres.refused,
        (Kind.SLIP, 1): for_centres.slip,
        (Kind.CENTRE_SUSPENDED, 1): for_centres.suspended,
        (Kind.CENTRE_RESUMED, 1): for_centres.resumed,
        (Kind.CENTRE_BLOCKED, 1): for_centres.blocked,
        (Kind.CENTRE_TEST, 1): about_tests.to_take,
        (Kind.CENTRE_TEST_PASSED, 1): about_tests.passed,
        (Kind.CENTRE_RIGHT_ENDS, 1): about_tests.ends,
        (Kind.TEXT_TRIAL, 1): text_trial,
        (Kind.WAITING_OFFER, 1): waiting.offered,
        (Kind.WAITING_WITHDRAWN, 1): waiting.withdrawn,
        (Kind.WAITING_ENDED, 1): waiting.ended,
        (Kind.ADDRESS_CHANGED, 1): address_changed,
        (Kind.ADDRESS_CHANGED, 2): address_changed,
    }
)


def current_version(kind: str) -> int:
    """Return the version of the words with which a new letter is written."""
    return max(
        (version for known, version in (*_ABOUT_APPLICATIONS, *_OTHER) if known == kind), default=1
    )


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A letter in words.

    `text` and `html` are complete on their own and may contain a secret, so neither is shown by
    repr. `title` and `blocks` are for screens: letters/body.html shows the blocks without any style
    of its own.
    """

    subject: str
    title: str
    language: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    blocks: Sequence[Block] = field(repr=False)


def render_letter(letter: Letter, *, for_sending: bool, now: datetime) -> RenderedLetter:
    """Write the letter in its own language.

    Args:
        letter: what to write; its application is read with the official's agency and the reception.
        for_sending: whether it goes out now. Only then it contains what the policy LETTER_PASSWORD
            or the confirmation of an address needs, and times looked up at `now`.
        now: the present moment.

    Raises:
        NothingToSend: what it was to tell is not true any more.
        KeyError: there are no words for this kind and version.
    """
    with translation.override(letter.language):
        wording = _wording(letter, for_sending=for_sending, now=now)
        blocks = [*_greeting(letter), *wording.blocks]
        footer = _footer()
        subject = wording.subject
        if letter.facts.get("reminder"):
            subject = _("Once more: %(subject)s") % {"subject": subject}
        html = render_to_string(
            "diia_videoreception/letters/letter.html",
            {
                "wording": wording,
                "blocks": blocks,
                "footer": footer,
                "language": letter.language,
            },
        )
    parts = [wording.title, *(block.as_text() for block in blocks), f"-- \n{footer}"]
    return RenderedLetter(
        subject=subject,
        title=wording.title,
        language=letter.language,
        text="\n\n".join(parts) + "\n",
        html=html,
        blocks=blocks,
    )


def _wording(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    key = (letter.kind, letter.template_version)
    if key in _OTHER:
        return _OTHER[key](letter, for_sending=for_sending, now=now)
    context = application_context(letter, for_sending=for_sending, now=now)
    usual = _ABOUT_APPLICATIONS[key](context)
    if letter.own_text is None:
        return usual
    with isolated() as one:
        return in_own_words(letter.own_text, context, usual)
    logger.error("An agency's own words could not be filled in: %s", type(one.error).__name__)
    return usual


def _greeting(letter: Letter) -> Iterator[Paragraph]:
    """Yield a greeting that needs no gender and no case of a name.

    An address that nobody has confirmed yet may be a stranger's: no name goes there.
    """
    if letter.citizen is None or in_first_words(letter):
        return
    if letter.kind == Kind.EMAIL_CODE:
        yield Paragraph(pgettext("greeting", "Hello!"))
    else:
        yield Paragraph(
            _("Hello! This letter is for: %(name)s.") % {"name": letter.citizen.full_name}
        )


def _footer() -> str:
    return _("This is an automatic letter. Do not reply to it.")
