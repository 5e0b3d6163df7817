"""Letters to people of centres about what they have to prove: the test, its result, its end."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from diia_videoreception.models import (
    CentreAccreditation,
    CentreMember,
    CentreTestAttempt,
    Letter,
)
from diia_videoreception.selectors.centres.testing import own_test
from diia_videoreception.services.letters.rendering.about_account import whom_to_call
from diia_videoreception.services.letters.rendering.blocks import (
    Facts,
    Link,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import NothingToSend, absolute


def to_take(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Invite somebody who is trained to the test.

    Raises:
        NothingToSend: they do not work in the centre any more, or there is nothing to take now.
    """
    members = CentreMember.objects.live().select_related("centre")
    member = members.filter(public_id=letter.facts["member"]).first()
    if member is None or member.is_blocked or not member.centre.is_active:
        raise NothingToSend
    test = own_test(member, language=letter.language, now=now)
    if test.version is None or test.obstacle is not None:
        raise NothingToSend
    title = _("Take the test for acting on behalf of people")
    return Wording(
        subject=title,
        title=title,
        blocks=[
            Facts(
                [
                    (_("Centre"), member.centre.name),
                    (_("Test"), test.version.title),
                    (_("Questions"), str(test.version.asked)),
                    (_("Right answers needed"), str(test.version.needed)),
                    (_("Attempts left"), str(test.left)),
                ]
            ),
            Paragraph(
                _(
                    "Your training is recorded. The test is yours alone: sign in with your work "
                    "account. Until you have passed it, you cannot act on behalf of people."
                )
            ),
            _to(member, "test", _("Go to the test")),
            *whom_to_call(),
        ],
    )


def passed(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell that the test is passed and what to do next (B-19).

    Raises:
        NothingToSend: the person does not work in the centre any more.
    """
    attempts = CentreTestAttempt.objects.select_related("version", "accreditation")
    attempt = attempts.filter(public_id=letter.facts["attempt"]).first()
    if attempt is None or attempt.accreditation is None:
        raise NothingToSend
    member = _member_of(attempt.user_id, attempt.centre_id)
    until = f"{attempt.accreditation.valid_until:%d.%m.%Y}"
    title = _("You have passed the test")
    texts = [part for part in attempt.version.instruction.splitlines() if part.strip()]
    return Wording(
        subject=title,
        title=title,
        blocks=[
            Facts(
                [
                    (_("Centre"), member.centre.name),
                    (_("Right answers"), f"{attempt.correct} / {len(attempt.paper)}"),
                    (_("Holds until"), until),
                ]
            ),
            *map(Paragraph, texts),
            _to(member, "home", _("Open my right to act")),
            *whom_to_call(),
        ],
    )


def ends(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell that a training or a test ends soon, and how to keep the right.

    Raises:
        NothingToSend: a longer one is there, or the person works in no centre any more.
    """
    found = CentreAccreditation.objects.filter(pk=letter.facts["accreditation"]).first()
    if found is None:
        raise NothingToSend
    same = CentreAccreditation.objects.filter(user=found.user_id, kind=found.kind)
    if same.filter(valid_until__gt=found.valid_until).exists():
        raise NothingToSend
    member = _member_of(found.user_id, found.centre_id)
    is_test = found.kind == CentreAccreditation.Kind.TEST
    title = _("Your test ends soon") if is_test else _("Your training ends soon")
    how = (
        _("Take the test anew, so that you can go on acting on behalf of people.")
        if is_test
        else _("Ask the head of the centre for a new training and have it recorded.")
    )
    return Wording(
        subject=title,
        title=title,
        blocks=[
            Facts(
                [
                    (_("Centre"), member.centre.name),
                    (_("Last day"), f"{found.valid_until:%d.%m.%Y}"),
                ]
            ),
            Paragraph(_("From the next day on, you cannot act on behalf of people.")),
            Paragraph(how),
            _to(member, "test", _("Go to the test"))
            if is_test
            else _to(member, "home", _("Open my right to act")),
            *whom_to_call(),
        ],
    )


def _member_of(user_id: int, centre_id: int) -> CentreMember:
    """Return as whom somebody works: in this centre, or else in another one.

    Raises:
        NothingToSend: they work in none.
    """
    members = CentreMember.objects.live().filter(user=user_id).select_related("centre")
    found = members.filter(centre=centre_id).first() or members.first()
    if found is None:
        raise NothingToSend
    return found


def _to(member: CentreMember, page: str, words: str) -> Link:
    path = reverse(f"diia_videoreception:centre_{page}", args=[member.centre.public_id])
    return Link(words, absolute(path))
