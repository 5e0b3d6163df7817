"""What the moderators of an agency write to each other about a case."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.applications import Application
from diia_videoreception.models.journal import JournalRecord
from diia_videoreception.personal_data import decrypt


class CaseNote(models.Model):
    """The text of one internal note: never shown to the citizen, never changed, erased with the documents.

    Attributes:
        record: The journal knows who wrote it and when.
        key: Made by the form, so that one that is sent twice is written once.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    record = models.OneToOneField(JournalRecord, on_delete=models.PROTECT, related_name="case_note")
    text_encrypted = models.TextField()
    key = models.UUIDField(default=uuid.uuid4)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        constraints = [
            models.UniqueConstraint(fields=["application", "key"], name="case_note_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def __repr__(self) -> str:
        """Keep what is written of people out of tracebacks and logs."""
        return f"<CaseNote: {self.pk}>"

    @property
    def text(self) -> str:
        return decrypt(self.text_encrypted)
