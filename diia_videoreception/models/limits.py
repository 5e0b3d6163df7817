"""What is counted, and which proofs of work are used up: atomically, durably."""

from django.db import models
from django.db.models import Q

from integrations.common.counters import RateCounter


class RequestCounter(RateCounter):
    """How often a person or an address did something on the pages or by the API."""


class SpentProof(models.Model):
    """A proof of work that was used: whose, for which act and on what.

    Who asks for access of a centre is signed in nowhere, so this one proof has no citizen.

    An act that failed because many wanted the same at once may be repeated with it until
    `repeatable_until`; nothing else may.
    """

    class Act(models.TextChoices):
        RESERVE = "reserve"
        SUBMIT = "submit"
        ASK_ACCESS = "ask_access"

    key_hash = models.CharField(max_length=64, unique=True)
    citizen = models.ForeignKey(
        "diia_videoreception.Citizen", on_delete=models.CASCADE, null=True, related_name="+"
    )
    act = models.CharField(max_length=16, choices=Act)
    target = models.CharField(max_length=80)
    repeats = models.PositiveSmallIntegerField(default=0)
    repeatable_until = models.DateTimeField(null=True)
    acting_until = models.DateTimeField(null=True)
    """While the act runs: when it has ended at the latest."""
    expires_at = models.DateTimeField(db_index=True)
    """When the proof is refused as too old anyway."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(act="ask_access", citizen__isnull=True)
                | (~Q(act="ask_access") & Q(citizen__isnull=False)),
                name="spent_proof_says_whose",
            )
        ]

    def __str__(self) -> str:
        return self.key_hash[:12]
