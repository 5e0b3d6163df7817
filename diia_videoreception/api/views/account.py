"""What a citizen has chosen for their account."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from diia_videoreception.api import serializers
from diia_videoreception.api.base import CitizenView
from diia_videoreception.selectors.accounts.citizens import reminder_choice_of
from diia_videoreception.services.accounts.reminders import ChosenReminders, choose_reminders


class Reminders(CitizenView):
    @extend_schema(operation_id="reminders", responses=serializers.RemindersSerializer)
    def get(self, request: Request) -> Response:
        """Return how and when the citizen is reminded of receptions."""
        choice = reminder_choice_of(self.actor.citizen)
        return Response(serializers.RemindersSerializer(choice).data)

    @extend_schema(
        operation_id="reminders_choose",
        request=serializers.RemindersSerializer,
        responses=serializers.RemindersSerializer,
    )
    def put(self, request: Request) -> Response:
        """Choose how and when; without a way or a time there are no reminders."""
        wanted = serializers.RemindersSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        chosen = ChosenReminders(**wanted.validated_data)
        choice = choose_reminders(actor=self.actor, chosen=chosen, now=timezone.now())
        return Response(serializers.RemindersSerializer(choice).data)
