"""What citizens sign in and sign with, and what proves it later (identity notes, section C)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diia_videoreception.models.agencies import LevelOfAssurance
from diia_videoreception.models.fields import LineField


class SignInCredential(models.Model):
    """A key or a bank that a citizen signs in with; known again by what was seen of it (rule C.9).

    `seen_hash` is of the certificate and its issuer's key, or of the person at the bank; with it
    the row speaks for its owner. `fingerprint_hash` is of names and numbers that two people may
    share. A row without `seen_hash`, from a broker or from before it was kept, is the citizen's
    only together with their number, and takes the hash over at the next sign-in with the key.

    Unbound ones stay as rows: whoever comes back with one is told that it is not bound.
    """

    class Kind(models.TextChoices):
        KEY = "key", _("electronic signature key")
        BANK = "bank", _("BankID")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    citizen = models.ForeignKey(
        "diia_videoreception.Citizen", on_delete=models.CASCADE, related_name="credentials"
    )
    provider = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=Kind)
    fingerprint_hash = models.CharField(max_length=64)
    seen_hash = models.CharField(max_length=64, blank=True)
    label = LineField(max_length=200)
    level = models.CharField(max_length=16, choices=LevelOfAssurance)
    valid_until = models.DateTimeField(null=True)
    bound_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    unbound_at = models.DateTimeField(null=True)

    class Meta:
        # The names that the table was made with.
        db_table = "diia_videoreception_signinmeans"
        ordering = ["bound_at", "pk"]
        verbose_name = _("sign-in method")
        verbose_name_plural = _("sign-in methods")
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint_hash"],
                condition=Q(unbound_at__isnull=True, seen_hash=""),
                name="means_named_once",
            ),
            models.UniqueConstraint(
                fields=["seen_hash"],
                condition=Q(unbound_at__isnull=True) & ~Q(seen_hash=""),
                name="means_seen_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.bound_at:%d.%m.%Y}"


class Purpose(models.TextChoices):
    """What a challenge is signed for; a signature for one is never accepted for another (C.1)."""

    SIGN_IN = "sign_in", _("sign in")
    BIND = "bind", _("add a key to the account")
    STEP_UP = "step_up", _("confirm who you are")
    SIGN = "sign", _("sign an application")
    CONSENT = "consent", _("sign a consent to help")
    STAFF_BIND = "staff_bind", _("set up the second factor")
    STAFF_VERIFY = "staff_verify", _("give the second factor")


STAFF_PURPOSES = frozenset({Purpose.STAFF_BIND, Purpose.STAFF_VERIFY})
"""For which a member of staff signs, in the session of the portal's own sign-in."""


class SignatureRequest(models.Model):
    """That staff have asked, in the room, for the citizen's КЕП on a document, and what has become of it.

    One for each document; asked anew, it begins anew.

    Attributes:
        public_id: In what is signed; new each time it is asked for.
        answered_at: When it was signed, declined, withdrawn or ended with the reception.
        signer: As the certificate names them.
    """

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("signature", "asked for")
        SIGNED = "signed", pgettext_lazy("signature", "signed")
        DECLINED = "declined", pgettext_lazy("signature", "declined by the citizen")
        WITHDRAWN = "withdrawn", pgettext_lazy("signature", "no longer asked for")
        EXPIRED = "expired", pgettext_lazy("signature", "the reception ended before it was signed")

    document = models.OneToOneField(
        "diia_videoreception.Document", on_delete=models.CASCADE, related_name="signature_request"
    )
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=16, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    evidence = models.OneToOneField(
        "diia_videoreception.Evidence",
        on_delete=models.PROTECT,
        null=True,
        related_name="signature_request",
    )
    signer = LineField(max_length=240, blank=True)
    level = models.CharField(max_length=16, choices=LevelOfAssurance, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="signed", evidence__isnull=False)
                | (~Q(state="signed") & Q(evidence__isnull=True)),
                name="signature_request_signed_has_evidence",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Challenge(models.Model):
    """Bytes of ours that wait for a signature, once and for five minutes (rule C.1).

    Bound to the browser session that asked, to a purpose and, when somebody is signed in, to the
    citizen or to the member of staff. The row is deleted when it is used, before the signature is verified.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    provider = models.CharField(max_length=40)
    purpose = models.CharField(max_length=16, choices=Purpose)
    session_hash = models.CharField(max_length=64)
    citizen = models.ForeignKey(
        "diia_videoreception.Citizen", on_delete=models.CASCADE, null=True, related_name="+"
    )
    application = models.ForeignKey(
        "diia_videoreception.Application", on_delete=models.CASCADE, null=True, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    content = models.TextField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(purpose="sign") & Q(application__isnull=False))
                | (~Q(purpose="sign") & Q(application__isnull=True)),
                name="challenge_signs_an_application",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["staff_bind", "staff_verify"], user__isnull=False)
                | (~Q(purpose__in=["staff_bind", "staff_verify"]) & Q(user__isnull=True)),
                name="challenge_of_staff_has_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class Evidence(models.Model):
    """What proves a sign-in or a signature in a dispute: an encrypted archive (rule C.8, B-23).

    The archive is a ZIP file: what was signed, the signature, the chain of certificates, the
    answers on revocation. It is deleted when `keep_until` has passed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    citizen = models.ForeignKey(
        "diia_videoreception.Citizen", on_delete=models.PROTECT, related_name="evidence"
    )
    purpose = models.CharField(max_length=16, choices=Purpose)
    provider = models.CharField(max_length=40)
    method = models.CharField(max_length=40)
    level = models.CharField(max_length=16, choices=LevelOfAssurance)
    archive_encrypted = models.TextField()
    created_at = models.DateTimeField()
    keep_until = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return str(self.get_purpose_display())


class ApplicationSignature(models.Model):
    """The citizen's КЕП on an application: over a manifest with the SHA-256 of its parts (B-29)."""

    application = models.OneToOneField(
        "diia_videoreception.Application", on_delete=models.PROTECT, related_name="signature"
    )
    evidence = models.OneToOneField(
        Evidence, on_delete=models.PROTECT, related_name="application_signature"
    )
    signer = LineField(_("signed by"), max_length=240)
    level = models.CharField(max_length=16, choices=LevelOfAssurance)
    manifest_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("signature of an application")
        verbose_name_plural = _("signatures of applications")

    def __str__(self) -> str:
        return f"{self.pk}"


class StaffKey(models.Model):
    """The person whose КЕП is the second factor of a member of staff; any key of theirs will do.

    Attributes:
        identifier_hash: Of the number in the certificate, keyed; the number itself is kept nowhere.
        label: Who issued the certificate that was used last.
        valid_until: When that one ends.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    identifier_hash = models.CharField(max_length=64)
    label = LineField(max_length=200)
    valid_until = models.DateTimeField(null=True)
    bound_at = models.DateTimeField()

    class Meta:
        verbose_name = _("key of a member of staff")
        verbose_name_plural = _("keys of members of staff")

    def __str__(self) -> str:
        return f"{self.pk}"
