"""When officials receive: recurring rules, exceptions, holidays and absences (A-28)."""

from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.agencies import Official
from diia_videoreception.models.fields import LineField
from diia_videoreception.models.pauses import ReceptionPause
from diia_videoreception.rules.schedule import RuleError, validate_rrule


def validate_recurrence(value: str) -> None:
    try:
        validate_rrule(value)
    except RuleError as error:
        raise ValidationError(
            _("A schedule cannot repeat in this way."), code=error.code
        ) from error


class ScheduleRule(models.Model):
    """Hours that come back: weekly, every n-th week, or on the n-th weekday of a month."""

    official = models.ForeignKey(
        Official,
        on_delete=models.CASCADE,
        related_name="schedule_rules",
        verbose_name=_("official"),
    )
    recurrence = models.CharField(
        _("recurrence"),
        max_length=120,
        validators=[validate_recurrence],
        help_text=_(
            "An RRULE (RFC 5545), for example FREQ=WEEKLY;BYDAY=MO,WE or FREQ=MONTHLY;BYDAY=2TU."
        ),
    )
    starts = models.TimeField(_("from"), help_text=_("Local time of the agency."))
    ends = models.TimeField(_("to"))
    valid_from = models.DateField(
        _("valid from"), help_text=_("“Every second week” counts from this date.")
    )
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        ordering = ["official", "valid_from", "starts", "pk"]
        verbose_name = _("schedule rule")
        verbose_name_plural = _("schedule rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="schedule_rule_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="schedule_rule_valid_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.official}: {self.valid_from:%d.%m.%Y}"


class ScheduleException(models.Model):
    """One date on which the rules do not hold: closed, or open at other hours."""

    official = models.ForeignKey(
        Official,
        on_delete=models.CASCADE,
        related_name="schedule_exceptions",
        verbose_name=_("official"),
    )
    date = models.DateField(_("date"))
    closed = models.BooleanField(_("closed all day"), default=True)
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("to"), null=True, blank=True)
    reason = LineField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ["official", "date", "starts", "pk"]
        verbose_name = _("schedule exception")
        verbose_name_plural = _("schedule exceptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed=True, starts__isnull=True, ends__isnull=True)
                | Q(closed=False, starts__isnull=False, ends__gt=F("starts")),
                name="schedule_exception_closed_or_hours",
            )
        ]

    def __str__(self) -> str:
        return f"{self.official}: {self.date:%d.%m.%Y}"


class Holiday(models.Model):
    """A public holiday of the country; agencies say whether they work on it.

    Terms count it, and a Saturday or Sunday that is a working day for everyone. Officials receive then as
    their schedules say.
    """

    date = models.DateField(_("date"), unique=True)
    name = LineField(_("name"), max_length=120)
    is_working = models.BooleanField(
        _("working day"),
        default=False,
        help_text=_(
            "Tick if this holiday is a working day for everyone, or this Saturday or Sunday was made one."
        ),
    )

    class Meta:
        ordering = ["date"]
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")

    def __str__(self) -> str:
        return f"{self.date:%d.%m.%Y} {self.name}"


class Absence(models.Model):
    """A time when the official is away; its occupancy row keeps citizens from booking it."""

    official = models.ForeignKey(
        Official, on_delete=models.CASCADE, related_name="absences", verbose_name=_("official")
    )
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("to"))
    reason = LineField(_("reason"), max_length=200, blank=True)
    # Of a pause of receptions, with which it ends.
    pause = models.ForeignKey(
        ReceptionPause,
        on_delete=models.CASCADE,
        null=True,
        editable=False,
        related_name="absences",
    )

    class Meta:
        ordering = ["official", "start"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="absence_ends_after_start")
        ]

    def __str__(self) -> str:
        """Dates of the agency; the clock times stand where their zone is named."""
        zone = ZoneInfo(self.official.agency.time_zone)
        first, last = self.start.astimezone(zone), self.end.astimezone(zone)
        return f"{self.official}: {first:%d.%m.%Y} – {last:%d.%m.%Y}"
