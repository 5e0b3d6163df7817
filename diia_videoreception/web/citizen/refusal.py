"""The page of a refusal that a sent form was led to: Back and a reload send nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from diia_videoreception.web.decorators import screen
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import refused_of


@screen
def refused(request: HttpRequest) -> HttpResponse:
    """Say what `refusal_page` has kept, with its status; any other look leads to the front."""
    found = refused_of(request)
    if found is None:
        return SeeOther(reverse("diia_videoreception:front"))
    return render_page(request, **found.extra[0])
