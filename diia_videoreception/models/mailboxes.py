"""The official mailbox of a citizen on the portal's mail server (A-15, A-16)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OfficialMailbox(models.Model):
    """A mailbox that is made at registration; a mail server that is away never blocks that.

    Until the server has answered, the row waits and is tried again by housekeeping.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("being created")
        READY = "ready", _("ready")
        FAILED = "failed", _("could not be created")

    citizen = models.OneToOneField(
        "diia_videoreception.Citizen", on_delete=models.CASCADE, related_name="mailbox"
    )
    provider = models.CharField(max_length=40)
    address = models.EmailField(unique=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("official mailbox")
        verbose_name_plural = _("official mailboxes")
        indexes = [
            models.Index(
                fields=["state", "next_attempt_at"], name="mailbox_due", condition=~Q(state="ready")
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(ready_at__isnull=False),
                name="mailbox_ready_has_moment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.created_at:%d.%m.%Y}"
