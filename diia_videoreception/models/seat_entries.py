"""The way from a seat of a centre into the room of one reception, opened by who has seen the person's document."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class SeatEntry(models.Model):
    """What one browser at a seat may do: take part, as its citizen, in one reception at its present time.

    Of code and cookie only keyed hashes are kept.

    Attributes:
        start: When the reception began as the entry was made; of one that is moved it opens nothing.
        spent_at: When a browser gave the code.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(
        "diia_videoreception.Application", on_delete=models.CASCADE, related_name="seat_entries"
    )
    seat = models.ForeignKey(
        "diia_videoreception.CentreWorkplace", on_delete=models.PROTECT, related_name="+"
    )
    start = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    code_hash = models.CharField(max_length=64, null=True, unique=True)
    code_expires_at = models.DateTimeField()
    browser_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(ended_at__isnull=True),
                name="seat_entry_live_once",
            )
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"
