"""The addresses of the citizen's screens; each folder has its own."""

from django.urls import include, path

from diia_videoreception.web.citizen.front import front
from diia_videoreception.web.citizen.refusal import refused
from diia_videoreception.web.citizen.status import status, status_shown

urlpatterns = [
    path("", front, name="front"),
    path("refused/", refused, name="refused"),
    path("status/", status, name="status"),
    path("status/shown/", status_shown, name="status_shown"),
    path("", include("diia_videoreception.web.citizen.sign_in.urls")),
    path("", include("diia_videoreception.web.citizen.choosing.urls")),
    path("", include("diia_videoreception.web.citizen.application.urls")),
    path("", include("diia_videoreception.web.citizen.cabinet.urls")),
    path("", include("diia_videoreception.web.citizen.profile.urls")),
    path("", include("diia_videoreception.web.citizen.waiting.urls")),
]
