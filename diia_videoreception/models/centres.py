"""Centres (ЦНАП) as tenants: how they get access, who works there, where and when.

A centre exists once it is granted. What it may do, and who may act there on behalf of people, is
stored nowhere: it follows from decisions, members and what they have proven (`rules/centres.py`).
"""

import uuid
from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.fields import (
    DerivingModel,
    FoldedField,
    LineField,
    SortKeyField,
    TimeZoneField,
    TypedTextField,
)
from diia_videoreception.rules.centres import CentreFunction, CentreRole, Period
from diia_videoreception.rules.mandates import HelpScope

OPERATE = "operate_centres"
"""The permission of the portal's operator, who gives centres access; of cases it opens nothing."""
MAX_REASON = 1000


def all_scopes() -> list[str]:
    """Return what a centre may do for people unless the operator says otherwise."""
    return [scope.value for scope in HelpScope]


class CentreDetails(models.Model):
    """What is told of a centre when it asks for access, and kept of it afterwards."""

    name = LineField(_("name of the centre"), max_length=255)
    edrpou = models.CharField(_("EDRPOU"), max_length=8, blank=True)
    katottg = models.CharField(_("KATOTTG"), max_length=19, blank=True)
    place = LineField(_("town or village"), max_length=120)
    address = LineField(_("address"), max_length=255)
    phone = LineField(_("phone"), max_length=40)
    email = models.EmailField(_("email"))

    class Meta:
        abstract = True


class Centre(CentreDetails, DerivingModel):
    """A centre that the portal's operator has given access; the tenant of all that is below."""

    class State(models.TextChoices):
        ACTIVE = "active", _("works")
        SUSPENDED = "suspended", _("suspended")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Machines of a centre are known by it, so it never changes.
    code = models.CharField(_("code"), max_length=20, unique=True)
    time_zone = TimeZoneField(_("time zone"), default="Europe/Kyiv")
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.ACTIVE)
    allowed_scopes = models.JSONField(default=all_scopes)
    """What the operator lets the centre do for people; values of `HelpScope`."""
    suspended_at = models.DateTimeField(null=True)
    suspension_reason = TypedTextField(max_length=MAX_REASON, blank=True)
    created_at = models.DateTimeField()
    search_text = FoldedField(of=("name", "code", "place", "address"))
    sort_key = SortKeyField(of=("name",))

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("centre")
        verbose_name_plural = _("centres")
        default_permissions = ()
        permissions = [(OPERATE, "Can give centres access")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="active", suspended_at__isnull=True, suspension_reason="")
                | (Q(state="suspended", suspended_at__isnull=False) & ~Q(suspension_reason="")),
                name="centre_suspended_says_why",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE


class CentreAccessRequest(CentreDetails):
    """What a centre has sent to get access (B-15); nothing hangs on it until it is granted."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("waits for a decision")
        GRANTED = "granted", _("access given")
        REFUSED = "refused", _("access refused")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    head_name = LineField(_("surname and name of the head"), max_length=160)
    head_email = models.EmailField(_("work email of the head"))
    self_service_number = LineField(_("number of the decision"), max_length=60, blank=True)
    self_service_day = models.DateField(_("date of the decision"), null=True, blank=True)
    intermediation_number = LineField(_("number of the decision"), max_length=60, blank=True)
    intermediation_day = models.DateField(_("date of the decision"), null=True, blank=True)
    people = models.PositiveSmallIntegerField(
        _("how many people will work"), validators=[MaxValueValidator(500)]
    )
    self_service_places = models.PositiveSmallIntegerField(
        _("self-service workplaces"), default=0, validators=[MaxValueValidator(100)]
    )
    video_seats = models.PositiveSmallIntegerField(
        _("seats for video receptions"), default=0, validators=[MaxValueValidator(100)]
    )
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.SUBMITTED)
    reason = TypedTextField(_("reason"), max_length=MAX_REASON, blank=True)
    centre = models.OneToOneField(
        Centre, on_delete=models.PROTECT, null=True, related_name="access_request"
    )
    created_at = models.DateTimeField(_("sent"))
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["state", "created_at"], name="centre_request_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state="submitted", centre__isnull=True, decided_at__isnull=True, reason=""
                )
                | Q(state="granted", centre__isnull=False, decided_at__isnull=False, reason="")
                | (
                    Q(state="refused", centre__isnull=True, decided_at__isnull=False)
                    & ~Q(reason="")
                ),
                name="centre_request_state_says_all",
            ),
            models.CheckConstraint(
                condition=(Q(self_service_number="") & Q(self_service_day__isnull=True))
                | (~Q(self_service_number="") & Q(self_service_day__isnull=False)),
                name="centre_request_self_service_whole",
            ),
            models.CheckConstraint(
                condition=(Q(intermediation_number="") & Q(intermediation_day__isnull=True))
                | (~Q(intermediation_number="") & Q(intermediation_day__isnull=False)),
                name="centre_request_intermediation_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def decisions(self) -> list[tuple[CentreFunction, str, date]]:
        """The decisions that it names: function, number and day."""
        told = (
            (CentreFunction.SELF_SERVICE, self.self_service_number, self.self_service_day),
            (CentreFunction.INTERMEDIATION, self.intermediation_number, self.intermediation_day),
        )
        return [(function, number, day) for function, number, day in told if day is not None]


class CentreDecisionQuerySet(models.QuerySet["CentreDecision"]):
    def live(self) -> Self:
        return self.filter(ended_at__isnull=True)


class CentreDecision(models.Model):
    """A decision of the founding body: a function of the centre is on while it has a live one (B-04)."""

    FUNCTIONS = (
        (CentreFunction.SELF_SERVICE.value, _("Self-service workplaces")),
        (CentreFunction.INTERMEDIATION.value, _("Digital intermediary")),
    )

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="decisions")
    function = models.CharField(max_length=16, choices=FUNCTIONS)
    number = LineField(_("number of the decision"), max_length=60)
    issued_on = models.DateField(_("date of the decision"))
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = CentreDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "function"],
                condition=Q(ended_at__isnull=True),
                name="centre_decision_live_once",
            ),
            models.CheckConstraint(condition=~Q(number=""), name="centre_decision_has_number"),
        ]

    def __str__(self) -> str:
        return f"{self.function} {self.pk}"


class CentreMemberQuerySet(models.QuerySet["CentreMember"]):
    def live(self) -> Self:
        return self.filter(ended_at__isnull=True)


class CentreMember(models.Model):
    """Somebody of the portal's staff who works in a centre."""

    ROLES = (
        (CentreRole.HEAD.value, _("head of the centre")),
        (CentreRole.ADMINISTRATOR.value, _("administrator")),
        (CentreRole.CONSULTANT.value, _("consultant")),
    )

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="centre_memberships"
    )
    role = models.CharField(_("role"), max_length=16, choices=ROLES)
    joined_at = models.DateTimeField()
    blocked_at = models.DateTimeField(null=True)
    block_reason = TypedTextField(max_length=MAX_REASON, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = CentreMemberQuerySet.as_manager()

    class Meta:
        ordering = ["joined_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "user"],
                condition=Q(ended_at__isnull=True),
                name="centre_member_live_once",
            ),
            models.CheckConstraint(
                condition=Q(blocked_at__isnull=True, block_reason="")
                | (Q(blocked_at__isnull=False) & ~Q(block_reason="")),
                name="centre_member_blocked_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"

    @property
    def is_head(self) -> bool:
        return self.role == CentreRole.HEAD

    @property
    def is_blocked(self) -> bool:
        return self.blocked_at is not None


class CentreInvitationQuerySet(models.QuerySet["CentreInvitation"]):
    def open(self) -> Self:
        """Keep those that were neither taken up nor withdrawn, whether or not their time is over."""
        return self.filter(spent_at__isnull=True, withdrawn_at__isnull=True)

    def live(self, now: datetime) -> Self:
        return self.open().filter(expires_at__gt=now)


class CentreInvitation(models.Model):
    """A personal invitation to work in a centre; its secret stands in the letter until it is spent."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="invitations")
    name = LineField(_("surname and name"), max_length=160)
    address = models.EmailField(_("work email"))
    role = models.CharField(_("role"), max_length=16, choices=CentreMember.ROLES)
    secret_hash = models.CharField(max_length=64, unique=True)
    secret_encrypted = models.TextField(blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    member = models.OneToOneField(
        CentreMember, on_delete=models.SET_NULL, null=True, related_name="invitation"
    )

    objects = CentreInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "address"],
                condition=Q(spent_at__isnull=True, withdrawn_at__isnull=True),
                name="centre_invitation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(spent_at__isnull=True, withdrawn_at__isnull=True)
                | Q(secret_encrypted=""),
                name="centre_invitation_secret_goes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"

    def __repr__(self) -> str:
        """Name nobody: it gets into tracebacks and log."""
        return f"<CentreInvitation: {self.public_id}>"


class CentreWorkplace(models.Model):
    """A place in a centre: its hours and its people's side; the computer there is `machine`."""

    class Kind(models.TextChoices):
        DESK = "desk", _("desk of an administrator")
        SELF_SERVICE = "kiosk", _("self-service")
        VIDEO_SEAT = "video_seat", _("seat for video receptions")

    class State(models.TextChoices):
        WORKING = "working", _("works")
        PAUSED = "paused", _("paused")
        REVOKED = "revoked", _("removed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="workplaces")
    machine = models.OneToOneField(
        "diia_device_check.Workplace", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    label = LineField(_("name of the place"), max_length=60)
    state = models.CharField(max_length=16, choices=State, default=State.WORKING)
    # Told by the head of a video seat (B-63).
    has_sign_language = models.BooleanField(_("help in sign language"), default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "label"],
                condition=~Q(state="revoked"),
                name="centre_workplace_label_once",
            )
        ]

    def __str__(self) -> str:
        return self.label


class CentreHours(models.Model):
    """Hours of a weekday: of a centre, or of one of its seats."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="hours")
    workplace = models.ForeignKey(
        CentreWorkplace, on_delete=models.CASCADE, null=True, related_name="hours"
    )
    weekday = models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)])
    """Monday is 0."""
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["weekday", "opens", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")), name="centre_hours_close_after_open"
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=6), name="centre_hours_are_of_a_weekday"
            ),
            models.UniqueConstraint(
                fields=["centre", "workplace", "weekday", "opens"],
                condition=Q(workplace__isnull=False),
                name="centre_hours_of_seat_once",
            ),
            models.UniqueConstraint(
                fields=["centre", "weekday", "opens"],
                condition=Q(workplace__isnull=True),
                name="centre_hours_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.pk}"

    @property
    def period(self) -> Period:
        return Period(self.weekday, self.opens, self.closes)
