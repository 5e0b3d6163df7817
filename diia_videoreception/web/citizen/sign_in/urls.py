"""Addresses of signing in and out."""

from django.urls import path

from diia_videoreception.web.citizen.sign_in import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/<slug:alias>/start/", views.start, name="sign_in_start"),
    path("sign-in/<slug:alias>/return/", views.take_handover, name="sign_in_return"),
    path("sign-in/confirm/<uuid:key>/", views.confirm, name="sign_in_confirm"),
    path("sign-out/", views.sign_out, name="sign_out"),
]
