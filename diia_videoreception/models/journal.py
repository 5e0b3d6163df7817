"""The journal: one row per act, chained by hashes, never changed (architecture decision 4)."""

import uuid
from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JournalIsAppendOnly(Exception):
    """Somebody tried to change or delete journal rows through the ORM."""


class JournalQuerySet(models.QuerySet["JournalRecord"]):
    """Reads and inserts; the sealer alone fills the chain of rows that have none yet."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise JournalIsAppendOnly

    def delete(self) -> NoReturn:
        raise JournalIsAppendOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise JournalIsAppendOnly

    def seal(self, *, sequence: int, previous_hash: str, own_hash: str) -> int:
        """Gives an unsealed row its place in the chain; returns the number of rows sealed, 0 or 1."""
        unsealed = self.filter(sequence__isnull=True)
        return super(JournalQuerySet, unsealed).update(
            sequence=sequence, previous_hash=previous_hash, hash=own_hash
        )


class JournalRecord(models.Model):
    """Who did what, to which case, when. No personal values, only pseudonymous ids."""

    class Actor(models.TextChoices):
        CITIZEN = "citizen", _("citizen")
        STAFF = "staff", _("staff")
        SYSTEM = "system", _("system")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    moment = models.DateTimeField(_("moment"))
    act = models.CharField(_("act"), max_length=60)
    actor_kind = models.CharField(_("who"), max_length=16, choices=Actor)
    actor_id = models.CharField(max_length=64, blank=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    subject_version = models.PositiveIntegerField(null=True)
    details = models.JSONField(default=dict)
    sequence = models.PositiveBigIntegerField(null=True, unique=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    objects = JournalQuerySet.as_manager()

    class Meta:
        ordering = ["moment", "pk"]
        verbose_name = _("journal record")
        verbose_name_plural = _("journal")
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="journal_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(sequence__isnull=True, hash="")
                | (Q(sequence__isnull=False) & ~Q(hash="")),
                name="journal_sealed_has_hash",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.act}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise JournalIsAppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise JournalIsAppendOnly
