"""StreamField blocks of the service and text pages (A-02, A-06, A-09)."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from diia_videoreception.rules import lead_time
from diia_videoreception.selectors.booking.catalogue import connected_agencies

TEXT_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]
LINE_FEATURES = ["bold", "italic", "ol", "ul", "link"]


class RequirementIcon(models.TextChoices):
    """The drawings that a requirement can have, by their names in `web.icons`."""

    SCREEN = "screen", _("computer")
    PHONE = "phone", _("phone")
    CAMERA = "camera", _("camera")
    MICROPHONE = "microphone", _("microphone")
    HEADPHONES = "headphones", _("headphones or speakers")
    WIFI = "wifi", _("internet")
    KEY = "key", _("key (signature)")
    FILE = "file", _("document")
    CHECK = "check", _("tick")


class TextBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES)

    class Meta:
        label = _("Text")
        icon = "doc-full"
        template = "cms_pages/blocks/text.html"


class NoticeBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Main sentence"), max_length=200)
    text = blocks.RichTextBlock(label=_("Explanation"), features=["bold", "link"], required=False)
    show_earliest_day = blocks.BooleanBlock(
        label=_("Show the earliest possible day"),
        help_text=_("Counted from the lead time of the connected agencies."),
        required=False,
    )

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        if value.get("show_earliest_day"):
            context["earliest_day"] = earliest_day(timezone.now())
        return context

    class Meta:
        label = _("Notice")
        icon = "warning"
        template = "cms_pages/blocks/notice.html"


class NoticeOfStepsBlock(NoticeBlock):
    """The same, but an empty one is simply not shown."""

    title = blocks.CharBlock(label=_("Main sentence"), max_length=200, required=False)


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("What to do"), max_length=200, required=False)
    text = blocks.RichTextBlock(label=_("Explanation"), features=LINE_FEATURES, required=False)

    class Meta:
        label = _("Step")
        icon = "list-ol"


class StepsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    intro = blocks.RichTextBlock(
        label=_("Before the steps"), features=LINE_FEATURES, required=False
    )
    steps = blocks.ListBlock(StepBlock(), label=_("Steps in order"), min_num=1)
    notice = NoticeOfStepsBlock(label=_("Notice below the steps"), required=False)

    class Meta:
        label = _("Steps")
        icon = "list-ol"
        template = "cms_pages/blocks/steps.html"


class RequirementBlock(blocks.StructBlock):
    icon = blocks.ChoiceBlock(
        label=_("Drawing"), choices=RequirementIcon.choices, default=RequirementIcon.CHECK
    )
    text = blocks.CharBlock(label=_("What is needed"), max_length=120)

    class Meta:
        label = _("Requirement")


class RequirementsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    items = blocks.ListBlock(RequirementBlock(), label=_("What people need"), min_num=1)
    text = blocks.RichTextBlock(label=_("Below the list"), features=LINE_FEATURES, required=False)

    class Meta:
        label = _("Requirements")
        icon = "desktop"
        template = "cms_pages/blocks/requirements.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = blocks.RichTextBlock(label=_("Answer"), features=LINE_FEATURES)

    class Meta:
        label = _("Question")


class FaqBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions and answers"), min_num=1)

    class Meta:
        label = _("Questions and answers")
        icon = "help"
        template = "cms_pages/blocks/faq.html"


class ContactBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Way to contact"), max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "link"])

    class Meta:
        label = _("Way to contact")


class ContactsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    ways = blocks.ListBlock(ContactBlock(), label=_("Ways to get help"), min_num=1)

    class Meta:
        label = _("Contacts and other ways")
        icon = "mail"
        template = "cms_pages/blocks/contacts.html"


class DocumentBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Name of the link"), max_length=200)
    document = DocumentChooserBlock(label=_("Document"))

    class Meta:
        label = _("Document")


class DocumentsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    documents = blocks.ListBlock(DocumentBlock(), label=_("Documents"), min_num=1)

    class Meta:
        label = _("Documents")
        icon = "doc-full-inverse"
        template = "cms_pages/blocks/documents.html"


class ServiceLinkBlock(blocks.StructBlock):
    """The way from an instruction to the service (A-11)."""

    page = blocks.PageChooserBlock(label=_("Service page"))
    text = blocks.CharBlock(
        label=_("Text of the link"),
        max_length=60,
        required=False,
        help_text=_("“Go to the service” when left empty."),
    )

    class Meta:
        label = _("Link to the service")
        icon = "link"
        template = "cms_pages/blocks/service_link.html"


def agency_choices() -> list[tuple[str, str]]:
    """Return the agencies that can be chosen now, as an editor picks one."""
    return [(str(key), name) for key, name in connected_agencies().values_list("pk", "name")]


class BookingLinkBlock(blocks.StructBlock):
    """The way from any page to choosing a time, at one agency where it is named (A-24)."""

    agency = blocks.ChoiceBlock(
        label=_("Agency"),
        choices=agency_choices,
        required=False,
        help_text=_(
            "People then see its officials at once. If it no longer receives anybody, the link leads to all."
        ),
    )
    text = blocks.CharBlock(
        label=_("Text of the link"),
        max_length=60,
        required=False,
        help_text=_("“Choose a time” when left empty."),
    )

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        key = str(value.get("agency") or "")
        known = key.isdecimal() and connected_agencies().filter(pk=int(key)).exists()
        return context | {"agency_key": key if known else ""}

    class Meta:
        label = _("Link to choosing a time")
        icon = "date"
        template = "cms_pages/blocks/booking_link.html"


class DeviceCheckBlock(blocks.StructBlock):
    """The check of camera, microphone, sound and connection as a part of a page (A-09)."""

    intro = blocks.RichTextBlock(
        label=_("Before the check"), features=LINE_FEATURES, required=False
    )

    class Meta:
        label = _("Device check")
        icon = "view"
        template = "cms_pages/blocks/device_check.html"


class TextPageBody(blocks.StreamBlock):
    """What a page of instructions is made of."""

    text = TextBlock()
    steps = StepsBlock()
    notice = NoticeBlock()
    requirements = RequirementsBlock()
    faq = FaqBlock()
    contacts = ContactsBlock()
    documents = DocumentsBlock()
    service_link = ServiceLinkBlock()
    booking_link = BookingLinkBlock()
    device_check = DeviceCheckBlock()

    class Meta:
        block_counts = {"device_check": {"max_num": 1}}


class ServicePageBody(blocks.StreamBlock):
    """What a service page is made of; the three stages are never missing (A-06)."""

    booking_button = blocks.StaticBlock(
        label=_("Consent and button"),
        icon="tick",
        admin_text=_(
            "The “I agree …” tick box and the button. If this is the first block, they are "
            "beside the text on wide screens."
        ),
    )
    text = TextBlock()
    steps = StepsBlock()
    notice = NoticeBlock()
    requirements = RequirementsBlock()
    faq = FaqBlock()
    contacts = ContactsBlock()
    documents = DocumentsBlock()
    device_check = DeviceCheckBlock()

    class Meta:
        block_counts = {
            "booking_button": {"max_num": 1},
            "steps": {"min_num": 1},
            "device_check": {"max_num": 1},
        }


def default_service_body() -> list[tuple[str, Any]]:
    """Return what a new service page begins with, in the language of the editor."""
    stages = (
        gettext("Apply for a video reception"),
        gettext("Get a letter saying that the application is being considered"),
        gettext("Get the confirmed date and time of the reception"),
    )
    return [
        ("booking_button", None),
        (
            "steps",
            {
                "heading": gettext("How to get a reception"),
                "intro": "",
                "steps": [{"title": stage, "text": ""} for stage in stages],
                "notice": {"title": "", "text": "", "show_earliest_day": False},
            },
        ),
    ]


def earliest_day(now: datetime) -> date | None:
    """Return the first date for which any connected agency still takes applications (A-32)."""
    policies = (
        connected_agencies()
        .order_by()
        .values_list("lead_time_policy", "lead_days", "time_zone")
        .distinct()
    )
    return min(
        (
            lead_time.first_bookable_date(now, policy=policy, days=days, zone=ZoneInfo(zone))
            for policy, days, zone in policies
        ),
        default=None,
    )
