"""The portal's words as an agency finds them when it begins to write its own."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diia_videoreception.rules.letter_placeholders import Placeholder, WordedKind, names_of

P = Placeholder
_SUBJECTS: Mapping[WordedKind, str | Promise] = MappingProxyType(
    {
        WordedKind.ACCEPTED: gettext_lazy("Application No. %(number)s accepted for review"),
        WordedKind.REASSIGNED: gettext_lazy("Another official will receive you"),
        WordedKind.PROPOSAL: gettext_lazy("Another time proposed for your reception"),
        WordedKind.PROPOSAL_WITHDRAWN: gettext_lazy("The proposed time has been withdrawn"),
        WordedKind.CLARIFICATION: gettext_lazy("The agency asks about application No. %(number)s"),
        WordedKind.CLARIFICATION_WITHDRAWN: gettext_lazy(
            "The question about your application has been withdrawn"
        ),
        WordedKind.MOVE_REFUSED: gettext_lazy("The agency cannot move your reception"),
        WordedKind.MOVE_UNANSWERED: gettext_lazy("Request to move the reception not answered"),
        WordedKind.TERM_EXTENDED: gettext_lazy(
            "Application No. %(number)s: the agency needs more time"
        ),
        WordedKind.SWITCHED: gettext_lazy("Another video connection: %(moment)s"),
        WordedKind.WRITTEN_ANSWER: gettext_lazy("Answer to application No. %(number)s"),
        WordedKind.NOT_CONSIDERED: gettext_lazy("Consideration of the application ended"),
        WordedKind.GUEST_INVITED: gettext_lazy("Guest at your reception: %(moment)s"),
        WordedKind.REMINDER: gettext_lazy("Reminder: reception %(moment)s"),
        WordedKind.CHECK_DEVICE: gettext_lazy("Check your equipment: %(moment)s"),
        WordedKind.ANSWER: gettext_lazy("Answer after the reception, application No. %(number)s"),
        WordedKind.ANSWER_TO_COME: gettext_lazy("Application No. %(number)s: an answer will come"),
        WordedKind.PASSED_ON: gettext_lazy("Your question has been passed on"),
        WordedKind.NOT_HELD: gettext_lazy("Reception did not take place: %(moment)s"),
        WordedKind.OBJECTION_ANSWERED: gettext_lazy(
            "Answer to your objection, application No. %(number)s"
        ),
    }
)
"""Of the letters that the portal writes as a whole."""


def standard_words(kind: WordedKind, language: str) -> tuple[str, str]:
    """Return subject and text with everything that such a letter must not lack."""
    with translation.override(language):
        names = names_of(language)
        subject, parts = _words(kind)
        text = "\n\n".join(
            f"{{{names[part]}}}" if isinstance(part, Placeholder) else part for part in parts
        )
        return (
            subject % {"moment": f"{{{names[P.TIME]}}}", "number": f"{{{names[P.NUMBER]}}}"},
            text,
        )


def _words(kind: WordedKind) -> tuple[str, list[str | Placeholder]]:
    if kind in _SUBJECTS:
        return str(_SUBJECTS[kind]), [P.CONTENT]
    return _composed(kind)


def _composed(kind: WordedKind) -> tuple[str, list[str | Placeholder]]:
    """Return subject and parts of a letter that an agency composes.

    Raises:
        ValueError: it is none of them.
    """
    match kind:
        case WordedKind.RECEIPT:
            passed_on = _("We have passed it to the agency to consider.")
            return _("Application No. %(number)s received"), [
                passed_on, P.DETAILS, P.TIME_MAY_CHANGE, P.LINK
            ]  # fmt: skip
        case WordedKind.CONFIRMATION:
            return _("Reception confirmed: %(moment)s"), [
                P.DETAILS, P.CONNECTION, P.CHECK, P.CANCELLING
            ]  # fmt: skip
        case WordedKind.MOVED:
            changed = _("The time of your reception has changed")
            earlier = f"{_('Earlier time')}: {{{names_of(translation.get_language() or '')[P.EARLIER_TIME]}}}"
            return _("Reception moved: %(moment)s"), [
                f"{changed}.", earlier, P.DETAILS, P.CONNECTION, P.CANCELLING
            ]  # fmt: skip
        case WordedKind.DECLINED:
            return _("Application No. %(number)s declined"), [
                P.REASON, P.DETAILS, P.LINK, P.COMPLAINT
            ]  # fmt: skip
        case WordedKind.CANCELLED:
            sorry = _("We are sorry. The agency has cancelled the reception.")
            return _("Reception cancelled: %(moment)s"), [
                sorry, P.REASON, P.DETAILS, P.COMPLAINT
            ]  # fmt: skip
        case WordedKind.LAPSED:
            sorry = _(
                "We are sorry. The agency did not consider your application before the time you "
                "chose, so the reception will not take place."
            )
            return _("Application No. %(number)s not considered in time"), [
                sorry, P.DETAILS, P.FREE_TIMES, P.COMPLAINT
            ]  # fmt: skip
        case _:
            raise ValueError(kind)
