"""The portal's words as an agency finds them when it begins to write its own."""

from django.utils import translation
from django.utils.translation import gettext as _

from diia_videoreception.rules.letter_texts import Placeholder, WordedKind, names_of

P = Placeholder


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
