"""Addresses of the page and of what its script calls."""

from django.urls import path

from device_check.web import enrolment, page, views

urlpatterns = [
    path("", page.page, name="page"),
    path("words/", page.words, name="words"),
    path("runs/", views.begin, name="runs"),
    path("runs/<uuid:public_id>/analyse/", views.analyse, name="analyse"),
    path("runs/<uuid:public_id>/steps/<str:step>/", views.report, name="step"),
    path("runs/<uuid:public_id>/finish/", views.finish, name="finish"),
    path("enrol/", enrolment.enrol, name="enrol"),
    path("ping/", views.ping, name="ping"),
    path("payload/", views.payload, name="payload"),
]
