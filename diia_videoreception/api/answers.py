"""Questions of the agency and the citizen's answers, in the API."""

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from diia_videoreception.api.documents import DocumentSerializer
from diia_videoreception.models import Answer, AnswerSignature, Clarification, Closing
from diia_videoreception.rules.clarifications import MAX_REPLY


class ClarificationSerializer(serializers.ModelSerializer[Clarification]):
    """A question of the agency; one with the outcome `open` can be answered.

    `documents` are those of the answer: until it is sent, what has been added to it so far.
    """

    id = serializers.UUIDField(source="public_id")
    outcome = serializers.SerializerMethodField()
    documents = DocumentSerializer(many=True)

    class Meta:
        model = Clarification
        fields = [
            "id",
            "question",
            "asked_at",
            "deadline",
            "outcome",
            "ended_at",
            "answer",
            "documents",
        ]

    @extend_schema_field(serializers.ChoiceField(choices=["open", *Clarification.Outcome.values]))
    def get_outcome(self, asked: Clarification) -> str:
        return asked.outcome_at(timezone.now()) or "open"


class AnswerSignatureSerializer(serializers.ModelSerializer[AnswerSignature]):
    """How the answer of the agency is signed: `signed_on` is of paper, `serial` and `url` are of a KEP."""

    url = serializers.SerializerMethodField(
        help_text="Of the answer with its signature, to be checked outside; null on paper."
    )

    class Meta:
        model = AnswerSignature
        fields = ["kind", "signer", "signed_on", "serial", "url"]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_url(self, signature: AnswerSignature) -> str | None:
        if signature.kind != AnswerSignature.Kind.KEP:
            return None
        application = signature.application.public_id
        return reverse("diia_videoreception:api:answer_signature", args=[application])


class AnswerSerializer(serializers.ModelSerializer[Answer]):
    """What the agency answered after the reception."""

    class Meta:
        model = Answer
        fields = ["text", "number", "sent_at"]


class ClosingSerializer(serializers.ModelSerializer[Closing]):
    """Why an application is not considered; `earlier_number` is of the case that it repeats."""

    class Meta:
        model = Closing
        fields = ["ground", "earlier_number", "closed_at"]


class ReplyRequest(serializers.Serializer[object]):
    text = serializers.CharField(
        allow_blank=True, max_length=MAX_REPLY, help_text="The answer in the citizen's words."
    )
