"""The directory of centres as a page: editors write the lead, the list is the portal's own."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from cms_pages.forms import LatinSlugForm
from diia_videoreception.models import Centre
from diia_videoreception.selectors.centres.directory import MAX_SEARCH, found_centres, listed

ON_PAGE = 20


class CentreDirectoryPageMixin(models.Model):
    """A page where people find a centre by its name or place, for any base page."""

    lead = models.TextField(_("lead"), blank=True, max_length=400)

    directory_panels = [FieldPanel("lead")]
    directory_search_fields = [index.SearchField("lead")]

    show_in_menus_default = True

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        search = request.GET.get("q", "")[:MAX_SEARCH]
        shown = Paginator(found_centres(search), ON_PAGE).get_page(request.GET.get("p"))
        return context | {
            "search": search,
            "shown": shown,
            "centres": listed(cast("QuerySet[Centre]", shown.object_list)),
        }


class CentreDirectoryPage(CentreDirectoryPageMixin, Page):
    """The directory of a portal that uses Wagtail's own base page."""

    template = "cms_pages/centre_directory_page.html"
    base_form_class = LatinSlugForm
    content_panels = Page.content_panels + CentreDirectoryPageMixin.directory_panels
    search_fields = Page.search_fields + CentreDirectoryPageMixin.directory_search_fields
    page_description = _("List of centres that work with the portal, with a search.")

    class Meta:
        verbose_name = _("directory of centres")
        verbose_name_plural = _("directories of centres")
