"""The head of an agency ends the consideration of an application."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import AgencyModerator, Application
from diia_videoreception.rules.closing import ClosingGround
from diia_videoreception.services.booking import closing
from diia_videoreception.services.booking.closing import Wanted
from tests.harness.clock import NOW

LAW = "Частина друга статті 8 Закону України «Про звернення громадян»."
WHY = "На це питання Вам уже відповіли по суті."
REPEATED = Wanted(ClosingGround.REPEATED, WHY, LAW, "08-12/777")


def as_head(moderator: AbstractBaseUser) -> AbstractBaseUser:
    AgencyModerator.objects.filter(user_id=moderator.pk).update(is_head=True)
    return moderator


def end_consideration(
    application: Application,
    head: AbstractBaseUser,
    wanted: Wanted = REPEATED,
    *,
    now: datetime = NOW,
) -> Application:
    return closing.end_consideration(
        head=head,
        public_id=application.public_id,
        version=application.version,
        wanted=wanted,
        now=now,
    )
