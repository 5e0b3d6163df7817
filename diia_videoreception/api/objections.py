"""What the citizen says against the outcome of a reception, over the wire."""

from rest_framework import serializers

from diia_videoreception.models import Objection
from diia_videoreception.rules.objections import MAX_OBJECTION


class ObjectionSerializer(serializers.ModelSerializer[Objection]):
    """An objection to what was noted of a reception; the agency answers by the end of the day `due`."""

    answer = serializers.CharField(help_text="Empty until the agency has answered.")
    is_upheld = serializers.BooleanField(
        help_text="Whether the agency has changed what was objected to: `state` says to what."
    )

    class Meta:
        model = Objection
        fields = ["outcome", "text", "created_at", "due", "answer", "answered_at", "is_upheld"]


class ObjectionRequest(serializers.Serializer[object]):
    text = serializers.CharField(
        allow_blank=True,
        max_length=MAX_OBJECTION,
        help_text="What was different, in the citizen's words.",
    )
