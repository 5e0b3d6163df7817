"""What comes after a reception: the official's words to the citizen, and what the citizen thought of it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.fields import TypedTextField

MAX_ANSWER = 10_000
MAX_WORDS = 1000


class Answer(models.Model):
    """The text to the citizen after a reception: a draft until it is sent, unchanged from then on.

    Attributes:
        version: Counts the savings, so that nobody overwrites what they have not seen.
    """

    application = models.OneToOneField(
        "diia_videoreception.Application", on_delete=models.CASCADE, related_name="answer"
    )
    text = TypedTextField(_("text to the citizen"), max_length=MAX_ANSWER)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    saved_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("answer of an official")
        verbose_name_plural = _("answers of officials")
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | ~Q(text=""), name="answer_sent_has_text"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Rating(models.Model):
    """What a citizen thought of a reception; given once."""

    application = models.OneToOneField(
        "diia_videoreception.Application", on_delete=models.CASCADE, related_name="rating"
    )
    stars = models.PositiveSmallIntegerField(
        _("rating"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    words = TypedTextField(_("words"), blank=True, max_length=MAX_WORDS)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("rating of a reception")
        verbose_name_plural = _("ratings of receptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(stars__gte=1) & Q(stars__lte=5), name="rating_from_1_to_5"
            )
        ]

    def __str__(self) -> str:
        return f"{self.stars}"
