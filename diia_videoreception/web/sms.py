"""Where a gateway for text messages reports what became of them; programs only, each call is signed."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from diia_videoreception.errors import Forbidden, NotFound
from diia_videoreception.providers import sms_providers
from diia_videoreception.services.letters.text_messages import take_reports
from diia_videoreception.web.decorators import counted_as
from integrations.sms.base import ReportRefused

MAX_BYTES = 256 * 1024


# The signature stands for the token: no browser sends this.
@csrf_exempt
@counted_as(lambda request: "sms_report")
@require_POST
def reports(request: HttpRequest, alias: str) -> HttpResponse:
    """Take the reports of a gateway; the same ones again are taken and change nothing."""
    provider = sms_providers().get(alias)
    if provider is None or not provider.takes_reports:
        raise NotFound
    announced = request.headers.get("Content-Length", "")
    if not announced.isdecimal() or int(announced) > MAX_BYTES:
        raise Forbidden
    now = timezone.now()
    try:
        signed = provider.read_reports(request.body, request.headers, now=now)
    except ReportRefused:
        raise Forbidden from None
    take_reports(alias, signed, now=now)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
