"""Drafts, applications and the receptions that come of them."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diia_videoreception.models.fields import (
    DerivingModel,
    FoldedField,
    LineField,
    StateField,
    TypedTextField,
)
from diia_videoreception.models.representations import DraftedRepresentation
from diia_videoreception.personal_data import decrypt
from diia_videoreception.rules import transitions
from diia_videoreception.rules.phones import MAX_TEXT
from diia_videoreception.rules.refusals import NextStep
from diia_videoreception.rules.slots import Interval
from diia_videoreception.rules.transitions import State

if TYPE_CHECKING:
    from diia_videoreception.models.corrections import Correction
    from diia_videoreception.models.documents import Document
    from diia_videoreception.models.move_requests import MoveRequest
    from diia_videoreception.models.proposals import Proposal


class Need(models.TextChoices):
    """What a person may need during the reception, told voluntarily (B-63)."""

    MORE_TIME = "more_time", _("More time for the conversation")
    SIGN_LANGUAGE = "sign_language", _("Interpreting into Ukrainian Sign Language")
    INTERPRETER = "interpreter", _("An interpreter into another language")
    CHAT = "chat", _("To communicate in writing, in the chat")
    COMPANION = "companion", _("A helper or representative will be with me")


class Questions(models.Model):
    """What a citizen tells about the reception; the same in a draft and in an application."""

    topic = TypedTextField(_("Summary of the question"), blank=True)
    phone = models.CharField(_("Contact phone"), max_length=20, blank=True)
    needs = models.JSONField(_("What you need during the reception"), default=list, blank=True)
    companion = LineField(_("Who will be with you"), max_length=200, blank=True)
    # Whether they claim it, never on what ground: that would tell of health, family or service.
    claims_priority = models.BooleanField(_("claims priority"), default=False)

    class Meta:
        abstract = True

    @property
    def needs_labels(self) -> list[str]:
        return [str(Need(value).label) for value in self.needs if value in Need.values]


class Draft(Questions, DraftedRepresentation):
    """What a citizen has typed and not filed yet; one per citizen, kept over any expiry of a hold."""

    citizen = models.OneToOneField(
        "diia_videoreception.Citizen", on_delete=models.CASCADE, related_name="draft"
    )
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    typed = models.OneToOneField(
        "diia_videoreception.TypedDraft",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="draft",
    )
    # As typed: longer than the number that is filed.
    phone = LineField(_("Contact phone"), max_length=MAX_TEXT, blank=True)
    email = models.EmailField(blank=True)
    prior_number = LineField(max_length=40, blank=True)
    # Texts that gave way to others, by answer, as `rules.displaced` has them, until the person chooses.
    other_texts = models.JSONField(default=dict, blank=True)
    # The answers that a program wrote last.
    by_programs = models.JSONField(default=list, blank=True)
    # What tabs have sent, as `rules.merging` reads it.
    tabs = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk}"


MAX_OUTGOING_NUMBER = 60

_STATES = {
    State.SUBMITTED: _("submitted"),
    State.IN_REVIEW: _("in review"),
    State.CLARIFICATION: _("clarification needed"),
    State.CONFIRMED: _("time confirmed"),
    State.DECLINED: _("declined"),
    State.ANSWERED: _("answered in writing"),
    State.NOT_CONSIDERED: _("consideration ended"),
    State.CANCELLED: pgettext_lazy("application", "cancelled"),
    State.LAPSED: _("not considered in time"),
    State.COMPLETED: pgettext_lazy("reception", "took place"),
    State.CITIZEN_ABSENT: _("did not take place: the citizen did not come"),
    State.AGENCY_ABSENT: _("did not take place because of the agency"),
}


class Application(Questions, DerivingModel):
    """A filed application for a reception. State changes are compare-and-swap on (state, version)."""

    State = State

    class Channel(models.TextChoices):
        WEB = "web", _("portal")
        API = "api", _("API")
        KIOSK = "kiosk", _("self-service place of a centre")
        INTERMEDIARY = "intermediary", _("centre, on behalf of the citizen")

    class Confirmation(models.TextChoices):
        """How the person has confirmed what was typed for them."""

        SMS_CODE = "sms_code", _("with a code from SMS")
        OWN_BROWSER = "own_browser", _("on a screen of their own")
        PAPER = "paper", _("with a signature on paper")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    citizen = models.ForeignKey(
        "diia_videoreception.Citizen",
        on_delete=models.PROTECT,
        related_name="applications",
        verbose_name=_("citizen"),
    )
    official = models.ForeignKey(
        "diia_videoreception.Official",
        on_delete=models.PROTECT,
        related_name="applications",
        verbose_name=_("official"),
    )
    # The official's own: an official with applications stays with the agency.
    agency = models.ForeignKey(
        "diia_videoreception.Agency",
        on_delete=models.PROTECT,
        related_name="applications",
        # The indexes below begin with it.
        db_index=False,
        verbose_name=_("agency"),
    )
    state = StateField(
        _("state"),
        max_length=16,
        choices=[(state.value, _STATES[state]) for state in State],
        default=State.SUBMITTED,
    )
    version = models.PositiveIntegerField(default=1)
    start = models.DateTimeField(_("start"))
    end = models.DateTimeField(_("end"))
    requested_start = models.DateTimeField(_("requested time"))
    # The seat of a centre from which the citizen speaks; None for who connects on their own.
    seat = models.ForeignKey(
        "diia_videoreception.CentreWorkplace",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="receptions",
        db_index=False,
        verbose_name=_("seat of a centre"),
    )
    # When the centre noted that they had come to the seat; of an earlier time it says nothing.
    arrived_at = models.DateTimeField(null=True, blank=True)
    letters_address = models.EmailField(_("address for letters"), blank=True)
    prior = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("previous application"),
    )
    consent = models.ForeignKey(
        "diia_videoreception.ConsentAcceptance",
        on_delete=models.PROTECT,
        related_name="applications",
    )
    level = models.CharField(max_length=16)
    method = models.CharField(max_length=40)
    channel = models.CharField(_("channel"), max_length=16, choices=Channel, default=Channel.WEB)
    # Where it was made, if that was in a centre.
    centre = models.ForeignKey(
        "diia_videoreception.Centre",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        # Looked for by number, or by citizen.
        db_index=False,
        verbose_name=_("centre"),
    )
    # Who typed it for the person there, by which consent, and how the person confirmed it (B-36, B-37).
    mandate = models.ForeignKey(
        "diia_videoreception.Mandate",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        db_index=False,
    )
    entered_by = models.ForeignKey(
        "diia_videoreception.CentreMember",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_with = models.CharField(max_length=16, choices=Confirmation, blank=True)
    # Which member typed which answer, when, by the name of the answer.
    entered = models.JSONField(default=dict, blank=True)
    language = models.CharField(_("language of the letters"), max_length=10, default="uk")
    draft_token = models.UUIDField(unique=True)
    submitted_at = models.DateTimeField(_("submitted at"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = TypedTextField(_("reason"), blank=True)
    # What the agency answered instead of a reception, and under which number it went out.
    written_answer = TypedTextField(_("answer in writing"), blank=True)
    outgoing_number = LineField(_("outgoing number"), max_length=MAX_OUTGOING_NUMBER, blank=True)
    # Under which the agency has registered the case in its own books.
    registration_number = LineField(
        _("registration number"), max_length=MAX_OUTGOING_NUMBER, blank=True
    )
    legal_ground = TypedTextField(_("legal ground"), blank=True)
    whom_to_ask = TypedTextField(_("whom to ask"), blank=True)
    next_step = models.CharField(
        max_length=16,
        choices=[(step.value, step.value) for step in NextStep],
        default=NextStep.SAME_OFFICIAL.value,
    )
    alarmed_at = models.DateTimeField(null=True, blank=True)
    # The last correction of the citizen, until somebody of the agency has read it or decided.
    corrected_at = models.DateTimeField(null=True, blank=True)
    # The question that waits for the citizen's answer.
    clarification = models.OneToOneField(
        "diia_videoreception.Clarification",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # When the agency's term for the decision passes, as the citizen was told; kept while it waits, so
    # that the few that are late can be found among all.
    decide_by = models.DateTimeField(null=True, blank=True)
    overdue_alarmed_at = models.DateTimeField(null=True, blank=True)
    search_text = FoldedField(of=("number", "phone", "topic", "registration_number"))

    # The newest time proposed for it, where `with_last_proposal` has read it along.
    last_proposal: "Proposal | None" = None
    # Whether the citizen was ever asked about it, where `worklist.case_of` has read it along.
    was_asked: bool = True
    # Whether who reads it heads its agency, where `worklist.case_of` has read it along.
    is_of_head: bool = False
    # Whether the citizen has corrected it, where `worklist.case_of` has read it along.
    was_corrected: bool = True
    # Whether a colleague was at it lately, where `worklist.case_of` has read it along.
    is_visited: bool = True
    # Whether the citizen has others to its official, where `worklist.case_of` has read it along.
    has_others: bool = True
    # The newest wish to move it, where `with_last_request` has read it along.
    last_request: "MoveRequest | None" = None
    # Who may extend the agency's term for the decision, where `with_term` has read it along.
    term_extender: str | None = None

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        indexes = [
            models.Index(fields=["state", "start"], name="application_state_start"),
            models.Index(fields=["citizen", "state"], name="application_citizen_state"),
            models.Index(fields=["-submitted_at", "-id"], name="application_newest"),
            models.Index(
                fields=["agency", "-submitted_at", "-id"], name="application_agency_newest"
            ),
            models.Index(fields=["agency", "state", "start"], name="application_agency_state"),
            models.Index(fields=["state", "-submitted_at", "-id"], name="application_state_newest"),
            models.Index(
                fields=["agency", "state", "-submitted_at", "-id"],
                name="application_agency_state_new",
            ),
            models.Index(fields=["agency", "start"], name="application_agency_start"),
            models.Index(fields=["start"], name="application_start"),
            models.Index(
                fields=["end"], name="application_to_note", condition=Q(state="confirmed")
            ),
            # What waits, as moderators see it: those with priority first. Few of all, for a whole
            # index would lead through every decided case with priority.
            models.Index(
                fields=["-claims_priority", "-submitted_at", "-id"],
                name="application_waiting",
                condition=Q(state__in=["submitted", "in_review", "clarification"]),
            ),
            models.Index(
                fields=["agency", "-claims_priority", "-submitted_at", "-id"],
                name="application_agency_waiting",
                condition=Q(state__in=["submitted", "in_review", "clarification"]),
            ),
            # What is not decided, by its time: the few that began so are found among many that are over.
            models.Index(
                fields=["start"],
                name="application_undecided",
                condition=Q(state__in=["submitted", "in_review", "clarification"]),
            ),
            models.Index(
                fields=["decide_by"],
                name="application_term",
                condition=Q(decide_by__isnull=False),
            ),
            # Receptions at seats of centres: few of all.
            models.Index(
                fields=["seat", "start"],
                name="application_seat",
                condition=Q(seat__isnull=False),
            ),
            # Typed in centres for people, whose later ways are counted: few of all.
            models.Index(
                fields=["centre", "submitted_at"],
                name="application_on_behalf",
                condition=Q(channel="intermediary"),
            ),
            # Corrected and not read yet: few of all.
            models.Index(
                fields=["corrected_at"],
                name="application_corrected",
                condition=Q(corrected_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")), name="application_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""),
                name="application_declined_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_considered") | ~Q(reason="") & ~Q(legal_ground=""),
                name="application_not_considered_has_ground",
            ),
            models.CheckConstraint(
                condition=(Q(state="answered") & ~Q(written_answer="") & ~Q(outgoing_number=""))
                | (~Q(state="answered") & Q(written_answer="", outgoing_number="")),
                name="application_answered_has_answer",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["submitted", "in_review", "clarification"])
                | Q(decided_at__isnull=False),
                name="application_decided_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="clarification", clarification__isnull=False)
                | (~Q(state="clarification") & Q(clarification__isnull=True)),
                name="application_asked_has_question",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["web", "api"], centre__isnull=True)
                | Q(channel__in=["kiosk", "intermediary"], centre__isnull=False),
                name="application_of_a_centre_says_which",
            ),
            models.CheckConstraint(
                condition=(
                    ~Q(channel="intermediary")
                    & Q(
                        mandate__isnull=True,
                        entered_by__isnull=True,
                        confirmed_at__isnull=True,
                        confirmed_with="",
                    )
                )
                | (
                    Q(
                        channel="intermediary",
                        mandate__isnull=False,
                        entered_by__isnull=False,
                        confirmed_at__isnull=False,
                        confirmed_with__in=["sms_code", "own_browser", "paper"],
                    )
                ),
                name="application_on_behalf_is_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def filed_documents(self) -> "models.QuerySet[Document]":
        """The documents that were filed with it or added by a correction, without those replaced since.

        Others came with an answer, or in the room.
        """
        return self.documents.filter(
            added_by__isnull=True, clarification__isnull=True, replaced_by__isnull=True
        )

    @property
    def standing_documents(self) -> "list[Document]":
        """All its documents without those replaced since, of what was read along."""
        return [one for one in self.documents.all() if one.replaced_by_id is None]

    @property
    def sent_corrections(self) -> "list[Correction]":
        """What the citizen has corrected, oldest first, of what was read along."""
        # Each correction counts the version on: of what is as it was filed nothing need be asked.
        if self.version == 1:
            return []
        return [one for one in self.corrections.all() if one.made_at is not None]

    @property
    def time(self) -> Interval:
        return Interval(self.start, self.end)

    def state_at(self, now: datetime) -> transitions.State:
        """Return where it stands: a question is open until its deadline, whoever has noted that it passed."""
        question = self.clarification
        if self.state == State.CLARIFICATION and question and not question.is_open(now):
            return State.IN_REVIEW
        return State(self.state)

    def state_in_words_at(self, now: datetime) -> str:
        """Return the same in words."""
        return str(_STATES[self.state_at(now)])


class ApplicationNumber(models.Model):
    """The last number given in a year; one row is locked while a number is taken."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Reception(models.Model):
    """The confirmed meeting of an application and how to connect to it (A-52 to A-56).

    Login and password are empty where the browser is enough.
    """

    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, related_name="reception"
    )
    conference = models.CharField(max_length=40)
    login = models.CharField(_("login"), max_length=80, blank=True)
    password_encrypted = models.TextField(blank=True)
    calendar_sequence = models.PositiveIntegerField(default=0)
    confirmed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reception")
        verbose_name_plural = _("receptions")

    def __str__(self) -> str:
        return self.application.number

    @property
    def password(self) -> str:
        """The conference password in clear; shown to the two parties only. Empty where there is none."""
        return decrypt(self.password_encrypted) if self.password_encrypted else ""
