"""That staff looked at a case: one row per person, thing and quarter of an hour, never changed."""

import uuid
from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.journal import JournalIsAppendOnly, JournalRecord

HELP = "help_citizens"
"""The permission of the help desk: a few facts of one application, after two told by the person."""


class LookQuerySet(models.QuerySet["Look"]):
    """Reads and inserts; the sealer alone says once in which record of the journal a row is sealed."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise JournalIsAppendOnly

    def delete(self) -> NoReturn:
        raise JournalIsAppendOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise JournalIsAppendOnly

    def seal(self, record: JournalRecord) -> int:
        """Say of those that have no seal that this record is theirs; returns of how many."""
        return models.QuerySet(self.model, using=self.db).filter(
            pk__in=self.values("pk"), sealed_by=None
        ).update(sealed_by=record)  # fmt: skip


class Look(models.Model):
    """Who looked at what of which case, in which role, when. No personal values, only pseudonymous ids.

    Whom a row names are keys and no relations: it stays as it is when they go.
    """

    class What(models.TextChoices):
        CASE = "case", _("application")
        ROOM = "room", _("room of the reception")
        DOCUMENT = "document", _("document")
        EVIDENCE = "evidence", _("file with a signature")
        STATE = "state", _("state, letters and device check")

    class As(models.TextChoices):
        MODERATOR = "moderator", _("moderator of the agency")
        HEAD = "head", _("head of the agency")
        OFFICIAL = "official", _("official")
        SUBSTITUTE = "substitute", _("substitute of the official")
        SUPERUSER = "superuser", _("administrator of the portal")
        HELP_DESK = "help_desk", _("help desk of the portal")

    class Ground(models.TextChoices):
        """Why somebody sees what is not on their own work list."""

        OWN = "", _("own work list")
        SUBSTITUTION = "substitution", _("substitutes the official")
        ADMINISTRATION = "administration", _("administers the portal")
        HELP = "help", _("the person asked for help")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    moment = models.DateTimeField(_("moment"))
    staff_id = models.CharField(max_length=64)
    role = models.CharField(max_length=16, choices=As)
    what = models.CharField(max_length=16, choices=What)
    application_id = models.UUIDField()
    object_id = models.UUIDField()
    agency_key = models.PositiveBigIntegerField()
    official_key = models.PositiveBigIntegerField()
    ground = models.CharField(max_length=16, choices=Ground, blank=True)
    quarter = models.PositiveBigIntegerField()
    sealed_by = models.ForeignKey(
        JournalRecord, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = LookQuerySet.as_manager()

    class Meta:
        ordering = ["moment", "pk"]
        verbose_name = _("look at a case")
        verbose_name_plural = _("looks at cases")
        permissions = [(HELP, "Can help citizens by telephone")]
        indexes = [
            models.Index(fields=["application_id", "-moment"], name="look_application"),
            models.Index(fields=["moment"], name="look_moment"),
            models.Index(fields=["id"], name="look_unsealed", condition=Q(sealed_by=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["staff_id", "object_id", "what", "quarter"], name="look_once_a_quarter"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.what}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise JournalIsAppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise JournalIsAppendOnly
