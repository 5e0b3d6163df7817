"""How a written answer of an agency is signed: with КЕП, or on paper."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diia_videoreception.models.fields import LineField

MAX_SIGNER = 240


class AnswerSignature(models.Model):
    """The signature under the answer of an agency, instead of a reception or after it.

    Attributes:
        signed_on: The date on the paper; empty for КЕП.
        serial: Of the signer's certificate, in hexadecimal; `authority` has issued it.
        archive_encrypted: What proves the КЕП: the text, the signature, certificates, answers on revocation.
    """

    class Kind(models.TextChoices):
        KEP = "kep", _("signed with KEP")
        PAPER = "paper", _("signed on paper")

    application = models.OneToOneField(
        "diia_videoreception.Application",
        on_delete=models.CASCADE,
        related_name="answer_signature",
    )
    kind = models.CharField(max_length=8, choices=Kind)
    signer = LineField(pgettext_lazy("answer", "signed by"), max_length=MAX_SIGNER)
    signed_on = models.DateField(null=True)
    serial = models.CharField(max_length=64, blank=True)
    authority = LineField(max_length=200, blank=True)
    provider = models.CharField(max_length=40, blank=True)
    archive_encrypted = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("signature of an answer")
        verbose_name_plural = _("signatures of answers")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(kind="kep", signed_on__isnull=True) & ~Q(serial="") & ~Q(archive_encrypted="")
                )
                | Q(kind="paper", signed_on__isnull=False, serial="", archive_encrypted=""),
                name="answer_signature_of_one_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def has_file(self) -> bool:
        """Whether there is something to download: the КЕП with its text, or the scan of the paper."""
        return self.kind == self.Kind.KEP or getattr(self, "scan", None) is not None
