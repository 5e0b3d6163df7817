"""The addresses of the device check; the host includes them where it likes."""

from django.urls import URLPattern, URLResolver

app_name = "device_check"
urlpatterns: list[URLPattern | URLResolver] = []
