"""The device check of an application in the cabinet: the way to it, and its result in words (C12)."""

import uuid
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from device_check.models import CheckRun
from device_check.vocabulary import Verdict
from device_check.wording import VERDICTS
from diia_videoreception.selectors.booking.applications import application_of
from diia_videoreception.web.citizen.cabinet.states import Tag
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.redirects import SeeOther

_LOOKS: Mapping[Verdict, tuple[str, str]] = MappingProxyType(
    {
        Verdict.GOOD: ("ok", "success"),
        Verdict.USABLE: ("warning", "attention"),
        Verdict.BAD: ("alert", "error"),
        Verdict.NOT_CHECKED: ("question", ""),
    }
)


def tag_of_check(run: CheckRun) -> Tag:
    """Return how the verdict of a check is shown."""
    verdict = Verdict(run.verdict)
    icon, kind = _LOOKS[verdict]
    return Tag(VERDICTS[verdict], icon, kind)


@require_safe
@citizen_required
def check_equipment(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Lead to the device check for this application, and from there back to it.

    Letters link here, because who opens them has to sign in first.
    """
    if application_of(request.citizen.citizen, public_id) is None:
        raise Http404
    query = urlencode(
        {"context": public_id, "next": reverse("diia_videoreception:case", args=[public_id])}
    )
    return SeeOther(f"{reverse('device_check:page')}?{query}")
