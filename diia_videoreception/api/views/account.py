"""What a citizen has chosen for their account."""

from http import HTTPStatus

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from diia_videoreception import errors
from diia_videoreception.api import serializers
from diia_videoreception.api.base import CitizenView
from diia_videoreception.selectors.accounts.citizens import reminder_choice_of
from diia_videoreception.selectors.booking.calendar_feeds import feed_of_citizen
from diia_videoreception.services.accounts.calendar_feeds import end_feed, make_feed
from diia_videoreception.services.accounts.reminders import ChosenReminders, choose_reminders
from diia_videoreception.services.letters.feeds import feed_url


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


class CalendarAddress(CitizenView):
    # An answer that is kept for repetitions would keep the secret.
    is_repeatable = False

    @extend_schema(operation_id="calendar_address", responses=serializers.CalendarAddressSerializer)
    def get(self, request: Request) -> Response:
        """Return when the address that a calendar reads was made; `not_found` when there is none."""
        feed = feed_of_citizen(self.actor.citizen, now=timezone.now())
        if feed is None:
            raise errors.NotFound
        return Response(serializers.CalendarAddressSerializer(feed).data)

    @extend_schema(
        operation_id="calendar_address_make",
        request=None,
        responses={201: serializers.NewCalendarAddressSerializer},
    )
    def post(self, request: Request) -> Response:
        """Make an address, told once; the one before ends. An Idempotency-Key has no effect here."""
        secret = make_feed(actor=self.actor, now=timezone.now())
        made = serializers.NewCalendarAddressSerializer({"url": feed_url(secret)})
        return Response(made.data, status=HTTPStatus.CREATED)

    @extend_schema(operation_id="calendar_address_end", responses={204: None})
    def delete(self, request: Request) -> Response:
        """End the address at once; doing it again changes nothing."""
        end_feed(actor=self.actor, now=timezone.now())
        return Response(status=HTTPStatus.NO_CONTENT)
