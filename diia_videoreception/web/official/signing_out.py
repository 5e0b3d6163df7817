"""Signing out from the pages of officials, who may have no admin to do it in."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from diia_videoreception.web.official.staff import staff_sign_in_required, staff_sign_in_url
from diia_videoreception.web.redirects import SeeOther


@require_POST
@staff_sign_in_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the whole session of this browser, as the admin does, with the second factor in it."""
    logout(request)
    return SeeOther(staff_sign_in_url())
