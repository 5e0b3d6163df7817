"""Letters shown to a moderator before the act that would write them: the words that would be sent."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from diia_videoreception.errors import NotFound
from diia_videoreception.models import (
    AnswerTask,
    Application,
    Clarification,
    Letter,
    LetterText,
    Official,
    Proposal,
    Reception,
    TermExtension,
)
from diia_videoreception.personal_data import encrypt
from diia_videoreception.providers import conference_providers
from diia_videoreception.rules.closing import ClosingGround
from diia_videoreception.rules.letter_placeholders import COMPOSED, WordedKind
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.rules.slots import Interval
from diia_videoreception.selectors.booking.conferences import is_held_in_browser, next_conference
from diia_videoreception.selectors.booking.move_requests import is_requested
from diia_videoreception.services.letters.queueing import (
    facts_about,
    facts_of_clarification,
    facts_of_closing,
    facts_of_extension,
    facts_of_move,
    facts_of_passing_on,
    facts_of_proposal,
    facts_of_reassignment,
    facts_of_written_answer,
    own_text_for,
    ready_mailbox_of,
)
from diia_videoreception.services.letters.rendering import (
    RenderedLetter,
    current_version,
    render_letter,
)

HIDDEN = "••••••••"
_UNSIGNED: dict[str, object] = {"signed": "later"}
"""An answer of which nobody has said yet how it is signed."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter as it would be sent now, with its secrets covered, and where it would go.

    Attributes:
        addresses: Empty when the citizen reads it in the cabinet only.
    """

    letter: RenderedLetter
    addresses: list[str]


def preview_of_refusal(application: Application, refusal: Refusal, *, now: datetime) -> Preview:
    """Return what the citizen would read if the application was declined, or called off, now (B-71)."""
    confirmed = application.state == Application.State.CONFIRMED
    kind = Letter.Kind.CANCELLED if confirmed else Letter.Kind.DECLINED
    facts = {"by": Letter.Party.AGENCY.value, "calendar": confirmed, **refusal.facts}
    return _preview(kind, application, facts, now=now)


def preview_of_acceptance(application: Application, *, now: datetime) -> Preview:
    """Return what the citizen would read if the application was accepted for review now."""
    return _preview(Letter.Kind.ACCEPTED, application, {}, now=now)


def preview_of_confirmation(
    application: Application, time: Interval | None = None, *, now: datetime
) -> Preview:
    """Return what the citizen would read if the application was confirmed, or moved, now (A-31, A-52).

    Args:
        time: Another time than that of the application.
    """
    moved = application.state == Application.State.CONFIRMED
    future = copy(application)
    if time is not None:
        future.start, future.end = time.start, time.end
    alias = next_conference(application)
    is_new = future.start != application.start and alias in conference_providers()
    facts: dict[str, object] = {}
    if moved:
        facts = facts_of_move(application.start, has_new_access=is_new)
    elif future.start != application.start:
        facts = {"old_start": application.start.isoformat()}
    future.reception = _covered(application, is_new=is_new)
    kind = Letter.Kind.MOVED if moved else Letter.Kind.CONFIRMATION
    return _preview(kind, future, facts, now=now)


def preview_of_proposal(proposal: Proposal, *, now: datetime) -> Preview:
    """Return what the citizen would read if this time was proposed now."""
    facts = facts_of_proposal(proposal)
    # It is not open yet, so that nothing could be sent.
    return _preview(Letter.Kind.PROPOSAL, proposal.application, facts, now=now, for_sending=False)


def preview_of_withdrawal(proposal: Proposal, *, now: datetime) -> Preview:
    """Return what the citizen would read if this proposed time was withdrawn now."""
    kind, facts = Letter.Kind.PROPOSAL_WITHDRAWN, facts_of_proposal(proposal)
    return _preview(kind, proposal.application, facts, now=now, for_sending=False)


def preview_of_question(asked: Clarification, *, now: datetime) -> Preview:
    """Return what the citizen would read if this question was asked now."""
    facts = facts_of_clarification(asked)
    kind = Letter.Kind.CLARIFICATION
    # It is not open yet, so that nothing could be sent.
    return _preview(kind, asked.application, facts, now=now, for_sending=False)


def preview_of_reassignment(
    application: Application, official: Official, time: Interval, *, now: datetime
) -> Preview:
    """Return what the citizen would read if another official was to receive them, at this time."""
    future = copy(application)
    future.official, future.end = official, time.end
    is_renewed = False
    if application.state == Application.State.CONFIRMED:
        is_renewed = bool(application.reception.login)
        future.reception = _covered(application, is_new=is_renewed)
    facts = facts_of_reassignment(
        future,
        application.official,
        asked_to_move=is_requested(application, now=now),
        has_new_access=is_renewed,
    )
    return _preview(Letter.Kind.REASSIGNED, future, facts, now=now)


def preview_of_refused_move(application: Application, words: str, *, now: datetime) -> Preview:
    """Return what the citizen would read if their request to move the reception was refused now."""
    return _preview(Letter.Kind.MOVE_REFUSED, application, {"reason": words}, now=now)


def preview_of_written_answer(
    application: Application, text: str, number: str, *, now: datetime
) -> Preview:
    """Return what the citizen would read if the application was answered in writing now."""
    facts = facts_of_written_answer(text, number) | _UNSIGNED
    return _preview(Letter.Kind.WRITTEN_ANSWER, application, facts, now=now)


def preview_of_closing(
    application: Application,
    ground: ClosingGround,
    reason: str,
    legal_ground: str,
    earlier_number: str,
    *,
    now: datetime,
) -> Preview:
    """Return what the citizen would read if the consideration was ended now."""
    facts = facts_of_closing(ground, reason, legal_ground, earlier_number)
    return _preview(Letter.Kind.NOT_CONSIDERED, application, facts, now=now)


def preview_of_extension(extension: TermExtension, *, now: datetime) -> Preview:
    """Return what the citizen would read if the term was extended now."""
    facts = facts_of_extension(extension)
    return _preview(Letter.Kind.TERM_EXTENDED, extension.application, facts, now=now)


def preview_of_passing_on(task: AnswerTask, *, now: datetime) -> Preview:
    """Return what the citizen would read if the question was passed on now."""
    return _preview(Letter.Kind.PASSED_ON, task.application, facts_of_passing_on(task), now=now)


def preview_of_answer(application: Application, text: str, *, now: datetime) -> Preview:
    """Return what the citizen would read if the official's text was sent now."""
    return _preview(Letter.Kind.ANSWER, application, {"answer": text}, now=now)


def preview_in_words(own: LetterText, application: Application, *, now: datetime) -> RenderedLetter:
    """Return how a letter in an agency's own words would read about a real application.

    What its occasion would bring (an earlier time, a reason) is invented, or that of the last such letter
    where the portal fills in the content as a whole.

    Raises:
        NotFound: there was no such letter.
    """
    kind = Letter.Kind(own.kind)
    if WordedKind(own.kind) not in COMPOSED:
        return _last_in_words(own, application, now=now)
    facts: dict[str, object] = {}
    if kind == Letter.Kind.MOVED:
        facts = facts_of_move(application.start, has_new_access=True)
    if kind in {Letter.Kind.DECLINED, Letter.Kind.CANCELLED}:
        with translation.override(own.language):
            reason = _("The question is not within the powers of the agency.")
        ground = application.official.agency.refusal_ground
        facts = {"by": Letter.Party.AGENCY.value, "reason": reason, "legal_ground": ground}
    future = copy(application)
    future.reception = _covered(application, is_new=False)
    letter = Letter(
        kind=kind,
        template_version=current_version(kind),
        language=own.language,
        citizen=application.citizen,
        application=future,
        facts=facts_about(application, facts),
        own_text=own,
        created_at=now,
    )
    return render_letter(letter, for_sending=True, now=now)


def _last_in_words(own: LetterText, application: Application, *, now: datetime) -> RenderedLetter:
    letter = Letter.objects.filter(application=application, kind=own.kind, copy_of=None).last()
    if letter is None:
        raise NotFound
    letter.application, letter.citizen = application, application.citizen
    letter.own_text, letter.language = own, own.language
    return render_letter(letter, for_sending=False, now=now)


def _covered(application: Application, *, is_new: bool) -> Reception:
    """Return the access that there is, or will be, without its password; another time has a new one."""
    reception = getattr(application, "reception", None)
    alias = next_conference(application)
    if is_held_in_browser(application):
        return Reception(conference=alias)
    login = _("(created when you confirm)")
    if reception and not is_new:
        login = reception.login
    return Reception(conference=alias, login=login, password_encrypted=encrypt(HIDDEN))


def _preview(
    kind: Letter.Kind,
    application: Application,
    facts: dict[str, object],
    *,
    now: datetime,
    for_sending: bool = True,
) -> Preview:
    mailbox = ready_mailbox_of(application.citizen)
    kept = facts_about(application, facts)
    letter = Letter(
        kind=kind,
        template_version=current_version(kind),
        language=application.language,
        citizen=application.citizen,
        application=application,
        mailbox=mailbox,
        facts=kept,
        own_text=own_text_for(kind, application, kept),
        created_at=now,
    )
    addresses = [mailbox.address if mailbox else "", application.letters_address]
    return Preview(
        render_letter(letter, for_sending=for_sending, now=now),
        [address for address in addresses if address],
    )
