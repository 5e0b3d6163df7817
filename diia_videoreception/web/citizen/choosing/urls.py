"""Addresses of choosing and holding a time."""

from django.urls import path

from diia_videoreception.web.citizen.choosing import views

urlpatterns = [
    path("choose/", views.choose, name="choose"),
    path("choose/reserve/", views.reserve, name="reserve"),
    path("choose/holding/", views.holding, name="holding"),
    path("choose/release/", views.release, name="release"),
    path("captcha/", views.captcha, name="captcha"),
]
