"""Page types of the service: the page with the button, pages of instructions, the rules."""

import uuid
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page
from wagtail.search import index

from cms_pages import booking
from cms_pages.agencies import AgencyDirectoryPage, AgencyDirectoryPageMixin
from cms_pages.blocks import ServicePageBody, TextPageBody, default_service_body
from cms_pages.centre_test import CentreTestPage, CentreTestPageMixin
from cms_pages.directory import CentreDirectoryPage, CentreDirectoryPageMixin
from cms_pages.forms import LatinSlugForm
from diia_videoreception.selectors.accounts import consents
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import Refused, refused_of, show_again

__all__ = [
    "AgencyDirectoryPage",
    "AgencyDirectoryPageMixin",
    "CentreDirectoryPage",
    "CentreDirectoryPageMixin",
    "CentreTestPage",
    "CentreTestPageMixin",
    "InstructionPage",
    "InstructionPageMixin",
    "RulesPage",
    "RulesPageMixin",
    "ServicePage",
    "ServicePageMixin",
]

TERMS_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]


class ServicePageMixin(models.Model):
    """What makes a page the entrance to the booking (A-01, A-20 to A-22; screen C01).

    For portals with their own base page:

        class ServicePage(ServicePageMixin, BasePage):
            template = "cms_pages/service_page.html"
            content_panels = BasePage.content_panels + ServicePageMixin.service_panels
    """

    lead = models.TextField(
        _("lead"),
        blank=True,
        max_length=400,
        help_text=_(
            "One or two sentences below the title: what people get, whether it is free and "
            "how long it takes."
        ),
    )
    picture = StreamField(
        [("image", ImageBlock(label=_("Picture"), required=False))],
        verbose_name=_("picture"),
        blank=True,
        max_num=1,
        help_text=_(
            "Shown beside the title, 16 to 10. If you leave it empty, we use our own "
            "drawing. Describe the picture in the alternative text, or mark it as decorative."
        ),
    )
    body = StreamField(ServicePageBody(), verbose_name=_("content"), default=default_service_body)
    terms = RichTextField(
        _("terms of the service"),
        features=TERMS_FEATURES,
        help_text=_(
            "What people agree to when they tick the box. Each published change becomes a "
            "new version."
        ),
    )
    is_paused = models.BooleanField(
        _("booking is paused"),
        default=False,
        help_text=_(
            "The page stays, but without the button. Applications that are already submitted "
            "do not change."
        ),
    )
    paused_until = models.DateField(
        _("paused until"),
        null=True,
        blank=True,
        help_text=_(
            "People will see this date. Booking starts again only when you untick the pause "
            "and publish the page."
        ),
    )

    service_panels = [
        FieldPanel("lead"),
        FieldPanel("picture"),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                HelpPanel(template="cms_pages/panels/terms_help.html"),
                FieldPanel("terms"),
            ],
            heading=_("Consent"),
        ),
        MultiFieldPanel([FieldPanel("is_paused"), FieldPanel("paused_until")], heading=_("Pause")),
    ]
    service_search_fields = [index.SearchField("lead"), index.SearchField("body")]
    service_api_fields = [
        APIField("lead"),
        APIField("picture"),
        APIField("body"),
        APIField("is_paused"),
        APIField("paused_until"),
    ]

    preview_modes = [
        ("", _("Guest")),
        ("signed_in", _("Signed in")),
        ("paused", _("Booking paused")),
    ]

    # Nothing else leads to a page that is new.
    show_in_menus_default = True

    # What the base page brings.
    translation_key: uuid.UUID
    locale: Any
    get_translations: Any

    class Meta:
        abstract = True

    @property
    def service_key(self) -> str:
        """Names the service in all languages of its page."""
        return str(self.translation_key)

    @property
    def service_language(self) -> str:
        return str(self.locale.language_code)

    @property
    def own_picture(self) -> Any:
        """The image that the editor has chosen, as far as it is still in the library."""
        return next((block.value for block in self.picture if block.value), None)

    def is_live_in_another_language(self) -> bool:
        return bool(self.get_translations().filter(live=True).exists())

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        context["booking"] = kwargs.get("booking") or self._booking(request)
        context["layout"] = booking.layout_of(self.body)
        if context["booking"].error:
            context["error_summary"] = [("agree", context["booking"].error)]
        return context

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        # The header tells the same as the page, whoever the editor is here as a citizen.
        stand_in = booking.stand_in(now=timezone.now()) if mode_name == "signed_in" else None
        request.citizen = stand_in  # type: ignore[attr-defined]
        return self.get_context(request, booking=self._booking_in_preview(mode_name))

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page; a POST is the pressed button."""
        request.is_preview = False  # type: ignore[attr-defined]
        state = self._booking(request)
        if request.method == "POST":
            result = booking.go_on(request, state, now=timezone.now())
            if isinstance(result, HttpResponse):
                return result
            if not result.error:
                return SeeOther(request.get_full_path())
            return show_again(
                request, request.get_full_path(), Refused({"agree": [str(result.error)]})
            )
        refused = refused_of(request)
        if refused is not None:
            state = state.refused(refused.summary[0][1])
        response = TemplateResponse(
            request,
            self.get_template(request, *args, **kwargs),  # type: ignore[attr-defined]
            self.get_context(request, *args, booking=state, **kwargs),
        )
        # The same address shows a guest and a signed-in citizen different things.
        patch_cache_control(response, private=True, no_store=True)
        return response

    def _booking(self, request: HttpRequest) -> booking.Booking:
        return booking.booking_of(
            request,
            service=self.service_key,
            language=self.service_language,
            terms=self.terms,
            now=timezone.now(),
        )

    def _booking_in_preview(self, mode: str) -> booking.Booking:
        paused = mode == "paused" or self.is_paused
        return booking.Booking(
            status=booking.BookingStatus.PAUSED if paused else booking.BookingStatus.OPEN,
            terms=self.terms,
            is_signed_in=mode == "signed_in",
            paused_until=booking.upcoming(self.paused_until, now=timezone.now())
            if paused
            else None,
        )


class ServicePage(ServicePageMixin, Page):
    """The service page of a portal that uses Wagtail's own base page."""

    template = "cms_pages/service_page.html"
    base_form_class = LatinSlugForm
    content_panels = Page.content_panels + ServicePageMixin.service_panels
    search_fields = Page.search_fields + ServicePageMixin.service_search_fields
    api_fields = ServicePageMixin.service_api_fields
    page_description = _(
        "Start page for booking video receptions, with the consent and the button."
    )

    class Meta:
        verbose_name = _("service page")
        verbose_name_plural = _("service pages")


class InstructionPageMixin(models.Model):
    """A page of instructions, rules or answers (A-02; screen C02), for any base page."""

    lead = models.TextField(_("lead"), blank=True, max_length=400)
    body = StreamField(TextPageBody(), verbose_name=_("content"), blank=True)

    text_panels = [FieldPanel("lead"), FieldPanel("body")]
    text_search_fields = [index.SearchField("lead"), index.SearchField("body")]
    text_api_fields = [APIField("lead"), APIField("body")]

    show_in_menus_default = True

    class Meta:
        abstract = True


class InstructionPage(InstructionPageMixin, Page):
    """A page of instructions of a portal that uses Wagtail's own base page."""

    template = "cms_pages/instruction_page.html"
    base_form_class = LatinSlugForm
    content_panels = Page.content_panels + InstructionPageMixin.text_panels
    search_fields = Page.search_fields + InstructionPageMixin.text_search_fields
    api_fields = InstructionPageMixin.text_api_fields
    page_description = _("Step-by-step instructions, rules or answers.")

    class Meta:
        verbose_name = _("instruction page")
        verbose_name_plural = _("instruction pages")


class RulesPageMixin(models.Model):
    """The rules of the system, which people agree to when they register (A-13), for any base page.

    One page in each language is enough: whichever was published last is in force.
    """

    lead = models.TextField(_("lead"), blank=True, max_length=400)
    rules = RichTextField(
        _("rules of the system"),
        features=TERMS_FEATURES,
        help_text=_(
            "What people agree to when they register. Each published change becomes a new version."
        ),
    )

    rules_panels = [
        FieldPanel("lead"),
        MultiFieldPanel(
            [
                HelpPanel(template="cms_pages/panels/terms_help.html"),
                FieldPanel("rules"),
            ],
            heading=_("Consent"),
        ),
    ]
    rules_search_fields = [index.SearchField("lead"), index.SearchField("rules")]
    rules_api_fields = [APIField("lead"), APIField("rules")]

    # What the base page brings.
    locale: Any

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        in_force = consents.rules_in_force().filter(language=self.locale.language_code)
        context["edition"] = in_force.first()
        return context


class RulesPage(RulesPageMixin, Page):
    """The rules of a portal that uses Wagtail's own base page."""

    template = "cms_pages/rules_page.html"
    base_form_class = LatinSlugForm
    content_panels = Page.content_panels + RulesPageMixin.rules_panels
    search_fields = Page.search_fields + RulesPageMixin.rules_search_fields
    api_fields = RulesPageMixin.rules_api_fields
    page_description = _("Rules of the system that people agree to when they register.")

    class Meta:
        verbose_name = _("page of the rules")
        verbose_name_plural = _("pages of the rules")
