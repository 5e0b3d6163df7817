"""Where a gateway for text messages reports what became of them; programs only, each call is signed."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from diia_videoreception.errors import Forbidden, NotFound
from diia_videoreception.providers import sms_providers
from diia_videoreception.services.letters.text_messages import take_reports
from diia_videoreception.web.decorators import signed_call
from integrations.sms.base import ReportRefused

MAX_BYTES = 256 * 1024


@signed_call("sms_report", max_bytes=MAX_BYTES)
def reports(request: HttpRequest, alias: str) -> HttpResponse:
    """Take the reports of a gateway; the same ones again are taken and change nothing."""
    provider = sms_providers().get(alias)
    if provider is None or not provider.takes_reports:
        raise NotFound
    now = timezone.now()
    try:
        signed = provider.read_reports(request.body, request.headers, now=now)
    except ReportRefused:
        raise Forbidden from None
    take_reports(alias, signed, now=now)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
