"""Addresses of choosing and holding a time."""

from django.urls import path

from diia_videoreception.web.citizen.choosing import finding, seats, views

urlpatterns = [
    path("choose/", views.choose, name="choose"),
    path("choose/find/", finding.find_official, name="find_official"),
    path("choose/seat/", seats.choose_seat, name="choose_seat"),
    path("choose/reserve/", views.reserve, name="reserve"),
    path("choose/holding/", views.holding, name="holding"),
    path("choose/release/", views.release, name="release"),
    path("captcha/", views.captcha, name="captcha"),
]
