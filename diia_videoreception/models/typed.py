"""What a centre types for a person, until the person has confirmed it."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from diia_videoreception.models.citizens import ConfirmationCode
from diia_videoreception.rules.mandates import MandateState
from diia_videoreception.rules.typed_papers import CODE_LENGTH


class TypedDraft(models.Model):
    """Whose a draft is that a member of a centre types in a visit, by the consent of its person.

    The draft refers to it, so that filing any other draft need not ask for one.

    Attributes:
        entered: which member typed each answer last, and when, by the name of the answer.
    """

    visit = models.OneToOneField(
        "diia_videoreception.CentreVisit", on_delete=models.CASCADE, related_name="typed"
    )
    mandate = models.ForeignKey(
        "diia_videoreception.Mandate", on_delete=models.CASCADE, related_name="typed"
    )
    entered = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"typed {self.pk}"


class TypedCode(ConfirmationCode):
    """The code by which the person confirms what was typed, as it was when the code was sent.

    Attributes:
        version: hash of the draft with the held time.
    """

    typed = models.OneToOneField(TypedDraft, on_delete=models.CASCADE, related_name="code")
    version = models.CharField(max_length=64)
    resends = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()


class TypedPaperQuerySet(models.QuerySet["TypedPaper"]):
    def waiting(self) -> Self:
        """Keep those that are signed, scanned and still to be entered: their consent holds."""
        return self.filter(
            typed__draft__isnull=False,
            application__isnull=True,
            enter_by__isnull=False,
            mandate__state=MandateState.ACTIVE.value,
        )


class TypedPaper(models.Model):
    """What was typed, printed for its person to sign by hand, and the scan of it (`Document`).

    Attributes:
        typed: from which it is filed; none afterwards.
        member: who typed and printed it, and alone may use it.
        code: stands on the paper, so that no other is taken for it.
        version: hash of what was printed: the draft, with the time where `has_time` says so.
        enter_by: until when the centre files it; set with the scan.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    typed = models.OneToOneField(
        TypedDraft, on_delete=models.SET_NULL, null=True, related_name="paper"
    )
    mandate = models.ForeignKey(
        "diia_videoreception.Mandate", on_delete=models.PROTECT, related_name="papers"
    )
    member = models.ForeignKey(
        "diia_videoreception.CentreMember", on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField(max_length=CODE_LENGTH, unique=True)
    version = models.CharField(max_length=64)
    has_time = models.BooleanField()
    printed_at = models.DateTimeField()
    signed_on = models.DateField(null=True)
    scanned_at = models.DateTimeField(null=True)
    enter_by = models.DateTimeField(null=True)
    application = models.OneToOneField(
        "diia_videoreception.Application",
        on_delete=models.PROTECT,
        null=True,
        related_name="typed_paper",
    )

    objects = TypedPaperQuerySet.as_manager()

    class Meta:
        ordering = ["printed_at", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(scanned_at__isnull=True, signed_on__isnull=True, enter_by__isnull=True)
                | Q(scanned_at__isnull=False, signed_on__isnull=False, enter_by__isnull=False),
                name="typed_paper_scanned_was_signed",
            ),
            models.CheckConstraint(
                condition=Q(application__isnull=True) | Q(scanned_at__isnull=False),
                name="typed_paper_filed_was_scanned",
            ),
        ]

    def __str__(self) -> str:
        return f"paper {self.pk}"

    def __repr__(self) -> str:
        """Tell no code: it gets into tracebacks and log."""
        return f"<TypedPaper: {self.public_id}>"

    def is_overdue(self, now: datetime) -> bool:
        return self.enter_by is not None and self.enter_by < now
