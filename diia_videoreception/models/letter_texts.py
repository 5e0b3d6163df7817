"""Letters in an agency's own words, version by version."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.agencies import Agency
from diia_videoreception.models.letters import Letter
from diia_videoreception.rules.letter_texts import MAX_NOTE, MAX_SMS, MAX_SUBJECT


class LetterText(models.Model):
    """One version of an agency's words for a kind of letter; the latest is in force.

    Rows are only added: letters keep the version that they were written with. Without words, the
    portal's own are in force again.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="letter_texts")
    kind = models.CharField(max_length=24)
    """A `WordedKind`, which is a kind of letter."""
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    subject = models.CharField(_("subject"), max_length=2 * MAX_SUBJECT, blank=True)
    text = models.TextField(_("text of the letter"), blank=True)
    sms = models.CharField(_("text message (SMS)"), max_length=MAX_SMS, blank=True)
    """Empty where the portal's own is sent."""
    note = models.CharField(_("what was changed"), max_length=MAX_NOTE, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        ordering = ["-version"]
        verbose_name = _("text of a letter")
        verbose_name_plural = _("texts of letters")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "language", "version"], name="letter_text_version"
            ),
            models.CheckConstraint(
                condition=Q(subject="", text="") | (~Q(subject="") & ~Q(text="")),
                name="letter_text_whole_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{Letter.Kind(self.kind).label} {self.version}"

    @property
    def is_standard(self) -> bool:
        """Whether the portal's own words are in force with this version."""
        return not self.text
