"""Letters shown to a moderator before the act that would write them."""

from datetime import datetime

from diia_videoreception.models import Application, Letter
from diia_videoreception.services.letters.rendering.render import RenderedLetter, render_letter


def letter_of_refusal(application: Application, *, reason: str, now: datetime) -> RenderedLetter:
    """What the citizen would read if the application was declined, or called off, now (B-71).

    Nothing is written.
    """
    confirmed = application.state == Application.State.CONFIRMED
    letter = Letter(
        kind=Letter.Kind.CANCELLED if confirmed else Letter.Kind.DECLINED,
        language=application.language,
        citizen=application.citizen,
        application=application,
        facts={
            "start": application.start.isoformat(),
            "end": application.end.isoformat(),
            "by": "agency",
            "calendar": confirmed,
            "reason": reason,
        },
        created_at=now,
    )
    return render_letter(letter, for_sending=False, now=now)
