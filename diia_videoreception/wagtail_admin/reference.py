"""Viewsets of the reference data (A-24 to A-28)."""

from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column

from diia_videoreception.models import (
    Absence,
    Agency,
    Holiday,
    ScheduleException,
    ScheduleRule,
    Unit,
)
from diia_videoreception.selectors.reference import agencies_kept_by
from diia_videoreception.services import reference_data
from diia_videoreception.services.booking import absences
from diia_videoreception.wagtail_admin import forms
from diia_videoreception.wagtail_admin.recurrence import in_words
from diia_videoreception.wagtail_admin.scoped import (
    ScopedDelete,
    ScopedModelViewSet,
    Selector,
    YesNoColumn,
)
from diia_videoreception.wagtail_admin.what_changes import (
    CreateShowing,
    DeleteShowing,
    EditShowing,
)
from diia_videoreception.wording import short_moment, short_moment_and_zone


class AgencyViewSet(ScopedModelViewSet):
    """Moderators keep contacts and instructions; the form keeps to the operator what binds the portal."""

    model = Agency
    save = staticmethod(reference_data.save_agency)
    name = "agencies"
    icon = "site"
    menu_label = _("Agencies")
    list_display = (
        "name",
        YesNoColumn("is_connected", label=capfirst(_("connected")), sort_key="is_connected"),
        "phone",
        "email",
    )
    search_fields = ("search_text",)
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("name"),
                    FieldPanel("short_name"),
                    FieldPanel("is_connected"),
                ],
                heading=_("Agency"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("phone"),
                    FieldPanel("email"),
                    FieldPanel("notices"),
                    FieldPanel("address"),
                    FieldPanel("region"),
                ],
                heading=_("Contacts"),
            ),
            MultiFieldPanel(
                [FieldPanel("sms_abroad")],
                heading=_("Text messages"),
            ),
            MultiFieldPanel(
                [FieldPanel("officials_see_phone"), FieldPanel("official_feeds")],
                heading=_("Officials"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("keep_room_messages"),
                    FieldPanel("program_name"),
                    FieldPanel("program_url"),
                    FieldPanel("program_devices"),
                    FieldPanel("instructions"),
                    FieldPanel("equipment"),
                ],
                heading=_("Video conference"),
            ),
            MultiFieldPanel(
                [FieldPanel("refusal_ground"), FieldPanel("complaints")], heading=_("Refusals")
            ),
            MultiFieldPanel(
                [FieldPanel("document_days"), FieldPanel("document_ground")],
                heading=_("Keeping documents"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("works_on_holidays"),
                    FieldPanel("answer_hours"),
                    FieldPanel("unique_registration"),
                    FieldPanel("absence_pause_days"),
                ],
                heading=_("Schedule"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("minimum_level"),
                    FieldRowPanel([FieldPanel("lead_days"), FieldPanel("lead_time_policy")]),
                    FieldPanel("time_zone"),
                    FieldPanel("conference"),
                    FieldPanel("spare_conference"),
                ],
                heading=_("Rules of booking"),
            ),
        ],
        base_form_class=forms.AgencyForm,
    )

    @property
    def selector(self) -> Selector:
        """Return what the operator keeps of agencies that are not theirs to moderate, too."""
        return agencies_kept_by


class UnitViewSet(ScopedModelViewSet):
    model = Unit
    name = "units"
    icon = "list-ul"
    related = ("agency", "parent")
    menu_label = _("Units")
    list_display = ("name", "parent", "agency", "position")
    search_fields = ("search_text", "agency__search_text")
    edit_handler = ObjectList(
        [FieldPanel("agency"), FieldPanel("parent"), FieldPanel("name"), FieldPanel("position")],
        base_form_class=forms.UnitForm,
    )


class BackToOfficial:
    """Where a part of a schedule leads: to the page with all of it."""

    object: Any

    def get_success_url(self) -> str:
        return reverse("videoreception_officials:inspect", args=[self.object.official_id])


class ScheduleCreate(BackToOfficial, CreateShowing):
    pass


class ScheduleEdit(BackToOfficial, EditShowing):
    pass


class ScheduleDelete(BackToOfficial, DeleteShowing):
    pass


class ScheduleViewSet(ScopedModelViewSet):
    """A part of a schedule, reached from the official's page; not in the menu."""

    add_view_class = ScheduleCreate
    edit_view_class = ScheduleEdit
    delete_view_class = ScheduleDelete


class ScheduleRuleViewSet(ScheduleViewSet):
    model = ScheduleRule
    name = "schedule_rules"
    icon = "date"
    list_display = (
        "official",
        Column(
            "recurrence", label=_("Recurrence"), accessor=lambda rule: in_words(rule.recurrence)
        ),
        "starts",
        "ends",
        "valid_from",
        "valid_until",
    )
    edit_handler = ObjectList(
        [
            FieldPanel("official"),
            MultiFieldPanel(
                [
                    FieldPanel("frequency"),
                    FieldPanel("weekdays", classname="vr-weekdays"),
                    FieldPanel("weeks", classname="vr-weeks"),
                    FieldPanel("places", classname="vr-places"),
                    FieldPanel("rrule", classname="vr-rrule"),
                ],
                heading=_("Days"),
                classname="vr-recurrence",
            ),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")])], heading=_("Hours")
            ),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")])],
                heading=_("Period"),
            ),
        ],
        base_form_class=forms.ScheduleRuleForm,
    )


class ScheduleExceptionViewSet(ScheduleViewSet):
    model = ScheduleException
    name = "schedule_exceptions"
    icon = "date"
    list_display = (
        "official",
        "date",
        YesNoColumn("closed", label=capfirst(_("closed all day"))),
        "starts",
        "ends",
        "reason",
    )
    edit_handler = ObjectList(
        [
            FieldPanel("official"),
            FieldPanel("date"),
            FieldPanel("closed"),
            FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")]),
            FieldPanel("reason"),
        ],
        base_form_class=forms.ScheduleExceptionForm,
    )


class AbsenceDelete(ScopedDelete):
    @property
    def confirmation_message(self) -> str:
        absence = self.object
        zone = absence.official.agency.time_zone
        return gettext(
            "Delete the absence of %(official)s from %(start)s to %(end)s? Citizens will "
            "then be able to book this time."
        ) % {
            "official": absence.official,
            "start": short_moment_and_zone(absence.start, zone),
            "end": short_moment_and_zone(absence.end, zone),
        }


class AbsenceViewSet(ScopedModelViewSet):
    """An absence takes the time away from citizens; of an application in it somebody decides first."""

    model = Absence
    name = "absences"
    icon = "calendar-alt"
    add_view_class = CreateShowing
    edit_view_class = EditShowing
    remove = staticmethod(absences.remove_by_staff)
    delete_view_class = AbsenceDelete
    menu_label = _("Absences")
    ordering = "-start"
    list_display = (
        "official",
        Column(
            "start",
            label=_("From"),
            sort_key="start",
            accessor=lambda absence: short_moment(absence.start, absence.official.agency.time_zone),
        ),
        Column(
            "end",
            label=_("To"),
            accessor=lambda absence: short_moment(absence.end, absence.official.agency.time_zone),
        ),
        "reason",
    )
    search_fields = ("official__search_text",)
    edit_handler = ObjectList(
        [
            FieldPanel("official"),
            FieldRowPanel([FieldPanel("start"), FieldPanel("end")]),
            FieldPanel("reason"),
        ],
        base_form_class=forms.AbsenceForm,
    )


class HolidayViewSet(ScopedModelViewSet):
    model = Holiday
    add_view_class = CreateShowing
    edit_view_class = EditShowing
    delete_view_class = DeleteShowing
    name = "holidays"
    icon = "calendar"
    menu_label = _("Holidays")
    list_display = (
        "name",
        "date",
        YesNoColumn("is_working", label=capfirst(_("working day"))),
    )
    edit_handler = ObjectList(
        [FieldPanel("date"), FieldPanel("name"), FieldPanel("is_working")],
        base_form_class=forms.ScopedForm,
    )
