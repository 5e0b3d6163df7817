"""What goes over the wire; nothing is decided here."""

from datetime import datetime, tzinfo
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from diia_videoreception.api.documents import DocumentSerializer
from diia_videoreception.models import (
    Agency,
    CalendarFeed,
    ConsentText,
    Draft,
    Official,
    ReminderChoice,
    Unit,
)
from diia_videoreception.models.applications import Need
from diia_videoreception.models.representations import (
    MAX_DOCUMENT,
    MAX_NAME,
    MAX_NUMBER,
    MAX_TYPED_DAY,
)
from diia_videoreception.rules import representation
from diia_videoreception.rules.regions import REGIONS
from diia_videoreception.rules.representation import OnBehalf
from diia_videoreception.rules.suggesting import MAX_WORDS_TEXT, Topic
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


class SuggestionRequest(serializers.Serializer[object]):
    """What happened, in the citizen's own words, or a topic; nothing of it is stored."""

    words = serializers.CharField(allow_blank=True, default="", max_length=MAX_WORDS_TEXT)
    region = serializers.ChoiceField(
        choices=[code for code, _name in REGIONS],
        allow_blank=True,
        default="",
        help_text="Where the citizen lives, as in ISO 3166-2.",
    )
    topic = serializers.ChoiceField(
        choices=[topic.value for topic in Topic], allow_blank=True, default=""
    )

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        if not attrs["words"] and not attrs["topic"]:
            raise serializers.ValidationError(
                {"words": _("Write what happened, or choose a topic.")}
            )
        return attrs


class PieceSerializer(serializers.Serializer[object]):
    text = serializers.CharField()
    found = serializers.BooleanField()


class SuggestionSerializer(serializers.Serializer[object]):
    """An official, and why: texts in pieces, with what was found in them."""

    official = OfficialSerializer()
    competence = PieceSerializer(many=True)
    unit = PieceSerializer(many=True)
    region = serializers.CharField(help_text="Of the agency; empty for the whole of Ukraine.")


class SuggestionsSerializer(serializers.Serializer[object]):
    results = SuggestionSerializer(many=True)


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
    claims_priority = serializers.BooleanField(
        default=False,
        help_text=(
            "Whether the person says that they have the right to a priority reception. Only this is "
            "stored, never the ground; the papers are shown at the reception."
        ),
    )
    prior_number = serializers.CharField(allow_blank=True, default="", max_length=40)
    on_behalf = serializers.ChoiceField(
        choices=[one.value for one in OnBehalf],
        default=OnBehalf.SELF.value,
        help_text=(
            "For whom the applicant speaks. The answers below count for anybody but `self`; an "
            "`organisation` has no year of birth."
        ),
    )
    represented_name = serializers.CharField(allow_blank=True, default="", max_length=MAX_NAME)
    represented_born = serializers.CharField(
        allow_blank=True, default="", max_length=MAX_TYPED_DAY, help_text="Year of birth."
    )
    ground_document = serializers.CharField(allow_blank=True, default="", max_length=MAX_DOCUMENT)
    ground_number = serializers.CharField(allow_blank=True, default="", max_length=MAX_NUMBER)
    ground_date = serializers.CharField(
        allow_blank=True, default="", max_length=MAX_TYPED_DAY, help_text="Such as 2026-12-01."
    )
    ground_until = serializers.CharField(
        allow_blank=True,
        default="",
        max_length=MAX_TYPED_DAY,
        help_text="Last day of the document; empty where it has none.",
    )
    version = serializers.CharField(
        required=False,
        max_length=1000,
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
    on_behalf = serializers.ChoiceField(choices=[one.value for one in OnBehalf])
    ground_number = serializers.CharField()
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
            "claims_priority",
            "prior_number",
            *representation.ANSWERS,
            "documents",
            "problems",
            "version",
            "updated_at",
        ]

    def get_version(self, draft: Draft) -> str:
        return version_of(draft)

    @extend_schema_field(ProblemSerializer(many=True))
    def get_problems(self, draft: Draft) -> list[dict[str, str]]:
        official_id = self.context.get("official_id")
        problems = problems_of(draft, official_id=official_id, now=timezone.now())
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
        max_length=1000,
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


class ChallengeSerializer(serializers.Serializer[object]):
    """An ALTCHA challenge; its solution goes into `captcha`, as base64 of JSON."""

    parameters = serializers.DictField()
    signature = serializers.CharField()
