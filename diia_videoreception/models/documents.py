"""Documents of drafts and applications, and scans of answers, consents and signed papers."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.applications import Application, Draft
from diia_videoreception.models.identity import SignatureRequest

_SCANS = ("answer_signature", "consent", "typed_paper")
_NO_SCAN = [(f"{name}__isnull", True) for name in _SCANS]


def _apart(scanned: str) -> Q:
    """Describe the scan of one of these, which belongs to nothing else."""
    owners = ("draft", "application", "clarification", "correction", *_SCANS)
    return Q(**{f"{name}__isnull": name != scanned for name in owners})


class Document(models.Model):
    """A checked copy of a document in private storage (A-44 to A-47).

    It is of a draft, of an application, or of an answer or a correction that the citizen is writing: with
    that it comes to the application. The scan of an agency's answer, that of a consent, and that of what a centre has
    typed and its person has signed stand apart from all of these.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, null=True, related_name="documents")
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, related_name="documents"
    )
    # The question that it answers; empty for what was filed with the application.
    clarification = models.ForeignKey(
        "diia_videoreception.Clarification",
        on_delete=models.PROTECT,
        null=True,
        related_name="documents",
    )
    # The correction that it came with, and the one that put another in its place.
    correction = models.ForeignKey(
        "diia_videoreception.Correction",
        on_delete=models.PROTECT,
        null=True,
        related_name="documents",
    )
    replaced_by = models.ForeignKey(
        "diia_videoreception.Correction",
        on_delete=models.PROTECT,
        null=True,
        related_name="replaced_documents",
    )
    # The signature on paper of which it is the scan.
    answer_signature = models.OneToOneField(
        "diia_videoreception.AnswerSignature",
        on_delete=models.PROTECT,
        null=True,
        related_name="scan",
    )
    # The consent on paper of which it is the scan.
    consent = models.OneToOneField(
        "diia_videoreception.ConsentEvidence",
        on_delete=models.PROTECT,
        null=True,
        related_name="scan",
    )
    # What was typed for a person, signed by them on paper, of which it is the scan.
    typed_paper = models.OneToOneField(
        "diia_videoreception.TypedPaper",
        on_delete=models.PROTECT,
        null=True,
        related_name="scan",
    )
    name = models.CharField(_("name"), max_length=120)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=120, unique=True)
    is_signed = models.BooleanField(default=False)
    # The scan of what allows the applicant to speak for somebody else.
    proves_authority = models.BooleanField(default=False)
    has_attachments = models.BooleanField(default=False)
    # Who added it in the room of the reception; empty for what was filed with the application.
    added_by = models.ForeignKey(
        "diia_videoreception.Participant",
        on_delete=models.SET_NULL,
        null=True,
        related_name="documents",
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(
                condition=_apart("answer_signature")
                | _apart("consent")
                | _apart("typed_paper")
                | Q(
                    *_NO_SCAN,
                    draft__isnull=False,
                    application__isnull=True,
                    clarification__isnull=True,
                    correction__isnull=True,
                )
                | Q(*_NO_SCAN, draft__isnull=True, application__isnull=False)
                | Q(*_NO_SCAN, draft__isnull=True, clarification__isnull=False)
                | Q(*_NO_SCAN, draft__isnull=True, correction__isnull=False),
                name="document_of_draft_or_application",
            ),
            models.CheckConstraint(
                condition=Q(proves_authority=False)
                | Q(draft__isnull=False)
                | Q(application__isnull=False),
                name="document_of_authority_is_of_a_case",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        """File names often tell whose they are."""
        return f"<Document: {self.public_id}>"

    @property
    def signature(self) -> SignatureRequest | None:
        """The citizen's КЕП on it, given in the room; None where there is none."""
        if self.application_id is None:
            return None
        request: SignatureRequest | None = getattr(self, "signature_request", None)
        return request if request and request.state == SignatureRequest.State.SIGNED else None
