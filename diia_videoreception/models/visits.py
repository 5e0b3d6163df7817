"""Visits of people to a centre, and the phrases that help whoever talks with them.

Nobody's name stands here. What a person said of their need is there while the visit is open.
"""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diia_videoreception.models.centres import Centre, CentreMember, CentreWorkplace
from diia_videoreception.models.fields import LineField, TypedTextField
from diia_videoreception.rules.visits import (
    LETTERS,
    MAX_AGENCY_NAME,
    MAX_CALL_NOTE,
    MAX_NEED,
    MAX_OPEN,
    NEED_REASON,
    EidAnswer,
    VisitMode,
    VisitPhase,
    VisitReason,
)

PHASES = (
    (VisitPhase.GREETING.value, pgettext_lazy("stage of a visit", "Greeting")),
    (VisitPhase.NEED.value, pgettext_lazy("stage of a visit", "Need")),
    (VisitPhase.DECISION.value, pgettext_lazy("stage of a visit", "Decision")),
    (VisitPhase.WORK.value, pgettext_lazy("stage of a visit", "Work")),
    (VisitPhase.CHECK.value, pgettext_lazy("stage of a visit", "Check")),
    (VisitPhase.CLOSE.value, pgettext_lazy("stage of a visit", "Close")),
)
_BEFORE_WORK = [VisitPhase.GREETING.value, VisitPhase.NEED.value, VisitPhase.DECISION.value]


class CentreVisitQuerySet(models.QuerySet["CentreVisit"]):
    def open(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def untouched_since(self, moment: datetime) -> Self:
        """Keep the open ones in which nobody has done anything since then."""
        return self.open().filter(changed_at__lt=moment)


class CentreVisit(models.Model):
    """One person's visit, held by one member of the centre; several are open at once (B-50).

    Attributes:
        letter: by which the member tells it apart, as a place in `LETTERS`; none after the end.
        version: rises with each act, so that nobody acts on what another page has changed.
        need: what the person said, and `agency_name` to whom they want; wiped at the end.
    """

    MODES = (
        (VisitMode.SELF_SERVICE.value, _("Self-service workplace")),
        (VisitMode.SIDE_BY_SIDE.value, _("Help beside the person")),
        (VisitMode.ON_BEHALF.value, _("On behalf of the person")),
        (VisitMode.PAPER.value, _("Paper form")),
        (VisitMode.CONSULTATION.value, _("Advice")),
    )
    REASONS = (
        (VisitReason.NO_EID.value, _("no electronic signature or BankID")),
        (VisitReason.NO_SKILLS.value, _("does not know how to use the service")),
        (VisitReason.NO_EQUIPMENT.value, _("no computer or phone")),
        (VisitReason.HEALTH_OR_LANGUAGE.value, _("state of health or language")),
        (VisitReason.OTHER.value, _("another reason")),
    )
    EID_ANSWERS = (
        (EidAnswer.YES.value, _("yes")),
        (EidAnswer.NO.value, _("no")),
        (EidAnswer.UNKNOWN.value, _("does not know")),
    )

    class Purpose(models.TextChoices):
        RECEPTION = "reception", _("A reception with an official")
        STATE = "state", _("To learn how an application stands")
        CHANGE = "change", _("To change or cancel an application")
        OTHER = "other", _("Something else")

    class Language(models.TextChoices):
        UKRAINIAN = "uk", _("Ukrainian")
        CRIMEAN_TATAR = "crh", _("Crimean Tatar")
        ENGLISH = "en", _("English")

    class Outcome(models.TextChoices):
        SENT = "sent", _("the person has applied")
        DRAFT = "draft", _("a draft stays, the person will go on alone")
        CONSULTED = "consulted", _("the person got an answer")
        PAPER_FORM = "paper_form", _("the person took a paper form")
        NOTHING = "nothing", _("nothing came of it")

    class EndReason(models.TextChoices):
        DONE = "done", _("done")
        LEFT = "left", _("the person has left")
        DECLINED = "declined", _("the person has changed their mind")
        MISTAKE = "mistake", _("opened by mistake")
        IDLE = "idle", _("nobody did anything for long")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="visits")
    member = models.ForeignKey(CentreMember, on_delete=models.CASCADE, related_name="visits")
    letter = models.PositiveSmallIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)
    phase = models.CharField(max_length=16, choices=PHASES, default=VisitPhase.GREETING.value)
    need = TypedTextField(max_length=MAX_NEED, blank=True)
    language = models.CharField(max_length=8, choices=Language, default=Language.UKRAINIAN)
    purpose = models.CharField(max_length=16, choices=Purpose, blank=True)
    agency_name = LineField(max_length=MAX_AGENCY_NAME, blank=True)
    reason = models.CharField(max_length=24, choices=REASONS, blank=True)
    eid = models.CharField(max_length=8, choices=EID_ANSWERS, blank=True)
    mode = models.CharField(max_length=16, choices=MODES, blank=True)
    workplace = models.ForeignKey(
        CentreWorkplace, on_delete=models.SET_NULL, null=True, related_name="visits"
    )
    mandate = models.ForeignKey(
        "diia_videoreception.Mandate", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    """The consent that was asked for in it last, or that it was found under."""
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=16, choices=EndReason, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)

    objects = CentreVisitQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["centre"], name="visit_open", condition=Q(ended_at__isnull=True)),
            # What is counted of a centre lies between two days.
            models.Index(fields=["centre", "started_at"], name="visit_centre_started"),
            models.Index(
                fields=["changed_at"], name="visit_untouched", condition=Q(ended_at__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "letter"],
                condition=Q(ended_at__isnull=True),
                name="visit_letter_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, letter__lt=MAX_OPEN, end_reason="", outcome="")
                | (
                    Q(ended_at__isnull=False, letter__isnull=True, need="", agency_name="")
                    & ~Q(end_reason="")
                    & ~Q(outcome="")
                ),
                name="visit_end_says_why_and_wipes",
            ),
            models.CheckConstraint(
                condition=Q(phase__in=_BEFORE_WORK) | ~Q(mode=""), name="visit_work_has_a_way"
            ),
            models.CheckConstraint(
                condition=~Q(mode__in=sorted(NEED_REASON)) | ~Q(reason=""),
                name="visit_for_others_says_why",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="visit_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sign or '—'} {self.pk}"

    def __repr__(self) -> str:
        """Tell nothing that a person said: it gets into tracebacks and log."""
        return f"<CentreVisit: {self.public_id}>"

    @property
    def sign(self) -> str:
        """The letter as people see it; empty after the end."""
        return LETTERS[self.letter] if self.letter is not None else ""

    @property
    def way(self) -> VisitMode | None:
        return VisitMode(self.mode) if self.mode else None

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class VisitCall(models.Model):
    """A telephone call to the person during their visit; the note is wiped with the end of it."""

    class Result(models.TextChoices):
        ANSWERED = "answered", pgettext_lazy("telephone call", "answered")
        NO_ANSWER = "no_answer", _("did not answer")
        WRONG_NUMBER = "wrong_number", _("the number is wrong")

    visit = models.ForeignKey(CentreVisit, on_delete=models.CASCADE, related_name="calls")
    member = models.ForeignKey(CentreMember, on_delete=models.CASCADE, related_name="+")
    result = models.CharField(max_length=16, choices=Result)
    note = TypedTextField(max_length=MAX_CALL_NOTE, blank=True)
    called_at = models.DateTimeField()

    class Meta:
        ordering = ["called_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.result} {self.pk}"


class VisitPhrase(models.Model):
    """One line of the phrase bank that editors keep (B-83): to say, to choose from, or to remember."""

    class Kind(models.TextChoices):
        SCRIPT = "script", _("to say")
        PHRASE = "phrase", _("helpful phrase")
        REMINDER = "reminder", _("reminder for the staff")

    phase = models.CharField(_("stage of the visit"), max_length=16, choices=PHASES)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.PHRASE)
    text = TypedTextField(_("text"), max_length=300)
    position = models.PositiveSmallIntegerField(
        _("order in the list"),
        default=0,
        help_text=_("The smaller the number, the higher in the list."),
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("phrase for visits")
        verbose_name_plural = _("phrases for visits")
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="visit_phrase_has_text")]

    def __str__(self) -> str:
        return self.text
