"""Letters as they are read."""

from datetime import datetime

from diia_videoreception.models import Letter
from diia_videoreception.services.letters.rendering import RenderedLetter, render_letter
from tests.factories import NOW

PASSWORD = "k7pm-wq3x-zz2h-n4tv"


def render(letter: Letter, *, for_sending: bool = True, now: datetime = NOW) -> RenderedLetter:
    return render_letter(Letter.objects.get(pk=letter.pk), for_sending=for_sending, now=now)
