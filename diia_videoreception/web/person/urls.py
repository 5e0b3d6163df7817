"""Addresses of what the person of a visit reads and confirms in a browser of their own."""

from django.urls import path

from diia_videoreception.web.person import views

urlpatterns = [
    path("person/", views.join, name="person_join"),
    path("person/match/", views.match, name="person_match"),
    path("person/consent/", views.consent, name="person_consent"),
    path("person/consent/signed/", views.signed, name="person_signed"),
    path("person/application/", views.application, name="person_application"),
    path("person/application/documents/<uuid:document>/", views.document, name="person_document"),
    path("person/done/", views.done, name="person_done"),
]
