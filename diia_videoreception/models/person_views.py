"""What is shown to the person of a visit in a browser of their own: to be read and confirmed by them alone."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.visits import CentreVisit


class PersonViewQuerySet(models.QuerySet["PersonView"]):
    def live(self, now: datetime) -> Self:
        """Keep those that somebody may still go on with: also their visit is open."""
        waiting = [PersonView.State.SHOWN, PersonView.State.MATCHED]
        return self.filter(state__in=waiting, expires_at__gt=now, visit__ended_at__isnull=True)


class PersonView(models.Model):
    """A link to a page for the person of a visit: its code stands on the screen of the centre, once, for ten minutes.

    Attributes:
        shows: what stands on the page.
        secret_encrypted: what the code holds; empty once a browser has it.
        browser_hash: of what the browser keeps that had the code first.
        mandate: by which the application is typed that is shown; a view of a consent has none.
        number: what the screen shows, to be found in that browser among `offered`.
    """

    class Shows(models.TextChoices):
        CONSENT = "consent", _("consent to help")
        APPLICATION = "application", _("application")

    class State(models.TextChoices):
        SHOWN = "shown", _("waits for a phone")
        MATCHED = "matched", _("the number was found")
        CONFIRMED = "confirmed", _("confirmed by the person")
        FAULTY = "faulty", _("the person has found a mistake")
        REFUSED = "refused", _("refused")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    visit = models.ForeignKey(CentreVisit, on_delete=models.CASCADE, related_name="person_views")
    mandate = models.ForeignKey(
        "diia_videoreception.Mandate", on_delete=models.CASCADE, null=True, related_name="+"
    )
    shows = models.CharField(max_length=16, choices=Shows)
    state = models.CharField(max_length=16, choices=State, default=State.SHOWN)
    secret_hash = models.CharField(max_length=64, unique=True)
    secret_encrypted = models.TextField(blank=True)
    browser_hash = models.CharField(max_length=64, blank=True)
    number = models.PositiveSmallIntegerField()
    offered = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    objects = PersonViewQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["visit"],
                condition=Q(state__in=["shown", "matched"]),
                name="person_view_one_a_visit",
            ),
            models.CheckConstraint(
                condition=Q(browser_hash="") | Q(secret_encrypted=""),
                name="person_view_secret_goes",
            ),
            models.CheckConstraint(
                condition=Q(shows="application", mandate__isnull=False)
                | Q(shows="consent", mandate__isnull=True),
                name="person_view_of_application_has_mandate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shows} {self.pk}"
