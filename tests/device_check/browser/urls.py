"""A portal that has nothing but the device check."""

from django.urls import include, path
from django.views.generic import TemplateView

urlpatterns = [
    path("device-check/", include("device_check.urls")),
    path("done/", TemplateView.as_view(template_name="device_check/words.html")),
]
