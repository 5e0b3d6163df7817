"""Addresses of «Мої дані»."""

from django.urls import path

from diia_videoreception.web.citizen.profile import (
    consents,
    copying,
    credentials,
    erasing,
    offered,
    reminders,
    views,
)

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/user-type/", views.user_type, name="user_type"),
    path("profile/consents/", consents.consents, name="consents"),
    path("profile/consents/<uuid:public_id>/signed/", consents.signed, name="consent_signed"),
    path("profile/copy/", copying.own_copy, name="own_copy"),
    path("profile/looks/", copying.own_looks, name="own_looks"),
    path("profile/erase/", erasing.own_erasure, name="own_erasure"),
    path("profile/offered/", offered.offered, name="offered"),
    path("profile/reminders/", reminders.reminders, name="reminders"),
    path("profile/reminders/calendar/", reminders.calendar_address, name="calendar_address"),
    path("profile/sign-out-elsewhere/", views.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("profile/bind/", credentials.bind, name="means_bind"),
    path("profile/means/<uuid:public_id>/unbind/", credentials.unbind, name="means_unbind"),
]
