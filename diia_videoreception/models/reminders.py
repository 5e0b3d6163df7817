"""How a citizen wants to be reminded of receptions, and of what they were reminded."""

from django.db import models

from diia_videoreception.models.applications import Application
from diia_videoreception.models.citizens import Citizen
from diia_videoreception.rules.reminders import Lead


class ReminderChoice(models.Model):
    """The citizen's own choice; who has made none is as a new row is."""

    citizen = models.OneToOneField(
        Citizen, on_delete=models.CASCADE, related_name="reminder_choice"
    )
    by_email = models.BooleanField(default=True)
    by_sms = models.BooleanField(default=False)
    day_before = models.BooleanField(default=True)
    hour_before = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def leads(self) -> frozenset[Lead]:
        """When the person wants to be reminded; never without a way to reach them."""
        chosen = {Lead.DAY: self.day_before, Lead.HOUR: self.hour_before}
        is_reached = self.by_email or self.by_sms
        return frozenset(lead for lead in Lead if is_reached and chosen[lead])


class Reminder(models.Model):
    """That somebody was reminded of a reception at this start; once for each lead."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="reminders")
    lead = models.CharField(max_length=8, choices=[(lead.value, lead.value) for lead in Lead])
    start = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "start", "lead"], name="reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.lead} {self.pk}"
