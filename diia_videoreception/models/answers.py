"""What comes after a reception: the official's words to the citizen, and what the citizen thought of it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.fields import LineField, TypedTextField

MAX_ANSWER = 10_000
MAX_WORDS = 1000
MAX_REASON = 300
MAX_NUMBER = 60
MAX_BODY = 255


class Answer(models.Model):
    """The text to the citizen after a reception: a draft until it is sent, unchanged from then on.

    Attributes:
        version: Counts the savings, so that nobody overwrites what they have not seen.
    """

    application = models.OneToOneField(
        "diia_videoreception.Application", on_delete=models.CASCADE, related_name="answer"
    )
    text = TypedTextField(_("text to the citizen"), max_length=MAX_ANSWER)
    # Under which the agency has registered it; asked for where the answer was due by a term.
    number = LineField(_("outgoing number"), max_length=MAX_NUMBER, blank=True)
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


class AnswerTask(models.Model):
    """That a reception took place and its question needs consideration: an answer is to come.

    Attributes:
        due: When the agency's term passes; None where it has none.
        responsible: Who sees to it.
        passed_to: The body that answers instead, where the agency has none of the powers.
        version: Counts the acts, so that nobody acts on what they have not seen.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("answer to come")
        ANSWERED = "answered", _("answered")
        PASSED_ON = "passed_on", _("passed on to another body")
        DROPPED = "dropped", _("not needed: the record was corrected")

    application = models.OneToOneField(
        "diia_videoreception.Application", on_delete=models.CASCADE, related_name="answer_task"
    )
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.OPEN)
    due = models.DateTimeField(null=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("responsible"),
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    passed_to = LineField(_("to which body"), max_length=MAX_BODY, blank=True)
    reason = TypedTextField(_("reason"), blank=True, max_length=MAX_WORDS)
    alarmed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("answer to come")
        verbose_name_plural = _("answers to come")
        indexes = [
            models.Index(
                fields=["due"], name="answer_task_open", condition=Q(closed_at__isnull=True)
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open", closed_at__isnull=True)
                | (~Q(status="open") & Q(closed_at__isnull=False)),
                name="answer_task_closed_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status="passed_on") | (~Q(passed_to="") & ~Q(reason="")),
                name="answer_task_passed_on_says_where",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class Rating(models.Model):
    """What a citizen thought of a reception; given once. Others than moderators read the words once one lets them."""

    class WordsState(models.TextChoices):
        NEW = "new", _("not read yet")
        SHOWN = "shown", _("shown to the official")
        HIDDEN = "hidden", _("kept back")

    application = models.OneToOneField(
        "diia_videoreception.Application", on_delete=models.CASCADE, related_name="rating"
    )
    stars = models.PositiveSmallIntegerField(
        _("rating"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    words = TypedTextField(_("words"), blank=True, max_length=MAX_WORDS)
    created_at = models.DateTimeField()
    # Whether anybody but moderators reads the words, and why not.
    words_state = models.CharField(
        max_length=10, choices=WordsState.choices, default=WordsState.NEW
    )
    words_reason = TypedTextField(blank=True, max_length=MAX_REASON)
    words_decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("rating of a reception")
        verbose_name_plural = _("ratings of receptions")
        indexes = [
            # What nobody has read yet: few of all.
            models.Index(
                fields=["application"],
                name="rating_words_new",
                condition=Q(words_state="new") & ~Q(words=""),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(stars__gte=1) & Q(stars__lte=5), name="rating_from_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(words_state="new", words_reason="", words_decided_at=None)
                | Q(words_state="shown", words_reason="", words_decided_at__isnull=False)
                | Q(words_state="hidden", words_decided_at__isnull=False) & ~Q(words_reason=""),
                name="rating_words_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stars}"
