"""Who has a case open right now."""

from django.conf import settings
from django.db import models

from diia_videoreception.models.applications import Application


class CasePresence(models.Model):
    """A member of staff at a case: shown to colleagues, keeps nobody from anything, forgotten soon.

    Attributes:
        since: Since when without a pause.
        last_seen_at: When their page has last told of them.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    last_seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="case_presence_once")
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
