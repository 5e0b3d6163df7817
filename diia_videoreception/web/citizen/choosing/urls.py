"""Addresses of choosing and holding a time."""

from django.urls import path

from diia_videoreception.web.citizen.choosing import seats, views

urlpatterns = [
    path("choose/", views.choose, name="choose"),
    path("choose/seat/", seats.choose_seat, name="choose_seat"),
    path("choose/reserve/", views.reserve, name="reserve"),
    path("choose/holding/", views.holding, name="holding"),
    path("choose/release/", views.release, name="release"),
    path("captcha/", views.captcha, name="captcha"),
]
