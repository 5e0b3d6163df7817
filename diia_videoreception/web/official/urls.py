"""Addresses of the pages of officials."""

from django.urls import path

from diia_videoreception.web.official import calendars, concluding, printing, signing_out, views

urlpatterns = [
    path("official/", views.day, name="official_day"),
    path("staff/calendars/", calendars.calendars, name="staff_calendars"),
    path("official/<uuid:public_id>/", concluding.reception, name="official_reception"),
    path(
        "official/<uuid:public_id>/documents/<uuid:document_id>/",
        views.document,
        name="official_document",
    ),
    path(
        "official/<uuid:public_id>/documents/<uuid:document_id>/signed/",
        views.container,
        name="official_container",
    ),
    path("official/<uuid:public_id>/answer/", views.signed_answer, name="official_answer"),
    path("official/<uuid:public_id>/print/", printing.application, name="official_print"),
    path("official/<uuid:public_id>/card/", printing.card, name="official_card"),
    path("official/<uuid:public_id>/conclusion/", concluding.conclude, name="official_conclude"),
    path("staff/sign-out/", signing_out.sign_out, name="staff_sign_out"),
]
