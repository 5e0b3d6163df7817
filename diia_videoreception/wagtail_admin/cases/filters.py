"""What the moderators' work list can be narrowed to."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from diia_videoreception.models import Application
from diia_videoreception.selectors.access import agencies_moderated_by, officials_visible_to
from diia_videoreception.selectors.booking.answer_tasks import (
    has_answer_to_come,
    has_late_answer,
)
from diia_videoreception.selectors.booking.assignments import assigned_to, assigned_to_nobody
from diia_videoreception.selectors.booking.clarifications import is_replied, waits_for_reply
from diia_videoreception.selectors.booking.comments import unread_comments
from diia_videoreception.selectors.booking.corrections import corrected_unread
from diia_videoreception.selectors.booking.move_requests import asks_to_move
from diia_videoreception.selectors.booking.proposals import (
    comes_back,
    waits_for_citizen,
)
from diia_videoreception.selectors.booking.terms import overdue
from diia_videoreception.selectors.booking.worklist import (
    lacks_outcome,
    newest_waiting,
    starting_on,
)
from diia_videoreception.selectors.letters import has_failed_letters
from diia_videoreception.selectors.searching import having_words

MAX_OFFERED = 200
"""More are not offered to choose from, but asked for by name."""


class ApplicationFilters(WagtailFilterSet):
    """Offers agencies and officials of the person who asks; others match nothing."""

    # A choice, not a tick: an empty tick would count as a filter by «no».
    waiting = django_filters.ChoiceFilter(
        label=_("Waiting for a decision"),
        method="filter_waiting",
        choices=[
            ("yes", _("only those waiting")),
            ("move", _("asking to move the reception")),
            ("corrected", _("corrected by the citizen, not read yet")),
            ("overdue", _("only those whose term has passed")),
            ("answer", _("for a written answer")),
            ("answer_overdue", _("for a written answer whose term has passed")),
            ("outcome", _("past receptions: did they take place?")),
        ],
        empty_label=_("all"),
        widget=forms.RadioSelect,
    )
    whose = django_filters.ChoiceFilter(
        label=_("Who sees to it"),
        method="filter_whose",
        choices=[("mine", _("mine")), ("free", _("nobody yet"))],
        empty_label=_("all"),
        widget=forms.RadioSelect,
    )
    letters = django_filters.ChoiceFilter(
        label=_("Letters"),
        method="filter_letters",
        choices=[("failed", _("not sent, reception upcoming"))],
        empty_label=_("all"),
        widget=forms.RadioSelect,
    )
    proposed = django_filters.ChoiceFilter(
        label=_("Proposed time"),
        method="filter_proposed",
        choices=[
            ("open", _("waiting for the citizen’s answer")),
            ("back", _("refused or not answered, to be decided")),
        ],
        empty_label=_("all"),
        widget=forms.RadioSelect,
    )
    asked = django_filters.ChoiceFilter(
        label=_("Question to the citizen"),
        method="filter_asked",
        choices=[
            ("open", _("waiting for the citizen’s answer")),
            ("back", _("answered or not in time, to be decided")),
        ],
        empty_label=_("all"),
        widget=forms.RadioSelect,
    )
    comments = django_filters.ChoiceFilter(
        label=_("Comment of the citizen"),
        method="filter_comments",
        choices=[("new", _("not read yet"))],
        empty_label=_("all"),
        widget=forms.RadioSelect,
    )
    agency = django_filters.ChoiceFilter(label=_("Agency"))
    agency_name = django_filters.CharFilter(label=_("Agency"), method="filter_agency_name")
    official = django_filters.ChoiceFilter(label=_("Official"))
    official_name = django_filters.CharFilter(label=_("Official"), method="filter_official_name")
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=Application._meta.get_field("state").choices
    )
    channel = django_filters.ChoiceFilter(label=_("Channel"), choices=Application.Channel.choices)
    start = django_filters.DateFromToRangeFilter(
        label=_("Date of the reception"), widget=DateRangePickerWidget, method="filter_dates"
    )

    class Meta:
        model = Application
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("agency", agencies_moderated_by(self.request.user), "name")
        self._offer("official", officials_visible_to(self.request.user), "full_name")

    def _offer(self, name: str, rows: QuerySet[Any], label: str) -> None:
        """Let one of the rows be chosen, or be asked for by name where there are too many to choose from."""
        # Sorted here: the database would read and sort all to tell that there are too many.
        found = list(rows.order_by()[: MAX_OFFERED + 1])
        if len(found) > MAX_OFFERED:
            del self.filters[name]
            return
        del self.filters[f"{name}_name"]
        if hasattr(rows.model, "position"):
            found.sort(key=lambda row: (row.position, row.sort_key, row.pk))
        else:
            found.sort(key=lambda row: (row.sort_key, row.name))
        self.filters[name].extra["choices"] = [(row.pk, getattr(row, label)) for row in found]

    def filter_agency_name(
        self, queryset: QuerySet[Application], name: str, value: str
    ) -> QuerySet[Application]:
        named = having_words(agencies_moderated_by(self.request.user), value, "search_text")
        return queryset.filter(agency__in=list(named.order_by().values_list("pk", flat=True)))

    def filter_official_name(
        self, queryset: QuerySet[Application], name: str, value: str
    ) -> QuerySet[Application]:
        named = having_words(officials_visible_to(self.request.user), value, "search_text")
        return queryset.filter(official__in=named.order_by().values("pk"))

    def filter_waiting(
        self, queryset: QuerySet[Application], name: str, value: str
    ) -> QuerySet[Application]:
        if value == "answer":
            return queryset.filter(has_answer_to_come())
        wanted = {
            "outcome": lacks_outcome,
            "move": asks_to_move,
            "corrected": corrected_unread,
            "overdue": overdue,
            "answer_overdue": has_late_answer,
        }.get(value, newest_waiting)
        return queryset.filter(wanted(timezone.now()))

    def filter_proposed(
        self, queryset: QuerySet[Application], name: str, value: str
    ) -> QuerySet[Application]:
        wanted = waits_for_citizen if value == "open" else comes_back
        return queryset.filter(wanted(timezone.now()))

    def filter_whose(
        self, queryset: QuerySet[Application], name: str, value: str
    ) -> QuerySet[Application]:
        is_mine = value == "mine"
        return queryset.filter(assigned_to(self.request.user) if is_mine else assigned_to_nobody())

    def filter_asked(
        self, queryset: QuerySet[Application], name: str, value: str
    ) -> QuerySet[Application]:
        wanted = waits_for_reply if value == "open" else is_replied
        return queryset.filter(wanted(timezone.now()))

    def filter_dates(
        self, queryset: QuerySet[Application], name: str, value: slice
    ) -> QuerySet[Application]:
        # The filter reads the dates by the clock of who asks; only the dates themselves count.
        first, last = (
            moment and timezone.localtime(moment).date() for moment in (value.start, value.stop)
        )
        return starting_on(self.request.user, queryset, first=first, last=last)

    def filter_comments(
        self, queryset: QuerySet[Application], name: str, value: str
    ) -> QuerySet[Application]:
        return queryset.filter(pk__in=unread_comments().values("application"))

    def filter_letters(
        self, queryset: QuerySet[Application], name: str, value: str
    ) -> QuerySet[Application]:
        return queryset.filter(has_failed_letters(timezone.now()))
