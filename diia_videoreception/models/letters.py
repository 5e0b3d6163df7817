"""Letters: the outbox of what is sent and the citizen's «Листи» in one table."""

import uuid
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.mailbox.base import SmtpReply


class Letter(models.Model):
    """One letter to one person, stored as template, version and facts; never rendered, never with a secret.

    Delivery is at least once, always under the same Message-ID. A letter with a mailbox goes to the
    portal's mail server, one with a phone as a text message; its copies to the citizen's own address and
    phone are rows of their own, which the cabinet does not show.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Application received")
        ACCEPTED = "accepted", _("Application accepted for review")
        CONFIRMATION = "confirmation", _("Reception confirmed")
        MOVED = "moved", _("Time of the reception changed")
        REASSIGNED = "reassigned", _("Another official will receive you")
        PROPOSAL = "proposal", _("Another time proposed")
        PROPOSAL_WITHDRAWN = "proposal_withdrawn", _("Proposed time withdrawn")
        CLARIFICATION = "clarification", _("The agency asks you a question")
        CLARIFICATION_WITHDRAWN = "clarification_withdrawn", _("Question withdrawn")
        MOVE_REFUSED = "move_refused", _("Request to move the reception refused")
        MOVE_UNANSWERED = "move_unanswered", _("Request to move the reception not answered")
        TERM_EXTENDED = "term_extended", _("More time is needed")
        SWITCHED = "switched", _("The reception is held elsewhere")
        WRITTEN_ANSWER = "written_answer", _("Written answer")
        DECLINED = "declined", _("Application declined")
        NOT_CONSIDERED = "not_considered", _("Consideration of the application ended")
        CANCELLED = "cancelled", _("Reception cancelled")
        LAPSED = "lapsed", _("Application not considered in time")
        EMAIL_CODE = "email_code", _("Code to confirm the address")
        CREDENTIALS_CHANGED = "means_changed", _("Sign-in methods changed")
        ADDRESS_CHANGED = "address_changed", _("Address for letters changed")
        GUEST_INVITED = "guest_invited", _("A guest is invited to the reception")
        REMINDER = "reminder", _("Reminder of the reception")
        CHECK_DEVICE = "check_device", _("Check your camera and microphone")
        ANSWER = "answer", _("Answer after the reception")
        ANSWER_TO_COME = "answer_to_come", _("Your question is being considered")
        PASSED_ON = "passed_on", _("Your question has been passed on")
        OBJECTION_ANSWERED = "objection_answered", _("Answer to your objection")
        NOT_HELD = "not_held", _("Reception did not take place")
        WAITING_OFFER = "waiting_offer", _("A time is free for you")
        WAITING_WITHDRAWN = "waiting_withdrawn", _("The offered time is withdrawn")
        WAITING_ENDED = "waiting_ended", _("You do not wait for a free time any more")
        OFFICIAL_CONFIRMED = "official_confirmed", _("Reception confirmed, for the official")
        OFFICIAL_MOVED = "official_moved", _("Reception moved, for the official")
        OFFICIAL_SWITCHED = "official_switched", _("Reception held elsewhere, for the official")
        OFFICIAL_CANCELLED = "official_cancelled", _("Reception cancelled, for the official")
        OFFICIAL_TOMORROW = "official_tomorrow", _("Receptions of tomorrow, for the official")
        STAFF_FACTOR_SET = "staff_factor_set", _("Second factor set up, for staff")
        STAFF_FACTOR_RESET = "staff_factor_reset", _("Second factor reset, for staff")
        STAFF_CASE = "staff_case", _("Application handed over, for staff")
        UNUSUAL_LOOKS = "staff_looks", _("Unusually many cases opened, for heads")
        TEXT_TRIAL = "text_trial", _("Trial of a letter’s text, for staff")
        CONSENT_CODE = "consent_code", _("Code for the consent to help")
        TYPED_CODE = "typed_code", _("Code to confirm the application that a centre has typed")
        MANDATE_ENDED = "mandate_ended", _("Consent to help revoked")
        SLIP = "slip", _("Slip of a centre, by email")
        SLIP_TEXT = "slip_text", _("Slip of a centre, by SMS")
        CENTRE_INVITATION = "centre_invitation", _("Invitation to work in a centre")
        CENTRE_REFUSED = "centre_refused", _("Access of a centre refused")
        CENTRE_SUSPENDED = "centre_suspended", _("Access of a centre suspended, for its heads")
        CENTRE_RESUMED = "centre_resumed", _("Access of a centre given back, for its heads")
        CENTRE_BLOCKED = "centre_blocked", _("Work in a centre blocked, for staff")
        CENTRE_TEST = "centre_test", _("Test to be taken, for staff")
        CENTRE_TEST_PASSED = "centre_test_passed", _("Test passed, for staff")
        CENTRE_RIGHT_ENDS = "centre_right_ends", _("Training or test ends soon, for staff")
        AGENCY_ALARM = "agency_alarm", _("Applications waiting for a decision")
        AGENCY_OVERDUE = "agency_overdue", _("Applications whose term has passed")
        AGENCY_ANSWERS_OVERDUE = "agency_answers_late", _("Answers whose term has passed")
        AGENCY_NEWS = "agency_news", _("News about an application, for moderators")
        AGENCY_OBJECTION = "agency_objection", _("Objection of a citizen, for moderators")
        AGENCY_DIGEST = "agency_digest", _("News of the day, for moderators")

    class State(models.TextChoices):
        CABINET_ONLY = "cabinet_only", _("in the account only")
        QUEUED = "queued", _("waiting to be sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("could not be sent")

    class CredentialChange(StrEnum):
        """What became of a way to sign in; kept as the fact `change`."""

        BOUND = "bound"
        UNBOUND = "unbound"

    class CaseNews(StrEnum):
        """What became of a moderator's case; kept as the fact `news`."""

        GIVEN = "given"
        TAKEN = "taken"

    class Party(StrEnum):
        """Who has cancelled; kept as the fact `by`."""

        CITIZEN = "citizen"
        AGENCY = "agency"

    class ErrorKind(models.TextChoices):
        """Why the last attempt did not send it, as staff are told."""

        MAILBOX_FULL = "mailbox_full", _("The citizen’s mailbox is full.")
        NO_SUCH_ADDRESS = "no_address", _("The address does not exist or does not accept letters.")
        REFUSED = "refused", _("The mail server refused the letter.")
        OUT_OF_DATE = "out_of_date", _("What it was about is out of date.")
        UNAVAILABLE = "unavailable", _("The mail server could not accept it for about 3 days.")
        SMS_REFUSED = "sms_refused", _("The SMS service refused the message.")
        SMS_UNAVAILABLE = "sms_unavailable", _("The SMS service could not accept it in time.")
        SMS_LIMIT = "sms_limit", _("The limit of text messages is reached.")
        SMS_LOST = "sms_lost", _("The message did not reach the phone.")
        FAULT = "fault", _("A portal error: the technical administrator can find it in the log.")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    template_version = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(max_length=10, default="uk")
    citizen = models.ForeignKey(
        "diia_videoreception.Citizen", on_delete=models.CASCADE, null=True, related_name="letters"
    )
    agency = models.ForeignKey(
        "diia_videoreception.Agency", on_delete=models.CASCADE, null=True, related_name="letters"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    application = models.ForeignKey(
        "diia_videoreception.Application",
        on_delete=models.CASCADE,
        null=True,
        related_name="letters",
    )
    centre = models.ForeignKey(
        "diia_videoreception.Centre", on_delete=models.CASCADE, null=True, related_name="+"
    )
    access_request = models.ForeignKey(
        "diia_videoreception.CentreAccessRequest",
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
    )
    facts = models.JSONField(default=dict)
    own_text = models.ForeignKey(
        "diia_videoreception.LetterText",
        on_delete=models.RESTRICT,
        null=True,
        related_name="letters",
    )
    """The agency's own words with which it was written; none for the portal's."""
    address = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    mailbox = models.ForeignKey(
        "diia_videoreception.OfficialMailbox",
        on_delete=models.CASCADE,
        null=True,
        related_name="letters",
    )
    copy_of = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="copies")
    message_id = models.CharField(max_length=120, unique=True)
    # By what the gateway knows a text message, and when it said that it has arrived.
    gateway = models.CharField(max_length=40, blank=True)
    gateway_key = models.CharField(max_length=64, blank=True)
    delivered_at = models.DateTimeField(null=True)
    state = models.CharField(_("state"), max_length=16, choices=State)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    error_kind = models.CharField(max_length=16, choices=ErrorKind, blank=True)
    smtp_code = models.PositiveSmallIntegerField(null=True)
    enhanced_status = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField(_("created"))
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="letter_due"),
            models.Index(fields=["application"], name="letter_failed", condition=Q(state="failed")),
            models.Index(
                fields=["gateway_key"], name="letter_gateway_key", condition=~Q(gateway_key="")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(citizen__isnull=False)
                | Q(agency__isnull=False)
                | Q(user__isnull=False)
                | Q(centre__isnull=False)
                | Q(access_request__isnull=False),
                name="letter_has_recipient",
            ),
            models.CheckConstraint(
                condition=Q(state="cabinet_only", phone="")
                | (~Q(address="") & Q(phone=""))
                | (Q(address="") & ~Q(phone="")),
                name="letter_goes_one_way",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What lists call it: as its subject does, also when another time than asked for is confirmed."""
        if self.kind == self.Kind.CONFIRMATION and self.facts.get("old_start"):
            return str(self.Kind.MOVED.label)
        return str(self.get_kind_display())

    @property
    def smtp_reply(self) -> SmtpReply | None:
        """What the mail server answered to the last attempt, if it answered with a refusal."""
        return SmtpReply(self.smtp_code, self.enhanced_status) if self.smtp_code else None


class AgencyNews(models.Model):
    """What an agency that wants one letter a day has not been told yet; the digest takes the row away."""

    class Kind(models.TextChoices):
        NEW = "new", _("new application")
        CANCELLED = "cancelled", _("cancelled by the citizen")
        PROPOSAL_ACCEPTED = "accepted", _("proposed time accepted")
        PROPOSAL_REFUSED = "refused", _("proposed time refused")
        PROPOSAL_EXPIRED = "unanswered", _("proposed time not answered")
        CLARIFICATION_ANSWERED = "clarified", _("question answered")
        CLARIFICATION_EXPIRED = "not_clarified", _("question not answered")
        CORRECTED = "corrected", _("corrected by the citizen")
        MOVE_REQUESTED = "move_requested", _("asks to move the reception")
        MOVE_WITHDRAWN = "move_withdrawn", _("no longer asks to move the reception")

    agency = models.ForeignKey(
        "diia_videoreception.Agency", on_delete=models.CASCADE, related_name="news"
    )
    application = models.ForeignKey(
        "diia_videoreception.Application", on_delete=models.CASCADE, related_name="news"
    )
    kind = models.CharField(max_length=16, choices=Kind)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "kind"], name="agency_news_once")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
