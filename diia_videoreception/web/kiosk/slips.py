"""The slip of a visitor who has applied at a self-service place."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from diia_videoreception.models import VisitorSession
from diia_videoreception.selectors.assistance.slips import made_by
from diia_videoreception.services.assistance.slips import give_own
from diia_videoreception.services.kiosk import visitors
from diia_videoreception.web import slips
from diia_videoreception.web.forms import read_uuid
from diia_videoreception.web.kiosk.views import HOME, visitor_required
from diia_videoreception.web.middleware import signed_in_citizen
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.throttling import throttled


@require_http_methods(["GET", "HEAD", "POST"])
@visitor_required
@throttled("slip")
def slip(request: HttpRequest, visitor: VisitorSession) -> HttpResponse:
    """Show the slip that was made a moment ago; the POST makes it."""
    actor, now = signed_in_citizen(request), timezone.now()
    if actor is None:
        return SeeOther(reverse(HOME))
    if request.method == "POST":
        application = read_uuid(request.POST.get("application", ""))
        slips.keep(request, give_own(actor.citizen, application, now=now), now=now)
        return SeeOther(request.path)
    given = slips.kept(request, partial(made_by, actor.citizen), now=now)
    if given is None:
        return SeeOther(reverse(HOME))
    visitors.keep_alive(visitor, step="kiosk_slip", now=now)
    return render_page(
        request, "kiosk/slip.html", heading=_("Your slip"), slip=slips.shown_slip(request, given)
    )
