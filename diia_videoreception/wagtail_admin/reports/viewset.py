"""The addresses of reports and their place in the menu."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.selectors.reference import moderates
from diia_videoreception.wagtail_admin.addresses import OurAddresses, shown_to
from diia_videoreception.wagtail_admin.reports.exporting import ExportPage
from diia_videoreception.wagtail_admin.reports.views import ReportPage


class ReportsViewSet(OurAddresses, ViewSet):
    name = "reports"
    icon = "table"
    menu_label = _("Reports")
    menu_name = "videoreception_reports"
    menu_order = 147
    menu_item_class = shown_to(moderates)
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", ReportPage.as_view(), name="index"),
            path("export/", ExportPage.as_view(), name="export"),
        ]
