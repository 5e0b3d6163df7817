"""Addresses of signing in, registering and signing out."""

from django.urls import path

from diia_videoreception.web.citizen.sign_in import clock, handover, registration, signature, views
from diia_videoreception.web.citizen.signing import text_to_sign

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/<slug:alias>/start/", views.start, name="sign_in_start"),
    path("sign-in/<slug:alias>/callback/", views.callback, name="sign_in_callback"),
    path("sign-in/<slug:alias>/return/", handover.take_handover, name="sign_in_return"),
    path("sign-in/<slug:alias>/sign/", signature.sign_in_signature, name="sign_in_signature"),
    path("sign/<uuid:key>/text/", text_to_sign, name="text_to_sign"),
    path("sign-in/confirm/<uuid:key>/", handover.confirm, name="sign_in_confirm"),
    path("registration/", registration.registration, name="registration"),
    path("session/", clock.session, name="session"),
    path("sign-out/", views.sign_out, name="sign_out"),
]
