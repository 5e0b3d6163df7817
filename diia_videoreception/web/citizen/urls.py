"""The addresses of the citizen's screens; each folder has its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("diia_videoreception.web.citizen.sign_in.urls")),
    path("", include("diia_videoreception.web.citizen.choosing.urls")),
    path("", include("diia_videoreception.web.citizen.application.urls")),
    path("", include("diia_videoreception.web.citizen.cabinet.urls")),
    path("", include("diia_videoreception.web.citizen.profile.urls")),
]
