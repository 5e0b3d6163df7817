"""Agencies, units, officials, free times, terms: open to everybody."""

from collections.abc import Sequence

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from diia_videoreception.api import serializers
from diia_videoreception.api.base import CitizenView, View
from diia_videoreception.api.schema import paged
from diia_videoreception.models import Agency, ConsentText, Unit
from diia_videoreception.providers import captcha
from diia_videoreception.rules.suggesting import Topic
from diia_videoreception.selectors.accounts import consents
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking import availability, catalogue
from diia_videoreception.selectors.booking.suggesting import suggest
from diia_videoreception.services.accounts.consents import accept

MAX_SLOTS = 3000
"""In one answer; a day is never cut."""
SEARCH = OpenApiParameter(
    "search",
    str,
    description="Words or parts of words, in any order; all of them occur in what is found.",
)


class Agencies(View):
    @extend_schema(
        operation_id="agencies",
        parameters=[SEARCH],
        responses=paged("Agencies", serializers.AgencySerializer),
    )
    def get(self, request: Request) -> Response:
        """Return the agencies that receive by video (A-24)."""
        search = request.query_params.get("search", "")
        return self.paginated(catalogue.find_agencies(search), serializers.AgencySerializer)


class AgencyDetail(View):
    @extend_schema(operation_id="agency", responses=serializers.AgencySerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Return one agency."""
        agency = get_object_or_404(catalogue.connected_agencies(), pk=pk)
        return Response(serializers.AgencySerializer(agency).data)


class Units(View):
    @extend_schema(operation_id="units", responses=paged("Units", serializers.UnitSerializer))
    def get(self, request: Request, pk: int) -> Response:
        """Return the units of an agency; `parent` makes the tree (A-26)."""
        agency: Agency = get_object_or_404(catalogue.connected_agencies(), pk=pk)
        return self.paginated(Unit.objects.filter(agency=agency), serializers.UnitSerializer)


class Officials(View):
    @extend_schema(
        operation_id="officials",
        parameters=[OpenApiParameter("unit", int, description="Only of this unit."), SEARCH],
        responses=paged("Officials", serializers.OfficialSerializer),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return the officials of an agency who can be booked, unit by unit (A-26, A-27)."""
        agency: Agency = get_object_or_404(catalogue.connected_agencies(), pk=pk)
        unit = request.query_params.get("unit", "")
        officials = [
            official
            for node in catalogue.units_with_officials(
                agency, search=request.query_params.get("search", "")
            )
            if unit in ("", str(node.unit.pk))
            for official in node.officials
        ]
        return self.paginated(officials, serializers.OfficialSerializer)


class OfficialDetail(View):
    @extend_schema(operation_id="official", responses=serializers.OfficialSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Return one official."""
        official = get_object_or_404(catalogue.receiving_officials(), pk=pk)
        return Response(serializers.OfficialSerializer(official).data)


class Suggestions(View):
    throttle_scope = "suggestion"

    @extend_schema(
        operation_id="suggestions",
        request=serializers.SuggestionRequest,
        responses=serializers.SuggestionsSerializer,
    )
    def post(self, request: Request) -> Response:
        """Return whom to ask, the best first, by what somebody tells; by POST, so that no log has it."""
        wanted = serializers.SuggestionRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        topic = wanted.validated_data["topic"]
        found = suggest(
            wanted.validated_data["words"],
            region=wanted.validated_data["region"],
            topic=Topic(topic) if topic else None,
            now=timezone.now(),
        )
        rows = [
            {
                "official": one.official,
                "competence": _pieces(one.competence),
                "unit": _pieces(one.unit),
                "region": one.official.agency.region,
            }
            for one in found
        ]
        return Response(serializers.SuggestionsSerializer({"results": rows}).data)


def _pieces(texts: Sequence[tuple[str, bool]]) -> list[dict[str, object]]:
    return [{"text": text, "found": is_found} for text, is_found in texts]


class Slots(View):
    read_scope = "times"

    @extend_schema(
        operation_id="slots",
        parameters=[serializers.PeriodQuery],
        responses=serializers.SlotsSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return the times of an official as the caller sees them: free, taken, own (A-28)."""
        query = serializers.PeriodQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        offer = availability.offer(
            pk,
            first=query.validated_data.get("first"),
            last=query.validated_data.get("last"),
            max_days=serializers.PeriodQuery.MAX_DAYS,
            citizen=request.auth.citizen if isinstance(request.auth, SignedIn) else None,
            now=timezone.now(),
        )
        if offer is None:
            raise Http404
        days = availability.first_days(offer.days, MAX_SLOTS)
        answer = {
            "earliest": offer.window.earliest,
            "last_date": offer.window.last_date,
            "time_zone": offer.window.zone.key,
            "through": offer.through if len(days) == len(offer.days) else days[-1].date,
            "slots": [slot for day in days for slot in day.slots],
        }
        return Response(serializers.SlotsSerializer(answer).data)


class Terms(View):
    @extend_schema(operation_id="terms", responses=paged("Terms", serializers.TermsSerializer))
    def get(self, request: Request) -> Response:
        """Return the terms in force; a citizen agrees to them before booking (A-20)."""
        texts = consents.terms_in_force().order_by("service", "language")
        return self.paginated(texts, serializers.TermsSerializer)


class TermsAcceptance(CitizenView):
    @extend_schema(operation_id="accept_terms", request=None, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        """Agree to an edition of the terms; agreeing again changes nothing."""
        get_object_or_404(ConsentText, pk=pk)
        accept(citizen=self.actor.citizen, text_id=pk, now=timezone.now())
        return Response(status=204)


class CaptchaChallenge(View):
    @extend_schema(operation_id="captcha", responses=serializers.ChallengeSerializer)
    def get(self, request: Request) -> Response:
        """Return a proof of work to solve; good for one hold or one application."""
        return Response(captcha().challenge(), headers={"Cache-Control": "no-store"})
