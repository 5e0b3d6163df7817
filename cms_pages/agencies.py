"""The directory of agencies as a page: editors write the lead, the list is the portal's own."""

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.models import Page
from wagtail.search import index

from cms_pages.forms import LatinSlugForm
from diia_videoreception.rules.regions import REGIONS
from diia_videoreception.selectors.booking.agency_directory import (
    MAX_SEARCH,
    directory_agencies,
    listed_agencies,
)

ON_PAGE = 20


class AgencyDirectoryPageMixin(models.Model):
    """A page where people find who receives them and go on to choose a time (A-24), for any base page."""

    lead = models.TextField(_("lead"), blank=True, max_length=400)

    agency_panels = [FieldPanel("lead")]
    agency_search_fields = [index.SearchField("lead")]
    agency_api_fields = [APIField("lead")]

    show_in_menus_default = True

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        search = request.GET.get("q", "")[:MAX_SEARCH]
        region = request.GET.get("region", "")
        region = region if region in dict(REGIONS) else ""
        shown = Paginator(directory_agencies(search, region), ON_PAGE).get_page(
            request.GET.get("p")
        )
        return context | {
            "search": search,
            "region": region,
            "regions": REGIONS,
            "shown": shown,
            "agencies": listed_agencies(shown.object_list, search, now=timezone.now()),
        }


class AgencyDirectoryPage(AgencyDirectoryPageMixin, Page):
    """The directory of a portal that uses Wagtail's own base page."""

    template = "cms_pages/agency_directory_page.html"
    base_form_class = LatinSlugForm
    content_panels = Page.content_panels + AgencyDirectoryPageMixin.agency_panels
    search_fields = Page.search_fields + AgencyDirectoryPageMixin.agency_search_fields
    api_fields = AgencyDirectoryPageMixin.agency_api_fields
    page_description = _(
        "List of agencies and officials who receive people, with a search and a region."
    )

    class Meta:
        verbose_name = _("directory of agencies")
        verbose_name_plural = _("directories of agencies")
