"""What is kept of a check and of a workplace: words and numbers, never a picture or a sound."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.common.counters import RateCounter


class CheckRun(models.Model):
    """One run of the device check by one person in one browser (A-09).

    `subject` and `context` are opaque to this app: the host gives them and understands them.
    `steps` is {step: {"verdict", "problems", "measures"}} in the words of `vocabulary`.
    """

    class Verdict(models.TextChoices):
        GOOD = "good", _("good")
        USABLE = "usable", _("usable")
        BAD = "bad", _("bad")
        NOT_CHECKED = "not_checked", _("not checked")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.CharField(max_length=100, blank=True)
    context = models.CharField(max_length=100, blank=True)
    session_hash = models.CharField(max_length=64)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    valid_until = models.DateTimeField(_("valid until"), null=True)
    verdict = models.CharField(_("verdict"), max_length=16, choices=Verdict, blank=True)
    steps = models.JSONField(_("steps"), default=dict)
    browser = models.CharField(_("browser"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("device check")
        verbose_name_plural = _("device checks")
        indexes = [
            models.Index(
                fields=["subject", "context", "-finished_at"], name="check_run_of_subject"
            ),
            models.Index(fields=["started_at"], name="check_run_started"),
            models.Index(fields=["finished_at"], name="check_run_finished"),
        ]


class Workplace(models.Model):
    """A computer in a centre whose camera and microphone are checked unattended.

    It proves itself by `public_key` (CURVE, Z85); a revoked one is refused at its next message.
    """

    class Kind(models.TextChoices):
        KIOSK = "kiosk", _("kiosk")
        DESK = "desk", _("desk")
        VIDEO_SEAT = "video_seat", _("video seat")

    class Status(models.TextChoices):
        INVITED = "invited", _("invited")
        ACTIVE = "active", _("active")
        REVOKED = "revoked", _("revoked")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    label = models.CharField(_("name"), max_length=120)
    site_code = models.CharField(_("code of the centre"), max_length=40)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    public_key = models.CharField(_("public key"), max_length=40, unique=True, null=True)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.INVITED)
    enrolment_code_hash = models.CharField(max_length=64, unique=True, null=True)
    enrolment_expires_at = models.DateTimeField(null=True)
    enrolled_at = models.DateTimeField(_("enrolled"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    last_seq = models.BigIntegerField(default=0)
    last_report_at = models.DateTimeField(_("last report"), null=True)
    last_report = models.JSONField(default=dict)
    agent_version = models.CharField(_("version of the agent"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("created"))
    is_managed = models.BooleanField(default=False)
    """Whether the host made it with something of its own, and alone renames and revokes it."""

    class Meta:
        ordering = ["site_code", "label"]
        verbose_name = _("workplace")
        verbose_name_plural = _("workplaces")

    def __str__(self) -> str:
        return f"{self.site_code} {self.label}"


class CheckRequestCounter(RateCounter):
    """How often somebody called an address of the check."""
