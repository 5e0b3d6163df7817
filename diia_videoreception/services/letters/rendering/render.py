"""From a row of the outbox to a letter that can be read or sent (A-50 to A-56)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from diia_videoreception.models import Letter
from diia_videoreception.services.letters.rendering import about_applications
from diia_videoreception.services.letters.rendering.about_account import (
    address_changed,
    means_changed,
)
from diia_videoreception.services.letters.rendering.blocks import Block, Wording
from diia_videoreception.services.letters.rendering.context import (
    ApplicationContext,
    application_context,
)
from diia_videoreception.services.letters.rendering.equipment import check_device
from diia_videoreception.services.letters.rendering.other import (
    NothingToSend,
    agency_alarm,
    email_code,
)

__all__ = ["NothingToSend", "RenderedLetter", "render_letter"]

Kind = Letter.Kind

# A letter keeps the version of its words, so that an old one in the cabinet reads as it was sent.
_ABOUT_APPLICATIONS: Mapping[tuple[str, int], Callable[[ApplicationContext], Wording]] = (
    MappingProxyType(
        {
            (Kind.RECEIPT, 1): about_applications.receipt,
            (Kind.CONFIRMATION, 1): about_applications.first_confirmation,
            (Kind.CONFIRMATION, 2): about_applications.confirmation,
            (Kind.MOVED, 1): about_applications.moved,
            (Kind.DECLINED, 1): about_applications.declined,
            (Kind.CANCELLED, 1): about_applications.cancelled,
            (Kind.LAPSED, 1): about_applications.lapsed,
            (Kind.CHECK_DEVICE, 1): check_device,
        }
    )
)
_OTHER: Mapping[tuple[str, int], Callable[..., Wording]] = MappingProxyType(
    {
        (Kind.EMAIL_CODE, 1): email_code,
        (Kind.AGENCY_ALARM, 1): agency_alarm,
        (Kind.MEANS_CHANGED, 1): means_changed,
        (Kind.ADDRESS_CHANGED, 1): address_changed,
    }
)


def current_version(kind: str) -> int:
    """The version of the words with which a new letter is written."""
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
    """Writes the letter in its own language.

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
        footer = _footer()
        html = render_to_string(
            "diia_videoreception/letters/letter.html",
            {"wording": wording, "footer": footer, "language": letter.language},
        )
    parts = [wording.title, *(block.as_text() for block in wording.blocks), f"-- \n{footer}"]
    return RenderedLetter(
        subject=wording.subject,
        title=wording.title,
        language=letter.language,
        text="\n\n".join(parts) + "\n",
        html=html,
        blocks=wording.blocks,
    )


def _wording(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    key = (letter.kind, letter.template_version)
    if key in _OTHER:
        return _OTHER[key](letter, for_sending=for_sending, now=now)
    words = _ABOUT_APPLICATIONS[key]
    return words(application_context(letter, for_sending=for_sending, now=now))


def _footer() -> str:
    return _("This letter was made automatically. Please do not reply to it.")
