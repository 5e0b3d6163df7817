"""Where servers of conferences tell what happens in their rooms; programs only, each call is signed."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from diia_videoreception.errors import Forbidden, NotFound
from diia_videoreception.providers import conference_providers
from diia_videoreception.services.rooms.events import take_event
from diia_videoreception.web.decorators import signed_call
from integrations.conference.base import EventRefused

MAX_BYTES = 64 * 1024


@signed_call("conference_event", max_bytes=MAX_BYTES)
def events(request: HttpRequest, alias: str) -> HttpResponse:
    """Take what a server tells; the same again is taken and changes nothing."""
    provider = conference_providers().get(alias)
    if provider is None or not provider.takes_events:
        raise NotFound
    now = timezone.now()
    try:
        signed = provider.read_events(request.body, request.headers, now=now)
    except EventRefused:
        raise Forbidden from None
    take_event(alias, signed, now=now)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
