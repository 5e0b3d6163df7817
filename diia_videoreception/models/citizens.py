"""Citizens and how they are signed in.

A citizen is never a user of the host and has no staff permission.
"""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.agencies import LevelOfAssurance
from diia_videoreception.models.fields import DerivingModel, FoldedField, LineField
from diia_videoreception.personal_data import decrypt
from integrations.identity.values import full_name


class Citizen(DerivingModel):
    """A person known by an identifier: РНОКПП, УНЗР, or a passport with its kind and country.

    Access tokens of before `signed_out_at` are not accepted any more.

    Whom a centre helps without a sign-in is one too, known by no number that a sign-in names: no
    account is found by what somebody declares; see `HelpedPerson`.

    `number_hash` is of a passport's number alone: somebody with the same one and the same names may
    be this person, and staff have to look.
    """

    class IdentifierKind(models.TextChoices):
        RNOKPP = "rnokpp", _("taxpayer number (RNOKPP)")
        PASSPORT = "passport", _("passport")
        UNZR = "unzr", _("register number (UNZR)")
        HELPED = "helped", _("known to a centre alone")
        ERASED = "erased", _("erased at the person’s request")

    class UserType(models.TextChoices):
        """As whom the person uses the portal (A-14)."""

        PERSON = "person", _("natural person")
        ENTREPRENEUR = "entrepreneur", _("sole proprietor (FOP)")
        REPRESENTATIVE = "representative", _("representative of a legal entity")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    identifier_kind = models.CharField(max_length=16, choices=IdentifierKind)
    identifier_hash = models.CharField(max_length=64)
    identifier_encrypted = models.TextField()
    number_hash = models.CharField(max_length=64, blank=True, db_index=True)
    unzr_hash = models.CharField(max_length=64, blank=True)
    user_type = models.CharField(
        _("type of user"), max_length=16, choices=UserType, default=UserType.PERSON
    )
    edrpou = models.CharField(_("EDRPOU"), max_length=10, blank=True)
    organisation = LineField(_("organisation"), max_length=256, blank=True)
    last_name = LineField(_("last name"), max_length=80)
    first_name = LineField(_("first name"), max_length=80)
    patronymic = LineField(_("patronymic"), max_length=80, blank=True)
    email = models.EmailField(_("email"), blank=True)
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    created_at = models.DateTimeField()
    signed_out_at = models.DateTimeField(null=True, blank=True)
    # From when what need not be kept is erased, as the person has asked; and when it was.
    erasure_due = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    search_text = FoldedField(of=("last_name", "first_name", "patronymic", "organisation"))

    class Meta:
        verbose_name = _("citizen")
        verbose_name_plural = _("citizens")
        indexes = [
            # Who has asked to be erased: few of all.
            models.Index(
                fields=["erasure_due"],
                name="citizen_to_erase",
                condition=Q(erasure_due__isnull=False),
            ),
            # Whose applications agencies may still keep: few of all.
            models.Index(
                fields=["erased_at"], name="citizen_erased", condition=Q(erased_at__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["identifier_kind", "identifier_hash"], name="citizen_identifier_once"
            ),
            models.UniqueConstraint(
                fields=["unzr_hash"], condition=~Q(unzr_hash=""), name="citizen_unzr_once"
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(erasure_due=None, identifier_kind="erased"),
                name="citizen_erased_is_nobody",
            ),
            models.CheckConstraint(
                condition=~Q(user_type="representative") | ~Q(edrpou=""),
                name="citizen_representative_has_edrpou",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def __repr__(self) -> str:
        """Name nobody: it gets into tracebacks and log."""
        return f"<Citizen: {self.public_id}>"

    @property
    def full_name(self) -> str:
        return full_name(self.last_name, self.first_name, self.patronymic)

    @property
    def identifier(self) -> str:
        """The identifier in clear; decrypts on each call."""
        return decrypt(self.identifier_encrypted)

    @property
    def letters_address(self) -> str:
        """The confirmed address for letters, or an empty string."""
        return self.email if self.email_confirmed_at else ""


class PortalAccount(models.Model):
    """A citizen's account at a portal that hands them over: its stable id, `sub` (rule C.8)."""

    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="portal_accounts")
    provider = models.CharField(max_length=40)
    subject_hash = models.CharField(max_length=64, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.provider} {self.pk}"


class CitizenSessionQuerySet(models.QuerySet["CitizenSession"]):
    def live(self, now: datetime) -> Self:
        return self.filter(ended_at__isnull=True, idle_deadline__gt=now, deadline__gt=now)


class CitizenSession(models.Model):
    """One signed-in session; its random key stands in Django's session, the rest only here."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="sessions")
    provider = models.CharField(max_length=40)
    level = models.CharField(max_length=16, choices=LevelOfAssurance)
    method = models.CharField(max_length=40)
    credential = models.ForeignKey(
        "diia_videoreception.SignInCredential",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_column="means_id",
    )
    browser = models.CharField(max_length=80, blank=True)
    # Of one at a self-service place: it is worth nothing without the visit that it belongs to.
    visitor = models.ForeignKey(
        "diia_videoreception.VisitorSession",
        on_delete=models.CASCADE,
        null=True,
        related_name="citizen_sessions",
    )
    auth_time = models.DateTimeField()
    started_at = models.DateTimeField()
    idle_deadline = models.DateTimeField()
    deadline = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = CitizenSessionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["deadline"], name="session_deadline")]

    def __str__(self) -> str:
        return f"{self.method} {self.pk}"


class HandOver(models.Model):
    """A verified sign-in that waits for the person's own act, once, in the browser that brought it.

    For the click on «Ви входите як …» the browser has a cookie with a secret; who has to register
    first is named by the key, which stands in the browser's session and nowhere else. Holds the
    proof encrypted; the row is deleted when it is used.
    """

    class Kind(models.TextChoices):
        CONFIRMATION = "confirmation", _("confirmation of a sign-in")
        REGISTRATION = "registration", _("registration")

    kind = models.CharField(max_length=16, choices=Kind)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    provider = models.CharField(max_length=40)
    nonce_hash = models.CharField(max_length=64, blank=True)
    secret_hash = models.CharField(max_length=64, blank=True)
    proof_encrypted = models.TextField()
    expires_at = models.DateTimeField()
    extensions = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.provider} {self.pk}"


class SpentToken(models.Model):
    """The `jti` of a token that is not accepted any more: a hand-over used, an access token revoked."""

    jti_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.jti_hash[:12]


class ConsentText(models.Model):
    """One edition of the terms of a service, never changed after it is published (A-20)."""

    service = models.CharField(_("service"), max_length=64)
    language = models.CharField(_("language"), max_length=10)
    version = models.PositiveIntegerField(_("version"))
    body = models.TextField(_("text"))
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("published"))

    class Meta:
        ordering = ["service", "language", "-version"]
        verbose_name = _("terms of the service")
        verbose_name_plural = _("terms of the service")
        constraints = [
            models.UniqueConstraint(
                fields=["service", "language", "version"], name="consent_text_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.language} v{self.version}"


class ConsentAcceptance(models.Model):
    """That a citizen agreed to an edition of the terms, and when."""

    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="acceptances")
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["citizen", "text"], name="consent_accepted_once")
        ]

    def __str__(self) -> str:
        return str(self.text)


class Service(models.Model):
    """The state of a booking service whose page an editor publishes (C01)."""

    key = models.CharField(max_length=64, unique=True)
    is_paused = models.BooleanField(default=False)
    paused_until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.key


class ConfirmationCode(models.Model):
    """A code that was sent somewhere, to be typed by who reads there; see `services.accounts.codes`."""

    code_encrypted = models.TextField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk}"


class EmailConfirmation(ConfirmationCode):
    """A code sent to an address that a citizen wants letters at."""

    citizen = models.OneToOneField(
        Citizen, on_delete=models.CASCADE, related_name="email_confirmation"
    )
    address = models.EmailField()
