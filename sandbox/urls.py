"""The addresses of the portal."""

from django.conf import settings
from django.conf.urls.static import static
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

handler403 = "diia_videoreception.web.errors.permission_denied"
handler400 = "diia_videoreception.web.errors.bad_request"
handler404 = "diia_videoreception.web.errors.page_not_found"
handler500 = "diia_videoreception.web.errors.server_error"

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("i18n/", include("django.conf.urls.i18n")),
    path("videoreception/", include("diia_videoreception.urls")),
    path("device-check/", include("device_check.urls")),
    path("identity/", include("sandbox.identity.urls")),
    path("authority/", include("sandbox.authority.urls")),
    path("id-gov-ua/", include("sandbox.id_gov_ua.urls")),
    path("bankid/", include("sandbox.bankid.urls")),
    path("mailbox/", include("sandbox.mailbox.urls")),
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}sandbox/favicon.svg")),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    path("", include(wagtail_urls)),
]
