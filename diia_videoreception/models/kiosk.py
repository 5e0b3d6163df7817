"""Self-service workplaces: the browser that is paired with a place, and the visitor who is at it.

Of browsers and visitors only keyed hashes of what stands in their cookies are kept here, and of a visitor
nothing but when and how far: never who it is or what was entered.
"""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.centres import CentreWorkplace
from diia_videoreception.rules.kiosk import ABSENCE


class PairedBrowser(models.Model):
    """The one browser that stands at a self-service workplace, or the code by which one becomes it.

    Attributes:
        next_hash: Of the token that the browser was given last and has not shown yet; until it does,
            the one before is good too.
        spent_hash: Of the token before: whoever still shows it has a copy.
        refused_at: When a browser with a worthless token was last written into the journal.
    """

    workplace = models.OneToOneField(
        CentreWorkplace, on_delete=models.CASCADE, related_name="paired_browser"
    )
    code_hash = models.CharField(max_length=64, null=True, unique=True)
    code_expires_at = models.DateTimeField(null=True)
    token_hash = models.CharField(max_length=64, null=True, unique=True)
    next_hash = models.CharField(max_length=64, null=True, unique=True)
    spent_hash = models.CharField(max_length=64, blank=True)
    rotated_at = models.DateTimeField(null=True)
    paired_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(code_hash__isnull=True, code_expires_at__isnull=True)
                | Q(code_hash__isnull=False, code_expires_at__isnull=False),
                name="paired_browser_code_ends",
            ),
            models.CheckConstraint(
                condition=Q(token_hash__isnull=True, next_hash__isnull=True, paired_at__isnull=True)
                | Q(token_hash__isnull=False, paired_at__isnull=False),
                name="paired_browser_since_when",
            ),
        ]

    def __str__(self) -> str:
        return f"browser {self.pk}"

    @property
    def is_paired(self) -> bool:
        return self.paired_at is not None


class VisitorSessionQuerySet(models.QuerySet["VisitorSession"]):
    def open(self) -> Self:
        """Keep those that nobody has ended, whether or not their time is over."""
        return self.filter(ended_at__isnull=True)

    def live(self, now: datetime) -> Self:
        return self.open().filter(ends_at__gt=now, seen_at__gt=now - ABSENCE)


class VisitorSession(models.Model):
    """Somebody at a self-service workplace, from «Почати» until all of theirs is wiped.

    Attributes:
        step: The name of the page that they are on; staff see it, and nothing of what is on it.
        needs_help_since: When they called an administrator who has not come yet.
        help_promised_at: When somebody of the centre said that they are on their way.
        is_rated: Whether they have rated their visit, which they do once; how, is kept apart from it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workplace = models.ForeignKey(
        CentreWorkplace, on_delete=models.CASCADE, related_name="visitor_sessions"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    step = models.CharField(max_length=40, blank=True)
    needs_help_since = models.DateTimeField(null=True)
    help_promised_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=16, blank=True)
    is_rated = models.BooleanField(default=False)

    objects = VisitorSessionQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["ended_at"], name="visitor_session_ended")]
        constraints = [
            models.UniqueConstraint(
                fields=["workplace"],
                condition=Q(ended_at__isnull=True),
                name="visitor_session_one_a_place",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False, needs_help_since__isnull=True) & ~Q(end_reason="")),
                name="visitor_session_ended_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"visitor {self.pk}"


class PhoneSignInQuerySet(models.QuerySet["PhoneSignIn"]):
    def live(self, now: datetime) -> Self:
        """Keep those that somebody may still go on with."""
        waiting = [PhoneSignIn.State.SHOWN, PhoneSignIn.State.MATCHED, PhoneSignIn.State.CONFIRMED]
        return self.filter(state__in=waiting, expires_at__gt=now)


class PhoneSignIn(models.Model):
    """A visitor's way to sign in with their own phone: a code on the screen of the place, once, for a minute.

    Attributes:
        secret_encrypted: What the code on the screen holds; empty once a phone has it.
        phone_hash: Of what the browser of the phone keeps that had the code first.
        number: What the screen shows, to be found on the phone among `offered`.
        confirmed_by: The sign-in of the phone with which the person confirmed.
    """

    class State(models.TextChoices):
        SHOWN = "shown", _("waits for a phone")
        MATCHED = "matched", _("the number was found")
        CONFIRMED = "confirmed", _("confirmed on the phone")
        TAKEN = "taken", _("signed in at the place")
        REFUSED = "refused", _("refused")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    visitor = models.ForeignKey(
        VisitorSession, on_delete=models.CASCADE, related_name="phone_sign_ins"
    )
    state = models.CharField(max_length=16, choices=State, default=State.SHOWN)
    secret_hash = models.CharField(max_length=64, unique=True)
    secret_encrypted = models.TextField(blank=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    number = models.PositiveSmallIntegerField()
    offered = models.JSONField(default=list)
    confirmed_by = models.ForeignKey(
        "diia_videoreception.CitizenSession",
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = PhoneSignInQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["visitor"],
                condition=Q(state__in=["shown", "matched", "confirmed"]),
                name="phone_sign_in_one_a_visitor",
            ),
            models.CheckConstraint(
                condition=Q(phone_hash="") | Q(secret_encrypted=""),
                name="phone_sign_in_secret_goes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "taken"]) | Q(confirmed_by__isnull=False),
                name="phone_sign_in_confirmed_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"
