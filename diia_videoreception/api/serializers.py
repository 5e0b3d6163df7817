"""What goes over the wire; nothing is decided here."""

from datetime import datetime, tzinfo
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from diia_videoreception.api.answers import ClarificationSerializer
from diia_videoreception.api.documents import DocumentSerializer
from diia_videoreception.models import (
    Agency,
    AnswerTask,
    Application,
    CalendarFeed,
    ConsentText,
    DayPart,
    Draft,
    MoveRequest,
    Official,
    Proposal,
    ReminderChoice,
    Unit,
)
from diia_videoreception.models.applications import Need
from diia_videoreception.rules.move_requests import MAX_TIMES
from diia_videoreception.rules.proposals import MAX_REASON, MAX_WISHES
from diia_videoreception.rules.terms import decide_until, last_minute
from diia_videoreception.rules.transitions import UNDECIDED_STATES, State
from diia_videoreception.selectors.booking.availability import Slot, SlotState
from diia_videoreception.services.booking.completeness import problems_of, text_of
from diia_videoreception.services.booking.drafts import version_of


class MomentField(serializers.DateTimeField):
    """A moment with offset; one that no clock of another zone can show is refused, not an error."""

    def to_internal_value(self, value: Any) -> datetime:
        try:
            return super().to_internal_value(value)
        except OverflowError:
            self.fail("overflow")


class AgencySerializer(serializers.ModelSerializer[Agency]):
    id = serializers.IntegerField()

    class Meta:
        model = Agency
        fields = ["id", "name", "short_name", "time_zone", "phone", "address", "minimum_level"]


class UnitSerializer(serializers.ModelSerializer[Unit]):
    id = serializers.IntegerField()
    parent = serializers.IntegerField(source="parent_id", allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Unit
        fields = ["id", "parent", "name"]


class OfficialSerializer(serializers.ModelSerializer[Official]):
    id = serializers.IntegerField()
    slot_minutes = serializers.IntegerField()
    unit = serializers.IntegerField(source="unit_id")
    agency = serializers.IntegerField(source="unit.agency_id")

    class Meta:
        model = Official
        fields = [
            "id",
            "agency",
            "unit",
            "last_name",
            "first_name",
            "patronymic",
            "post",
            "competence",
            "slot_minutes",
        ]


class SlotSerializer(serializers.Serializer[Slot]):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=[state.value for state in SlotState])


def _written(moment: datetime, zone: tzinfo) -> str:
    text = moment.astimezone(zone).isoformat()
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


class SlotsSerializer(serializers.Serializer[dict[str, Any]]):
    """Times within the booking window; `earliest` follows from the lead time (A-32).

    All times up to `through` are here; ask for later ones by their dates.
    """

    earliest = serializers.DateTimeField()
    last_date = serializers.DateField()
    time_zone = serializers.CharField()
    through = serializers.DateField()
    slots = SlotSerializer(many=True)

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        """Write what the fields would, in a tenth of their time: there are hundreds of slots."""
        zone = timezone.get_current_timezone()
        return {
            "earliest": _written(instance["earliest"], zone),
            "last_date": instance["last_date"].isoformat(),
            "time_zone": instance["time_zone"],
            "through": instance["through"].isoformat(),
            "slots": [
                {
                    "start": _written(slot.start, zone),
                    "end": _written(slot.end, zone),
                    "state": slot.state.value,
                }
                for slot in instance["slots"]
            ],
        }


class PeriodQuery(serializers.Serializer[object]):
    """First and last local date; at most 62 days. Without them: the first 62 of the booking window."""

    MAX_DAYS = 62

    first = serializers.DateField(required=False)
    last = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        first, last = attrs.get("first"), attrs.get("last")
        if (first is None) != (last is None):
            raise serializers.ValidationError({"last": _("Enter both dates or neither.")})
        if first is not None and not 0 <= (last - first).days < self.MAX_DAYS:  # type: ignore[operator]
            raise serializers.ValidationError(
                {"last": _("The period ends before it starts, or is longer than 62 days.")}
            )
        return attrs


class TermsSerializer(serializers.ModelSerializer[ConsentText]):
    id = serializers.IntegerField()
    version = serializers.IntegerField()

    class Meta:
        model = ConsentText
        fields = ["id", "service", "language", "version", "body", "published_at"]


class RemindersSerializer(serializers.Serializer[ReminderChoice]):
    by_email = serializers.BooleanField()
    by_sms = serializers.BooleanField()
    day_before = serializers.BooleanField()
    hour_before = serializers.BooleanField()


class CalendarAddressSerializer(serializers.ModelSerializer[CalendarFeed]):
    class Meta:
        model = CalendarFeed
        fields = ["created_at", "used_at"]


class NewCalendarAddressSerializer(serializers.Serializer[dict[str, str]]):
    url = serializers.URLField()


class HoldRequest(serializers.Serializer[object]):
    official = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    start = MomentField()
    captcha = serializers.CharField(max_length=8192, default="")


class HoldMoveRequest(serializers.Serializer[object]):
    official = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    start = MomentField()


class HoldSerializer(serializers.Serializer[object]):
    token = serializers.UUIDField()
    official = serializers.IntegerField(source="official_id")
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class DraftRequest(serializers.Serializer[object]):
    """The answers of the application; all may be empty while it is a draft."""

    topic = serializers.CharField(allow_blank=True, default="", max_length=20_000)
    phone = serializers.CharField(allow_blank=True, default="", max_length=60)
    email = serializers.EmailField(allow_blank=True, default="")
    needs = serializers.ListField(
        child=serializers.ChoiceField(choices=Need.choices), default=list, max_length=len(Need)
    )
    companion = serializers.CharField(allow_blank=True, default="", max_length=200)
    prior_number = serializers.CharField(allow_blank=True, default="", max_length=40)
    version = serializers.CharField(
        required=False,
        max_length=400,
        help_text=(
            "The version of the draft that was read. With it, answers that are not sent stay, and "
            "what others changed meanwhile is refused as `draft_changed`."
        ),
    )


class ProblemSerializer(serializers.Serializer[object]):
    """Why an answer keeps the draft from being filed: a code, and the text for the person."""

    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class DraftSerializer(serializers.ModelSerializer[Draft]):
    """A draft; it can be filed for a held time once `problems` is empty."""

    problems = serializers.SerializerMethodField()
    version = serializers.SerializerMethodField()
    needs = serializers.ListField(child=serializers.CharField())
    documents = DocumentSerializer(many=True)

    class Meta:
        model = Draft
        fields = [
            "token",
            "topic",
            "phone",
            "email",
            "needs",
            "companion",
            "prior_number",
            "documents",
            "problems",
            "version",
            "updated_at",
        ]

    def get_version(self, draft: Draft) -> str:
        return version_of(draft)

    @extend_schema_field(ProblemSerializer(many=True))
    def get_problems(self, draft: Draft) -> list[dict[str, str]]:
        problems = problems_of(draft, official_id=self.context.get("official_id"))
        return [
            {"field": name, "code": problem.value, "detail": text_of(problem)}
            for name, problem in problems.items()
        ]


class ApplicationRequest(serializers.Serializer[object]):
    draft = serializers.UUIDField()
    captcha = serializers.CharField(max_length=8192)
    official = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text="With `start`: the official whose time the citizen saw as held.",
    )
    start = MomentField(
        required=False,
        help_text=(
            "With `official`: the time that the citizen saw as held. If another one is held "
            "meanwhile, filing is refused as `hold_moved`."
        ),
    )
    version = serializers.CharField(
        required=False,
        max_length=400,
        help_text=(
            "The version of the draft that the citizen saw. If an answer, a document, a text kept "
            "beside or the address for letters differs meanwhile, filing is refused as "
            "`draft_changed`, with their names in `fields`."
        ),
    )

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        if ("official" in attrs) != ("start" in attrs):
            missing = "start" if "official" in attrs else "official"
            raise serializers.ValidationError(
                {missing: _("Enter both the official and the time, or neither.")}
            )
        return attrs


class CancelRequest(serializers.Serializer[object]):
    start = MomentField(
        required=False,
        help_text=(
            "The beginning of the reception that the citizen saw. If it is at another time "
            "meanwhile, cancelling is refused as `reception_moved`."
        ),
    )


class ProposalSerializer(serializers.ModelSerializer[Proposal]):
    """A time that the agency proposes; the earlier one stands until it is accepted."""

    id = serializers.UUIDField(source="public_id")
    official = OfficialSerializer(
        allow_null=True, help_text="Who would receive then, where that is somebody else."
    )

    class Meta:
        model = Proposal
        fields = [
            "id",
            "start",
            "end",
            "official",
            "old_start",
            "old_end",
            "reason",
            "made_at",
            "deadline",
        ]


class ProposalRefusalRequest(serializers.Serializer[object]):
    day_parts = serializers.ListField(
        child=serializers.ChoiceField(choices=DayPart.choices),
        default=list,
        max_length=len(DayPart),
        help_text="When a time would suit the citizen.",
    )
    wishes = serializers.CharField(
        default="", allow_blank=True, max_length=MAX_WISHES, help_text="The same in their words."
    )


class MoveRequestSerializer(serializers.ModelSerializer[MoveRequest]):
    """What the citizen asks for: another time; the confirmed one stands until the agency moves it."""

    id = serializers.UUIDField(source="public_id")
    times = serializers.ListField(child=serializers.DateTimeField())
    answer = serializers.SerializerMethodField(help_text="Empty while it is open.")
    words = serializers.CharField(help_text="Why it was refused.")

    class Meta:
        model = MoveRequest
        fields = ["id", "times", "reason", "made_at", "deadline", "answer", "answered_at", "words"]

    @extend_schema_field(
        serializers.ChoiceField(
            choices=["", *(value for value, _label in MoveRequest.Answer.choices)]
        )
    )
    def get_answer(self, request: MoveRequest) -> str:
        is_over = request.is_unanswered(timezone.now())
        return str(MoveRequest.Answer.EXPIRED.value if is_over else request.answer)


class MoveRequestRequest(serializers.Serializer[object]):
    times = serializers.ListField(
        child=MomentField(),
        min_length=1,
        max_length=MAX_TIMES,
        help_text="Beginnings of free times of the same official (`officials/{id}/slots`).",
    )
    reason = serializers.CharField(max_length=MAX_REASON)
    start = MomentField(
        required=False,
        help_text=(
            "The beginning of the reception that the citizen saw. If it is at another time "
            "meanwhile, asking is refused as `reception_moved`."
        ),
    )


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    id = serializers.UUIDField(source="public_id")
    official = OfficialSerializer()
    needs = serializers.ListField(child=serializers.CharField())
    prior_number = serializers.CharField(source="prior.number", default=None, allow_null=True)
    documents = DocumentSerializer(many=True)
    proposal = serializers.SerializerMethodField(
        help_text="The proposed time that waits for the citizen's answer."
    )
    move_request = MoveRequestSerializer(
        source="last_request", allow_null=True, help_text="The last request to move the reception."
    )
    decide_by = serializers.SerializerMethodField(
        help_text="By when the agency decides, as the citizen is told; null once it has."
    )

    state = serializers.SerializerMethodField()
    clarifications = ClarificationSerializer(
        many=True, help_text="What the agency asked, oldest first."
    )
    answer_by = serializers.SerializerMethodField(
        help_text="By when a written answer comes after the reception, if one is to come by a term."
    )
    passed_on_to = serializers.SerializerMethodField(
        help_text="The body that answers instead of the agency; empty where there is none.",
    )

    class Meta:
        model = Application
        fields = [
            "id",
            "number",
            "state",
            "official",
            "start",
            "end",
            "requested_start",
            "proposal",
            "clarifications",
            "move_request",
            "topic",
            "phone",
            "needs",
            "companion",
            "prior_number",
            "documents",
            "reason",
            "legal_ground",
            "whom_to_ask",
            "written_answer",
            "outgoing_number",
            "submitted_at",
            "decide_by",
            "decided_at",
            "answer_by",
            "passed_on_to",
        ]

    @extend_schema_field(serializers.ChoiceField(choices=[state.value for state in State]))
    def get_state(self, application: Application) -> str:
        return application.state_at(timezone.now()).value

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_decide_by(self, application: Application) -> str | None:
        if application.state not in UNDECIDED_STATES:
            return None
        due = decide_until(
            application.start, submitted_at=application.submitted_at, term=application.decide_by
        )
        shown: str = serializers.DateTimeField().to_representation(due)
        return shown

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_answer_by(self, application: Application) -> str | None:
        task = _task_of(application)
        if task is None or not task.is_open or task.due is None:
            return None
        shown: str = serializers.DateTimeField().to_representation(last_minute(task.due))
        return shown

    def get_passed_on_to(self, application: Application) -> str:
        task = _task_of(application)
        return str(task.passed_to) if task is not None else ""

    @extend_schema_field(ProposalSerializer(allow_null=True))
    def get_proposal(self, application: Application) -> dict[str, object] | None:
        proposal = application.last_proposal
        is_open = proposal is not None and proposal.is_open(timezone.now())
        return ProposalSerializer(proposal).data if is_open else None


def _task_of(application: Application) -> AnswerTask | None:
    """Return what the application was read with; only one that took place has any."""
    if application.state != Application.State.COMPLETED:
        return None
    return getattr(application, "answer_task", None)


class ChallengeSerializer(serializers.Serializer[object]):
    """An ALTCHA challenge; its solution goes into `captcha`, as base64 of JSON."""

    parameters = serializers.DictField()
    signature = serializers.CharField()
