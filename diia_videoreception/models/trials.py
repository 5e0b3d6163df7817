"""What operators have tried with real servers."""

from django.db import models

MAX_VERSION = 64


class ConferenceTrial(models.Model):
    """That a call was held by a conference of the settings; holds for this very server only."""

    alias = models.CharField(max_length=64, unique=True)
    server = models.CharField(max_length=255)
    """Its address, as the provider names it."""
    version = models.CharField(max_length=MAX_VERSION)
    """Of the server, in its own words."""
    confirmed_at = models.DateTimeField()

    class Meta:
        ordering = ["alias"]

    def __str__(self) -> str:
        return f"{self.alias} {self.version}"
