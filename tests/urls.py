"""The addresses of the test portal."""

from importlib.util import find_spec

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]
if find_spec("diia_videoreception.urls"):
    urlpatterns += [path("videoreception/", include("diia_videoreception.urls"))]
if find_spec("device_check.urls"):
    urlpatterns += [path("device-check/", include("device_check.urls"))]
urlpatterns += [path("", include(wagtail_urls))]
