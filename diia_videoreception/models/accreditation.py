"""What people of centres have proven: trainings, and the test with its versions and attempts (B-16, B-17)."""

import uuid
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.centres import Centre
from diia_videoreception.rules.centre_tests import (
    ChoiceQuestion,
    PaperItem,
    PaperVerdict,
    judge,
    needed_answers,
    paper_of,
    questions_of,
)


class CentreAccreditation(models.Model):
    """A training or a passed test of a person (B-14, B-16); it goes with them to another centre."""

    class Kind(models.TextChoices):
        TRAINING = "training", _("training")
        TEST = "test", _("test")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="centre_accreditations"
    )
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="accreditations")
    """Where it was recorded."""
    kind = models.CharField(max_length=16, choices=Kind)
    valid_from = models.DateField()
    valid_until = models.DateField()
    """The last day."""
    recorded_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    """When the person was told that it ends soon."""

    class Meta:
        ordering = ["-valid_until", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["user", "kind", "-valid_until"], name="centre_accreditation_of")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")),
                name="centre_accreditation_ends_after",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class CentreTestVersion(models.Model):
    """A test as it was published; attempts are judged by the version that they began with."""

    key = models.CharField(max_length=64)
    """Names the test in all versions and languages of its page."""
    language = models.CharField(max_length=16)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    content = models.JSONField()
    """The questions with their answers; `questions`."""
    asked = models.PositiveSmallIntegerField()
    pass_percent = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    max_attempts = models.PositiveSmallIntegerField()
    valid_days = models.PositiveSmallIntegerField()
    days_to_finish = models.PositiveSmallIntegerField()
    instruction = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-published_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["key", "language", "number"], name="centre_test_version_once"
            ),
            models.CheckConstraint(
                condition=Q(pass_percent__gte=1, pass_percent__lte=100, asked__gte=1)
                & Q(max_attempts__gte=1, valid_days__gte=1, days_to_finish__gte=1),
                name="centre_test_version_can_be_passed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.language} {self.number}"

    @property
    def questions(self) -> list[ChoiceQuestion]:
        return questions_of(self.content)

    @property
    def needed(self) -> int:
        return needed_answers(self.asked, self.pass_percent)


class CentreTestAttemptQuerySet(models.QuerySet["CentreTestAttempt"]):
    def open(self) -> Self:
        """Keep those that are not finished, whether or not their time is over."""
        return self.filter(finished_at__isnull=True)

    def counted(self) -> Self:
        """Keep those that use up an attempt."""
        return self.filter(is_counted=True)


class CentreTestAttempt(models.Model):
    """One person's attempt; its result is an accreditation only where it was passed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(CentreTestVersion, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="centre_test_attempts"
    )
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="+")
    """Where it was taken."""
    number = models.PositiveSmallIntegerField()
    """Which attempt it is since the last pass, or since a head allowed it anew."""
    is_counted = models.BooleanField(default=True)
    paper_data = models.JSONField()
    answers = models.JSONField(default=dict)
    """By key of a question, the key of the answer."""
    started_at = models.DateTimeField()
    deadline = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    correct = models.PositiveSmallIntegerField(null=True)
    accreditation = models.OneToOneField(
        CentreAccreditation, on_delete=models.RESTRICT, null=True, related_name="attempt"
    )

    objects = CentreTestAttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["deadline"],
                condition=Q(finished_at__isnull=True),
                name="centre_test_overdue",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(finished_at__isnull=True),
                name="centre_test_open_once",
            ),
            models.UniqueConstraint(
                fields=["user", "number"],
                condition=Q(is_counted=True),
                name="centre_test_attempt_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    finished_at__isnull=True, correct__isnull=True, accreditation__isnull=True
                )
                | Q(finished_at__isnull=False, correct__isnull=False),
                name="centre_test_result_when_finished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.pk}"

    def __repr__(self) -> str:
        """Name nobody: it gets into tracebacks and log."""
        return f"<CentreTestAttempt: {self.public_id}>"

    @property
    def paper(self) -> list[PaperItem]:
        return paper_of(self.paper_data)

    @property
    def verdict(self) -> PaperVerdict:
        """What the answers that were given come to."""
        version = self.version
        return judge(version.questions, self.paper, self.answers, pass_percent=version.pass_percent)

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def needed(self) -> int:
        """How many right answers pass it."""
        return needed_answers(len(self.paper_data), self.version.pass_percent)

    @property
    def is_passed(self) -> bool:
        return self.accreditation_id is not None
