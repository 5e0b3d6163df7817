"""Consents to help («згода на допомогу»), by which a centre may act for a person (B-36).

The authority is the centre's. What the person was read is kept word for word, and its hash beside it.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diia_videoreception.models.agencies import LevelOfAssurance
from diia_videoreception.models.centres import Centre, CentreMember
from diia_videoreception.models.citizens import Citizen, ConfirmationCode
from diia_videoreception.models.fields import LineField
from diia_videoreception.models.visits import CentreVisit
from diia_videoreception.rules.mandates import (
    LAST_SIGNS,
    ConsentMethod,
    HelpScope,
    IdentitySource,
    MandateState,
    MandateTerm,
)

_NEVER_SEALED = ["draft", "awaiting_consent", "refused"]


class HelpedPerson(models.Model):
    """The number that somebody has told a centre, of a person who did not sign in to prove it.

    Attributes:
        claimed_hash: as of a РНОКПП of an account, so that after a later sign-in with that very number what
            a centre did can be offered to the person. Empty where none was told.
    """

    citizen = models.OneToOneField(Citizen, on_delete=models.CASCADE, related_name="helped_person")
    claimed_hash = models.CharField(max_length=64, blank=True, db_index=True)
    claimed_encrypted = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk}"


class MandateNumber(models.Model):
    """The last reference given in a year."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class MandateText(models.Model):
    """One edition of the text of consents in a language, never changed after it is published."""

    language = models.CharField(_("language"), max_length=8, choices=CentreVisit.Language)
    number = models.PositiveIntegerField(_("edition"))
    body = models.TextField(_("text"))
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("published"))

    class Meta:
        ordering = ["language", "-number"]
        default_permissions = ()
        verbose_name = _("text of the consent to help")
        verbose_name_plural = _("texts of the consent to help")
        constraints = [
            models.UniqueConstraint(fields=["language", "number"], name="mandate_text_once")
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.number}"


class MandateQuerySet(models.QuerySet["Mandate"]):
    def live(self, now: datetime) -> Self:
        """Keep those that hold now, as far as their own rows tell."""
        return self.filter(state=MandateState.ACTIVE.value, expires_at__gt=now)


class Mandate(models.Model):
    """A person's consent that a centre acts for them.

    Attributes:
        visit: in which it was asked for.
        phone: E.164; the code goes there and nowhere else.
        document_kind: what was shown, and of its number the last signs.
        rendered_encrypted: the text as the person was read it, `rendered_sha256` its hash.
        asked_at: when it was read to the person; half an hour later it is too late to agree.
        ended_at: when it was refused, revoked, completed or ran out.
    """

    STATES = (
        (MandateState.DRAFT.value, pgettext_lazy("consent", "being prepared")),
        (MandateState.AWAITING_CONSENT.value, pgettext_lazy("consent", "waits for the person")),
        (MandateState.ACTIVE.value, pgettext_lazy("consent", "in force")),
        (MandateState.COMPLETED.value, pgettext_lazy("consent", "completed")),
        (MandateState.EXPIRED.value, pgettext_lazy("consent", "expired")),
        (MandateState.REVOKED.value, pgettext_lazy("consent", "revoked")),
        (MandateState.REFUSED.value, pgettext_lazy("consent", "not given")),
    )
    METHODS = (
        (ConsentMethod.SMS_CODE.value, _("with a code from SMS")),
        (ConsentMethod.EID_CONFIRMATION.value, _("on their own phone")),
        (ConsentMethod.KEP_SIGNATURE.value, _("with a KEP signature")),
        (ConsentMethod.PAPER_SCAN.value, _("on paper")),
    )
    TERMS = (
        (MandateTerm.THIS_VISIT.value, _("until the end of this visit")),
        (MandateTerm.UNTIL_RECEPTION.value, _("until the reception is over")),
        (MandateTerm.DAYS_30.value, _("for 30 days")),
    )
    SOURCES = (
        (IdentitySource.EID.value, _("signed in on their own phone")),
        (IdentitySource.DOCUMENT_SHOWN.value, _("has shown a document")),
        (IdentitySource.DECLARED.value, _("says it, without a document")),
    )

    class DocumentKind(models.TextChoices):
        PASSPORT = "passport", _("passport of a citizen of Ukraine")
        FOREIGN_PASSPORT = "foreign_passport", _("passport for travelling abroad")
        RESIDENCE = "residence", _("residence permit")
        DIIA = "diia", _("document in the Diia app")
        OTHER = "other", pgettext_lazy("document", "another document")

    class EndedBy(models.TextChoices):
        """By which way it was refused or revoked."""

        PERSON = "person", _("the person, at the centre that helped")
        OTHER_CENTRE = "other_centre", _("the person, at another centre")
        PHONE = "phone", _("the person, by telephone")
        CABINET = "cabinet", _("the person, in the account")
        NEWER = "newer", _("a newer consent")
        SYSTEM = "system", _("by itself")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=24, unique=True)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="mandates")
    visit = models.ForeignKey(CentreVisit, on_delete=models.PROTECT, related_name="mandates")
    person = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="mandates")
    taken_by = models.ForeignKey(CentreMember, on_delete=models.PROTECT, related_name="+")
    identity_source = models.CharField(max_length=16, choices=SOURCES)
    level = models.CharField(max_length=16, choices=LevelOfAssurance, blank=True)
    document_kind = models.CharField(max_length=20, choices=DocumentKind, blank=True)
    document_last = models.CharField(max_length=LAST_SIGNS, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    method = models.CharField(max_length=20, choices=METHODS, blank=True)
    term = models.CharField(max_length=20, choices=TERMS, blank=True)
    language = models.CharField(max_length=8, choices=CentreVisit.Language, blank=True)
    text = models.ForeignKey(MandateText, on_delete=models.PROTECT, null=True, related_name="+")
    rendered_encrypted = models.TextField(blank=True)
    rendered_sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=20, choices=STATES, default=MandateState.DRAFT.value)
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    sealed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=16, choices=EndedBy, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        verbose_name = _("consent to help")
        verbose_name_plural = _("consents to help")
        indexes = [
            models.Index(
                fields=["expires_at"], name="mandate_running", condition=Q(state="active")
            ),
            models.Index(
                fields=["created_at"],
                name="mandate_unanswered",
                condition=Q(state__in=["draft", "awaiting_consent"]),
            ),
            models.Index(fields=["centre", "phone", "created_at"], name="mandate_phone"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["visit"],
                condition=Q(state__in=["draft", "awaiting_consent"]),
                name="mandate_one_open_a_visit",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_NEVER_SEALED, sealed_at__isnull=True)
                | (
                    Q(
                        state__in=["active", "completed", "expired", "revoked"],
                        sealed_at__isnull=False,
                        expires_at__gt=F("sealed_at"),
                        text__isnull=False,
                    )
                    & ~Q(method="")
                    & ~Q(rendered_sha256="")
                ),
                name="mandate_in_force_was_sealed",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "awaiting_consent", "active"],
                    ended_at__isnull=True,
                    ended_by="",
                )
                | (
                    Q(
                        state__in=["completed", "expired", "revoked", "refused"],
                        ended_at__isnull=False,
                    )
                    & ~Q(ended_by="")
                ),
                name="mandate_ended_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def __repr__(self) -> str:
        """Name nobody: it gets into tracebacks and log."""
        return f"<Mandate: {self.public_id}>"

    def is_live(self, now: datetime) -> bool:
        """Return whether it holds now, as far as its own row tells."""
        return (
            self.state == MandateState.ACTIVE
            and self.expires_at is not None
            and now < self.expires_at
        )

    @property
    def is_consented(self) -> bool:
        """Whether the person has agreed; it holds once the administrator has sealed it, too."""
        return hasattr(self, "evidence")

    @property
    def has_code_of_text(self) -> bool:
        """Whether a code was sent after the text that waits for it was fixed."""
        asked, code = self.asked_at, getattr(self, "code", None)
        return asked is not None and code is not None and asked <= code.sent_at

    @property
    def is_of_account(self) -> bool:
        """Whether the person has shown, by signing in, an account of their own."""
        return self.person.identifier_kind != Citizen.IdentifierKind.HELPED

    @property
    def wanted(self) -> Sequence[HelpScope]:
        """What it is for, in the order of the registry."""
        found = {row.scope for row in self.scopes.all()}
        return [scope for scope in HelpScope if scope.value in found]


class MandateScope(models.Model):
    """One thing that a consent allows; centre and person are repeated so that the database keeps them unique.

    Attributes:
        since: from when it holds; None while it is only asked for.
    """

    SCOPES = (
        (HelpScope.BOOK_RECEPTION.value, _("book a reception")),
        (HelpScope.EDIT_APPLICATION.value, _("correct the application")),
        (HelpScope.ATTACH_DOCUMENTS.value, _("add documents")),
        (HelpScope.RESCHEDULE_OR_CANCEL.value, _("move or cancel")),
        (HelpScope.VIEW_STATUS.value, _("see how the application stands")),
        (HelpScope.RECEIVE_COPIES.value, _("get copies of letters")),
        (HelpScope.ACCOMPANY_CONFERENCE.value, _("be there at the reception")),
    )

    mandate = models.ForeignKey(Mandate, on_delete=models.CASCADE, related_name="scopes")
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=24, choices=SCOPES)
    since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["mandate", "scope"], name="mandate_scope_once"),
            models.UniqueConstraint(
                fields=["centre", "person", "scope"],
                condition=Q(since__isnull=False, ended_at__isnull=True),
                name="mandate_scope_live_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.pk}"


class MandateCode(ConfirmationCode):
    """The code that was sent to the phone of a person who is asked for their consent."""

    mandate = models.OneToOneField(Mandate, on_delete=models.CASCADE, related_name="code")
    resends = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()


class ConsentEvidence(models.Model):
    """What shows that the person has agreed, and how.

    Attributes:
        captured_by: who was there.
        message_id: of the text message with the code that was given back.
        signed_on: the date on the paper, whose scan is a `Document`.
        archive_encrypted: what proves a signature: the text, the signature, the answers on revocation.
    """

    mandate = models.OneToOneField(Mandate, on_delete=models.PROTECT, related_name="evidence")
    method = models.CharField(max_length=20, choices=Mandate.METHODS)
    captured_at = models.DateTimeField()
    captured_by = models.ForeignKey(CentreMember, on_delete=models.PROTECT, related_name="+")
    message_id = models.CharField(max_length=120, blank=True)
    signed_on = models.DateField(null=True)
    signer = LineField(max_length=240, blank=True)
    provider = models.CharField(max_length=40, blank=True)
    level = models.CharField(max_length=16, choices=LevelOfAssurance, blank=True)
    auth_time = models.DateTimeField(null=True)
    archive_encrypted = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=(Q(method="paper_scan", signed_on__isnull=False, message_id=""))
                | (Q(method="sms_code", signed_on__isnull=True) & ~Q(message_id=""))
                | (
                    Q(method="eid_confirmation", signed_on__isnull=True, auth_time__isnull=False)
                    & ~Q(provider="")
                )
                | (Q(method="kep_signature", signed_on__isnull=True) & ~Q(archive_encrypted="")),
                name="consent_evidence_of_its_method",
            )
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.pk}"
