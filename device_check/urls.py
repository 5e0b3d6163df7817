"""The addresses of the device check; the host includes them where it likes."""

from django.urls import include, path

app_name = "device_check"
urlpatterns = [path("", include("device_check.web.urls"))]
