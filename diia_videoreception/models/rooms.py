"""The room of a reception in the browser: who is in it, what passes between them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diia_videoreception.models.fields import LineField, TypedTextField

MAX_MESSAGE = 4000
MAX_GUEST_NAME = 100


class Room(models.Model):
    """The room of one reception; made when the first person comes in.

    Attributes:
        opened_at: When the official, or a moderator in their place, first came in.
        sequence: Number of the last signal or message; whoever adds one locks the row, so that
            what has a smaller number is there before.
        signals, messages, guests: Number of the last one of each kind, or of the last change to
            an invitation: nobody looks for new ones in vain.
        changed_at: When somebody last came in, went or was admitted.
    """

    application = models.OneToOneField(
        "diia_videoreception.Application", on_delete=models.CASCADE, related_name="room"
    )
    conference = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    note = LineField(max_length=300, blank=True)
    sequence = models.PositiveBigIntegerField(default=0)
    signals = models.PositiveBigIntegerField(default=0)
    messages = models.PositiveBigIntegerField(default=0)
    guests = models.PositiveBigIntegerField(default=0)
    tidied_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        indexes = [
            models.Index(
                fields=["created_at"], name="room_untidied", condition=Q(tidied_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class RoomInvitation(models.Model):
    """A link by which one guest comes into a room: from one browser, and admitted each time.

    Of what opens it only keyed hashes are kept.

    Attributes:
        name: As the agency calls the guest, and then as the guest does.
        secret_hash: Of what stands in the link; spent with the first browser.
        browser_hash: Of the cookie that this browser got for it.
        tried_at: When another browser first came with the spent link.
        ended_at: Since when it opens nothing.
    """

    class Role(models.TextChoices):
        INTERPRETER = "interpreter", _("interpreter")
        SIGN_INTERPRETER = "sign_interpreter", _("sign language interpreter")
        TYPIST = "typist", _("typist of captions")
        CENTRE = "centre", _("administrator of a service centre (CNAP)")
        COMPANION = "companion", _("companion")
        COLLEAGUE = "colleague", _("another official")

    class End(models.TextChoices):
        WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "withdrawn by the agency")
        OBJECTED = "objected", _("the citizen objects")
        OVER = "over", _("the reception is over")

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="invitations")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    role = models.CharField(max_length=20, choices=Role)
    name = LineField(max_length=MAX_GUEST_NAME, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    secret_hash = models.CharField(max_length=64)
    browser_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=16, choices=End, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"

    def __repr__(self) -> str:
        """Name nobody: it gets into tracebacks and log."""
        return f"<RoomInvitation: {self.public_id}>"


class Participant(models.Model):
    """A person in a room; this row, and no cookie, is who they are to the others.

    Attributes:
        window: The browser window that holds the seat; a newer one takes it over.
        session: Counts the times that the person came in; signals of an earlier time are void.
        acknowledged: Number of the last signal that the page has said to have.
        media: What the page says of its microphone, camera and so on.
    """

    class Role(models.TextChoices):
        CITIZEN = "citizen", _("citizen")
        OFFICIAL = "official", _("official")
        MODERATOR = "moderator", _("administrator (moderator)")
        GUEST = "guest", _("guest")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("participant", "waiting")
        ADMITTED = "admitted", pgettext_lazy("participant", "admitted")
        REFUSED = "refused", pgettext_lazy("participant", "not admitted")
        LEFT = "left", pgettext_lazy("participant", "left")
        REMOVED = "removed", pgettext_lazy("participant", "removed")

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="participants")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    role = models.CharField(max_length=16, choices=Role)
    citizen = models.ForeignKey(
        "diia_videoreception.Citizen", on_delete=models.CASCADE, null=True, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    invitation = models.OneToOneField(
        RoomInvitation, on_delete=models.CASCADE, null=True, related_name="participant"
    )
    name = LineField(max_length=250)
    state = models.CharField(max_length=16, choices=State)
    admitted_at = models.DateTimeField(null=True)
    window = models.CharField(max_length=64)
    session = models.PositiveIntegerField(default=0)
    acknowledged = models.PositiveBigIntegerField(default=0)
    last_seen_at = models.DateTimeField()
    media = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "citizen"],
                condition=Q(citizen__isnull=False),
                name="participant_citizen_once",
            ),
            models.UniqueConstraint(
                fields=["room", "user"],
                condition=Q(user__isnull=False),
                name="participant_user_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"

    def __repr__(self) -> str:
        """Name nobody: it gets into tracebacks and log."""
        return f"<Participant: {self.public_id}>"

    @property
    def role_label(self) -> str:
        """As what the others see the person."""
        invitation = self.invitation
        return invitation.get_role_display() if invitation else self.get_role_display()


class Attendance(models.Model):
    """That a participant was in the room from when to when, and how good the line was; no content."""

    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="attendances"
    )
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    quality = models.JSONField(default=dict)

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(left_at__isnull=True),
                name="attendance_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Signal(models.Model):
    """What one browser tells another to connect; gone when the room ends."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    sequence = models.PositiveBigIntegerField()
    sender = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    recipient = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    session = models.PositiveIntegerField()
    kind = models.CharField(max_length=16)
    payload = models.JSONField()

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["room", "sequence"], name="signal_sequence_once")
        ]
        indexes = [models.Index(fields=["recipient", "sequence"], name="signal_recipient")]

    def __str__(self) -> str:
        return f"{self.kind} {self.sequence}"


class RoomMessage(models.Model):
    """A message typed in a room; kept or erased at the end by the agency's switch."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    sequence = models.PositiveBigIntegerField()
    sender = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    text = TypedTextField(max_length=MAX_MESSAGE)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["room", "sequence"], name="room_message_sequence_once"),
            models.UniqueConstraint(fields=["sender", "key"], name="room_message_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def __repr__(self) -> str:
        """Return what people write to each other stays out of tracebacks and logs."""
        return f"<RoomMessage: {self.pk}>"
