"""Applications over the wire, and what may be asked about them."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from diia_videoreception.api.answers import (
    AnswerSerializer,
    AnswerSignatureSerializer,
    ClarificationSerializer,
    ClosingSerializer,
    CorrectionSerializer,
)
from diia_videoreception.api.documents import DocumentSerializer
from diia_videoreception.api.objections import ObjectionSerializer
from diia_videoreception.api.serializers import MomentField, OfficialSerializer
from diia_videoreception.models import (
    AnswerTask,
    Application,
    DayPart,
    MoveRequest,
    Proposal,
    Representation,
)
from diia_videoreception.models.representations import FOR_WHOM
from diia_videoreception.rules.move_requests import MAX_TIMES
from diia_videoreception.rules.proposals import MAX_REASON, MAX_WISHES
from diia_videoreception.rules.terms import decide_until, last_minute
from diia_videoreception.rules.transitions import OUTCOMES, UNDECIDED_STATES, State
from diia_videoreception.selectors.booking.documents import documents_of
from diia_videoreception.selectors.booking.objections import may_object_until


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


class RepresentationSerializer(serializers.ModelSerializer[Representation]):
    """Who is spoken for, and the document that allows it."""

    kind = serializers.ChoiceField(choices=[value for value, _label in FOR_WHOM[1:]])
    born = serializers.IntegerField(allow_null=True)
    number = serializers.CharField()
    date = serializers.DateField(source="dated")

    class Meta:
        model = Representation
        fields = ["kind", "name", "born", "document", "number", "date", "until", "checked_at"]


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    id = serializers.UUIDField(source="public_id")
    official = OfficialSerializer()
    needs = serializers.ListField(child=serializers.CharField())
    representation = serializers.SerializerMethodField(
        help_text="For whom the applicant speaks; null where it is for themselves."
    )
    prior_number = serializers.CharField(source="prior.number", default=None, allow_null=True)
    documents = serializers.SerializerMethodField()
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
    # The bounds of a column are those of the database, and no business of a client.
    version = serializers.IntegerField(read_only=True, min_value=0)
    clarifications = ClarificationSerializer(
        many=True, help_text="What the agency asked, oldest first."
    )
    corrections = CorrectionSerializer(
        many=True,
        source="sent_corrections",
        help_text="What the citizen corrected before the decision, oldest first.",
    )
    answer_by = serializers.SerializerMethodField(
        help_text="By when a written answer comes after the reception, if one is to come by a term."
    )
    closing = serializers.SerializerMethodField(
        help_text="On what ground the head of the agency has ended the consideration."
    )
    answer = serializers.SerializerMethodField(
        help_text="What the agency answered after the reception, once it is sent."
    )
    answer_signature = serializers.SerializerMethodField(
        help_text="How the written answer, or that after the reception, is signed."
    )
    passed_on_to = serializers.SerializerMethodField(
        help_text="The body that answers instead of the agency; empty where there is none.",
    )

    objection = serializers.SerializerMethodField(
        help_text="What the citizen has said against the outcome of the reception."
    )
    may_object_until = serializers.SerializerMethodField(
        help_text="Until when they may do so; null where there is nothing to object to, or they have."
    )

    class Meta:
        model = Application
        fields = [
            "id",
            "number",
            "registration_number",
            "state",
            "version",
            "official",
            "start",
            "end",
            "requested_start",
            "proposal",
            "clarifications",
            "corrections",
            "move_request",
            "topic",
            "phone",
            "needs",
            "companion",
            "claims_priority",
            "representation",
            "prior_number",
            "documents",
            "reason",
            "legal_ground",
            "whom_to_ask",
            "closing",
            "written_answer",
            "outgoing_number",
            "answer",
            "answer_signature",
            "submitted_at",
            "decide_by",
            "decided_at",
            "answer_by",
            "passed_on_to",
            "objection",
            "may_object_until",
        ]

    @extend_schema_field(serializers.ChoiceField(choices=[state.value for state in State]))
    def get_state(self, application: Application) -> str:
        return application.state_at(timezone.now()).value

    @extend_schema_field(RepresentationSerializer(allow_null=True))
    def get_representation(self, application: Application) -> dict[str, object] | None:
        one = getattr(application, "representation", None)
        return RepresentationSerializer(one).data if one is not None else None

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

    @extend_schema_field(DocumentSerializer(many=True))
    def get_documents(self, application: Application) -> list[dict[str, object]]:
        standing = [one for one in documents_of(application) if one.replaced_by_id is None]
        return list(DocumentSerializer(standing, many=True).data)

    @extend_schema_field(ObjectionSerializer(allow_null=True))
    def get_objection(self, application: Application) -> dict[str, object] | None:
        if application.state not in OUTCOMES.values():
            return None
        objection = getattr(application, "objection", None)
        return dict(ObjectionSerializer(objection).data) if objection else None

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_may_object_until(self, application: Application) -> str | None:
        until = may_object_until(application)
        if until is None or until <= timezone.now():
            return None
        shown: str = serializers.DateTimeField().to_representation(until)
        return shown

    @extend_schema_field(ClosingSerializer(allow_null=True))
    def get_closing(self, application: Application) -> dict[str, object] | None:
        if application.state != State.NOT_CONSIDERED:
            return None
        return ClosingSerializer(application.closing).data

    @extend_schema_field(AnswerSerializer(allow_null=True))
    def get_answer(self, application: Application) -> dict[str, object] | None:
        if application.state not in OUTCOMES.values():
            return None
        answer = getattr(application, "answer", None)
        is_sent = answer is not None and answer.sent_at is not None
        return AnswerSerializer(answer).data if is_sent else None

    @extend_schema_field(AnswerSignatureSerializer(allow_null=True))
    def get_answer_signature(self, application: Application) -> dict[str, object] | None:
        if application.state not in {State.ANSWERED, *OUTCOMES.values()}:
            return None
        signature = getattr(application, "answer_signature", None)
        return AnswerSignatureSerializer(signature).data if signature is not None else None

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
