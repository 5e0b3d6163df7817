"""Addresses of the cabinet."""

from django.urls import path

from diia_videoreception.web.citizen.cabinet import case, letters, overview

urlpatterns = [
    path("cabinet/", overview.cabinet, name="cabinet"),
    path("cabinet/<uuid:public_id>/", case.case, name="case"),
    path("cabinet/<uuid:public_id>/cancel/", case.cancel, name="case_cancel"),
    path("cabinet/<uuid:public_id>/password/", case.password, name="case_password"),
    path("cabinet/<uuid:public_id>/reception.ics", case.calendar, name="case_calendar"),
    path("letters/", letters.letters, name="letters"),
    path("letters/<uuid:public_id>/", letters.letter, name="letter"),
]
