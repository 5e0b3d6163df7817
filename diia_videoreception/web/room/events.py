"""Where servers of conferences tell what happens in their rooms; programs only, each call is signed."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from diia_videoreception.errors import Forbidden, NotFound
from diia_videoreception.providers import conference_providers
from diia_videoreception.services.rooms.events import take_event
from diia_videoreception.web.decorators import counted_as
from integrations.conference.base import EventRefused

MAX_BYTES = 64 * 1024


# The signature stands for the token: no browser sends this.
@csrf_exempt
@counted_as(lambda request: "conference_event")
@require_POST
def events(request: HttpRequest, alias: str) -> HttpResponse:
    """Take what a server tells; the same again is taken and changes nothing."""
    provider = conference_providers().get(alias)
    if provider is None or not provider.takes_events:
        raise NotFound
    announced = request.headers.get("Content-Length", "")
    if not announced.isdecimal() or int(announced) > MAX_BYTES:
        raise Forbidden
    now = timezone.now()
    try:
        signed = provider.read_events(request.body, request.headers, now=now)
    except EventRefused:
        raise Forbidden from None
    take_event(alias, signed, now=now)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
