"""Officials; their page shows the schedule in words and the free times that come of it (A-28)."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, TitleColumn

from diia_videoreception.models import Official
from diia_videoreception.selectors.booking.waiting import waiting_for
from diia_videoreception.selectors.booking.worklist import free_days
from diia_videoreception.services import reference_data
from diia_videoreception.wagtail_admin.forms import OfficialForm
from diia_videoreception.wagtail_admin.recurrence import in_words
from diia_videoreception.wagtail_admin.schedule_copying import CopySchedule
from diia_videoreception.wagtail_admin.scoped import (
    ScopedInspect,
    ScopedModelViewSet,
    YesNoColumn,
)

PREVIEW = timedelta(days=14)


class OfficialPage(ScopedInspect):
    """The schedule of one official with the times that it gives in the next two weeks."""

    template_name = "diia_videoreception/admin/official.html"
    page_title = _("Schedule")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        official = self.object
        now = timezone.now()
        today = now.astimezone(ZoneInfo(official.agency.time_zone)).date()
        context: dict[str, Any] = super().get_context_data(
            official=official,
            rules=[(rule, in_words(rule.recurrence)) for rule in official.schedule_rules.all()],
            exceptions=official.schedule_exceptions.filter(date__gte=today),
            absences=official.absences.filter(end__gt=now),
            zone=official.agency.time_zone,
            waiting=waiting_for(official),
            days=free_days(official, first=today, last=today + PREVIEW, now=now),
            add_rule_url=_add_url("schedule_rules", official),
            add_exception_url=_add_url("schedule_exceptions", official),
            add_absence_url=_add_url("absences", official),
            **kwargs,
        )
        return context


def _add_url(viewset: str, official: Official) -> str:
    return f"{reverse(f'videoreception_{viewset}:add')}?official={official.pk}"


class OfficialViewSet(ScopedModelViewSet):
    model = Official
    name = "officials"
    icon = "user"
    save = staticmethod(reference_data.save_official)
    related = ("unit__agency", "user")
    inspect_view_enabled = True
    inspect_view_class = OfficialPage
    menu_label = _("Officials")
    list_display = (
        "__str__",
        "post",
        "unit",
        Column("agency", label=_("Agency"), accessor="agency"),
        YesNoColumn("receives", label=capfirst(_("receives citizens now")), sort_key="receives"),
        TitleColumn(
            "schedule",
            label=_("Schedule"),
            accessor=lambda official: _("Show"),
            url_name="videoreception_officials:inspect",
        ),
    )
    search_fields = ("search_text", "unit__search_text", "unit__agency__search_text")
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("unit"),
                    FieldPanel("last_name"),
                    FieldPanel("first_name"),
                    FieldPanel("patronymic"),
                    FieldPanel("post"),
                    FieldPanel("competence"),
                    FieldPanel("position"),
                ],
                heading=_("Official"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("receives"),
                    FieldRowPanel([FieldPanel("slot_minutes"), FieldPanel("pause_minutes")]),
                    FieldPanel("horizon_days"),
                ],
                heading=_("Reception"),
            ),
            MultiFieldPanel([FieldPanel("user_name")], heading=_("Sign-in of the official")),
        ],
        base_form_class=OfficialForm,
    )

    @cached_property
    def inspect_template_name(self) -> str:
        return OfficialPage.template_name

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/copy/", CopySchedule.as_view(), name="copy_schedule"),
        ]
