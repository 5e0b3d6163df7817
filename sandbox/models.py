"""The portal's own page type."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms_pages.models import InstructionPage, ServicePage


class HomePage(Page):
    """The front page: the services of the portal, each a card."""

    lead = models.TextField(_("lead"), blank=True)

    template = "sandbox/home_page.html"
    content_panels = [*Page.content_panels, FieldPanel("lead")]
    max_count = 1

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        services = self.get_children().live().public().in_menu().type(ServicePage).specific()
        context["services"] = services
        below = Page.objects.live().public().in_menu().type(InstructionPage)
        context["instructions"] = below.descendant_of(self)
        return context
