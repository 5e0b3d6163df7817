"""Addresses of the queue for an official."""

from django.urls import path

from diia_videoreception.web.citizen.waiting import views

urlpatterns = [
    path("waiting/", views.join, name="waiting_join"),
    path("waiting/<uuid:public_id>/leave/", views.leave, name="waiting_leave"),
    path("waiting/offer/<uuid:public_id>/", views.offer, name="waiting_offer"),
]
