"""Answers of the API that are given again when a client repeats a request."""

from django.db import models


class IdempotentAnswer(models.Model):
    """What was answered to a write with this Idempotency-Key."""

    citizen = models.ForeignKey("diia_videoreception.Citizen", on_delete=models.CASCADE)
    key = models.CharField(max_length=64)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["citizen", "key"], name="idempotency_key_once")
        ]

    def __str__(self) -> str:
        return self.key
