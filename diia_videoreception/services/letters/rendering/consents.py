"""Text messages to who is helped in a centre: codes by which they agree, a consent that was revoked, the slip."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diia_videoreception.models import Application, Letter, Mandate, MandateCode, TypedCode
from diia_videoreception.personal_data import decrypt
from diia_videoreception.rules.mandates import CODE_LIVES, MandateState
from diia_videoreception.rules.text_messages import UCS2_UNITS_OF_MANY, units
from diia_videoreception.services.letters.rendering.context import NothingToSend, absolute

RENDERED = frozenset(
    {
        Letter.Kind.CONSENT_CODE,
        Letter.Kind.TYPED_CODE,
        Letter.Kind.MANDATE_ENDED,
        Letter.Kind.SLIP_TEXT,
    }
)
RECEIPT_IS_NEWS = timedelta(days=3)
_TYPED = gettext_lazy(
    "%(centre)s: code %(code)s sends the application for a video reception that was typed for you. Tell it only"
    " if you have read it."
)
MOST_UNITS = 2 * UCS2_UNITS_OF_MANY
"""Two segments; longer names of centres are cut."""


def valid_until(letter: Letter) -> datetime:
    """Return from when the message tells nothing any more."""
    is_news = letter.kind in (Letter.Kind.MANDATE_ENDED, Letter.Kind.SLIP_TEXT)
    return letter.created_at + (RECEIPT_IS_NEWS if is_news else CODE_LIVES)


def text_of(letter: Letter, *, now: datetime) -> str:
    """Write the message in the language in which the person was read the text, in two segments at most.

    Raises:
        NothingToSend: the code is not the present one, or the consent holds again.
    """
    if letter.kind == Letter.Kind.SLIP_TEXT:
        return _slip(letter, now=now)
    found = Mandate.objects.select_related("centre").filter(public_id=letter.facts["mandate"])
    mandate = found.first()
    if mandate is None or now >= valid_until(letter):
        raise NothingToSend
    with translation.override(letter.language):
        if letter.kind == Letter.Kind.CONSENT_CODE:
            code = MandateCode.objects.filter(mandate=mandate, sent_at=letter.created_at).first()
            if code is None or code.expires_at <= now:
                raise NothingToSend
            words = _(
                "%(centre)s: code %(code)s is your consent that the administrator books a video reception for "
                "you. Tell it to nobody else."
            )
            return _fitted(words, mandate.centre.name, code=decrypt(code.code_encrypted))
        if letter.kind == Letter.Kind.TYPED_CODE:
            return _fitted(
                str(_TYPED), mandate.centre.name, code=_typed_code(mandate, letter, now=now)
            )
        if mandate.state != MandateState.REVOKED:
            raise NothingToSend
        words = _(
            "%(centre)s: your consent %(reference)s is revoked. Nothing is done for you by it any more."
        )
        return _fitted(words, mandate.centre.name, reference=mandate.reference)


def _typed_code(mandate: Mandate, letter: Letter, *, now: datetime) -> str:
    found = TypedCode.objects.filter(
        typed__mandate=mandate, sent_at=letter.created_at, expires_at__gt=now
    ).first()
    if found is None or not mandate.is_live(now):
        raise NothingToSend
    return decrypt(found.code_encrypted)


def _slip(letter: Letter, *, now: datetime) -> str:
    """Write the number and where it is asked how it stands; the code never travels with the number."""
    found = Application.objects.select_related("centre")
    application = found.filter(public_id=letter.facts["application"]).first()
    if application is None or application.centre is None or now >= valid_until(letter):
        raise NothingToSend
    address = absolute(reverse("diia_videoreception:status")).partition("://")[2]
    with translation.override(letter.language):
        words = _("%(centre)s: application %(number)s is filed. How it stands: %(address)s")
        return _fitted(words, application.centre.name, number=application.number, address=address)


def _fitted(words: str, centre: str, **values: str) -> str:
    text = words % {"centre": centre, **values}
    name = centre
    while units(text) > MOST_UNITS and len(name) > 1:
        name = name[:-1]
        text = words % {"centre": f"{name.rstrip()}…", **values}
    return text
