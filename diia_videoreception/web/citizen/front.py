"""The bare address of the app, which people type or cut out of a longer one."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from diia_videoreception.conf import app_settings
from diia_videoreception.web.decorators import screen
from diia_videoreception.web.middleware import signed_in_citizen


@screen
def front(request: HttpRequest) -> HttpResponse:
    """Lead who is signed in to their applications, others to the service or to choosing a time."""
    if signed_in_citizen(request) is not None:
        return HttpResponseRedirect(reverse("diia_videoreception:cabinet"))
    choosing = reverse("diia_videoreception:choose")
    service = app_settings.service_url
    return HttpResponseRedirect(choosing if service in ("", request.path) else service)
