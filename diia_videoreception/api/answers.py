"""Questions of the agency and the citizen's answers, and what citizens correct by themselves, in the API."""

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from diia_videoreception.api.documents import DocumentSerializer
from diia_videoreception.models import (
    Answer,
    AnswerSignature,
    Clarification,
    Closing,
    Correction,
    Need,
)
from diia_videoreception.rules.clarifications import MAX_REPLY
from diia_videoreception.services.booking.drafts import MAX_TOPIC


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
    """How the answer of the agency is signed: `signed_on` is of paper, `serial` is of a KEP."""

    url = serializers.SerializerMethodField(
        help_text="Of the answer with its KEP, to be checked outside, or of the scan of the paper; else null."
    )

    class Meta:
        model = AnswerSignature
        fields = ["kind", "signer", "signed_on", "serial", "url"]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_url(self, signature: AnswerSignature) -> str | None:
        if not signature.has_file:
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


class ChangedSerializer(serializers.Serializer[object]):
    """One corrected answer; lists are in words."""

    name = serializers.CharField()
    was = serializers.CharField(allow_blank=True)
    became = serializers.CharField(allow_blank=True)


class CorrectionSerializer(serializers.ModelSerializer[Correction]):
    """What the citizen corrected before the decision; the application has the answers as they stand."""

    id = serializers.UUIDField(source="public_id")
    changes = ChangedSerializer(many=True)
    documents = DocumentSerializer(many=True)
    replaced_documents = DocumentSerializer(many=True)

    class Meta:
        model = Correction
        fields = [
            "id",
            "made_at",
            "changes",
            "documents",
            "replaced_documents",
            "is_after_signature",
        ]


class CorrectionRequest(serializers.Serializer[object]):
    """What is left out stays as it is."""

    topic = serializers.CharField(required=False, allow_blank=True, max_length=MAX_TOPIC)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=200)
    needs = serializers.ListField(
        child=serializers.ChoiceField(choices=Need.choices), required=False, max_length=len(Need)
    )
    companion = serializers.CharField(required=False, allow_blank=True, max_length=200)
    replaced = serializers.ListField(
        child=serializers.UUIDField(),
        default=list,
        max_length=100,
        help_text="Documents in whose place come those that were added to the correction.",
    )
    own_address = serializers.BooleanField(
        default=False,
        help_text="Whether letters go to the confirmed address of the account from now on.",
    )
    version = serializers.IntegerField(
        required=False,
        min_value=0,
        help_text=(
            "Of the application as the citizen saw it. If it has changed meanwhile, correcting is "
            "refused as `correction_outdated`."
        ),
    )
