"""The base of every viewset here: each view reads through a selector and writes through a service.

Wagtail's stock views check the permission for the model, not for the row: with them a moderator
could open, change and export what belongs to another agency.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib.auth.models import Permission
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import yesno
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.translation import gettext, gettext_lazy
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history, usage
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from diia_videoreception.errors import ActRefused, Incomplete
from diia_videoreception.selectors.access import StaffUser
from diia_videoreception.selectors.reference import SELECTORS
from diia_videoreception.selectors.searching import having_words
from diia_videoreception.services import reference_data
from diia_videoreception.wagtail_admin.addresses import OurAddresses
from diia_videoreception.wording import short_moment_and_zone

Selector = Callable[[StaffUser], QuerySet[Any]]


class ScopedMixin:
    """What the person who asks may see; `selector` comes from the viewset."""

    selector: Selector | None = None
    request: Any
    # Django's views know more: DELETE would delete without asking the service.
    http_method_names: ClassVar[list[str]] = ["get", "head", "post"]

    def visible(self) -> QuerySet[Any]:
        if self.selector is None:
            raise ImproperlyConfigured(f"{type(self).__name__} has no selector.")
        return self.selector(self.request.user)


class YesNoColumn(Column):
    """A truth value in words."""

    def get_value(self, instance: Model) -> str:
        return str(yesno(super().get_value(instance)))


class CountingPaginator(WagtailPaginator):
    """Counts and pages the first `MAX_ROWS` rows, so that no list costs more the longer it grows.

    Says how many there are without the noun, which Wagtail cannot bend for Ukrainian numbers.
    """

    MAX_ROWS = 1_000

    @cached_property
    def _counted(self) -> int:
        """How many rows there are, or one more than are paged."""
        if not isinstance(self.object_list, QuerySet):
            return len(self.object_list)
        return self.object_list.order_by()[: self.MAX_ROWS + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.MAX_ROWS)

    @cached_property
    def is_cut_off(self) -> bool:
        return self._counted > self.MAX_ROWS

    @cached_property
    def items_count_label(self) -> str:
        if self.is_cut_off:
            return gettext("More than %(count)s. The first ones are listed.") % {
                "count": intcomma(self.count)
            }
        return gettext("In all: %(count)s") % {"count": intcomma(self.count)}


class ScopedList(ScopedMixin, generic.IndexView):
    """The list; it is not exported, neither through a button nor by address."""

    show_export_buttons = False
    # Wagtail would put the model's name behind it, in the wrong case for Ukrainian.
    add_item_label = gettext_lazy("Add")
    table_classname = "listing vr-table"
    results_template_name = "diia_videoreception/admin/list_results.html"
    paginator_class = CountingPaginator
    related: tuple[str, ...] = ()
    """Relations that the columns show."""

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.is_export = False

    @cached_property
    def no_results_message(self) -> str:
        if self.is_searching or self.is_filtering:
            return gettext("No results.")
        return gettext("There is nothing here yet.")

    def get_base_queryset(self) -> QuerySet[Any]:
        return self.visible().select_related(*self.related) if self.related else self.visible()

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Wagtail's own search is literal; `search_fields` name folded columns here."""
        if not self.is_searching:
            return queryset
        return having_words(queryset, self.search_query, *self.search_fields)

    def order_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Sort a column of names by the alphabet, not by code points."""
        if self.ordering in ("name", "-name") and hasattr(self.model, "sort_key"):
            return queryset.order_by(self.ordering.replace("name", "sort_key"), "pk")
        ordered: QuerySet[Any] = super().order_queryset(queryset)
        return ordered


class ServiceForms(ScopedMixin):
    """Saves what a form holds through the viewset's service; a refusal becomes the form's error."""

    save: Callable[..., Any] | None = None
    log_action = ""

    def form_valid(self: Any, form: Any) -> HttpResponse:
        """`self` is one of Wagtail's views, which have no types."""
        self.form = form
        try:
            self.object = self.save(form.instance, staff=self.request.user, now=timezone.now())
        except ActRefused as refusal:
            _add_refusal(form, refusal)
            self.produced_error_message = self.get_error_message()
            response: HttpResponse = self.form_invalid(form)
            return response
        log(
            self.object,
            self.log_action,
            user=self.request.user,
            content_changed=form.has_changed(),
        )
        saved: HttpResponse = self.save_action()
        return saved


def _add_refusal(form: BaseForm, refusal: ActRefused) -> None:
    if isinstance(refusal, Incomplete):
        for name, text in refusal.fields.items():
            form.add_error(name if name in form.fields else None, str(text))
    else:
        form.add_error(None, str(refusal))


class ScopedCreate(ServiceForms, generic.CreateView):
    log_action = "wagtail.create"

    def get_initial(self) -> dict[str, Any]:
        """Fields may be filled in by the address: «add» on the page of an official."""
        given = {name: self.request.GET[name] for name in self.request.GET}
        return {**given, **super().get_initial()}


class ScopedEdit(ServiceForms, generic.EditView):
    log_action = "wagtail.edit"

    def get_queryset(self) -> QuerySet[Any]:
        return self.visible()


class ScopedDelete(ScopedMixin, generic.DeleteView):
    remove: Callable[..., Any] | None = None

    def get_queryset(self) -> QuerySet[Any]:
        return self.visible()

    def form_valid(self: Any, form: Any) -> HttpResponse:
        """`self` is one of Wagtail's views, which have no types."""
        success_url, message = self.get_success_url(), self.get_success_message()
        # The entry needs the key, which deleting takes away from the object.
        kept = self.model(pk=self.object.pk)
        title = str(self.object)
        try:
            self.remove(self.object, staff=self.request.user, now=timezone.now())
        except ActRefused as refusal:
            messages.error(self.request, escape(str(refusal)))
            return HttpResponseRedirect(success_url)
        log(kept, "wagtail.delete", user=self.request.user, deleted=True, title=title)
        messages.success(self.request, message)
        return HttpResponseRedirect(success_url)


class ScopedInspect(ScopedMixin, generic.InspectView):
    def get_object(self, queryset: QuerySet[Any] | None = None) -> Model:
        found: Model = get_object_or_404(self.visible(), pk=self.pk)
        return found


class ScopedHistory(ScopedMixin, history.HistoryView):
    """Wagtail's own history, by the clock of the agency and not of who looks."""

    def get_base_object_queryset(self) -> QuerySet[Any]:
        return self.visible()

    @cached_property
    def no_results_message(self) -> str:
        """Return what is said of a row that nobody has changed since it came with the portal."""
        return gettext("There is nothing here yet.")

    @cached_property
    def columns(self) -> list[Column]:
        zone = _zone_of(self.object)
        by_agency = Column(
            "timestamp",
            label=gettext_lazy("Date"),
            width="15%",
            sort_key="timestamp",
            accessor=lambda entry: short_moment_and_zone(entry.timestamp, zone),
        )
        return [by_agency if one.name == "timestamp" else one for one in super().columns]


def _zone_of(row: Model) -> str:
    """Return the time zone of the agency that a row is of; of none the portal's."""
    owner = getattr(row, "official", row)
    agency = getattr(owner, "agency", owner)
    return str(getattr(agency, "time_zone", ""))


class ScopedUsage(ScopedMixin, usage.UsageView):
    def get_base_object_queryset(self) -> QuerySet[Any]:
        return self.visible()


class ScopedModelViewSet(OurAddresses, ModelViewSet):
    """A viewset of which no view shows or changes a row outside the selector.

    `save(instance, *, staff, now)` and `remove(instance, *, staff, now)` are services; they raise
    ActRefused for what the rules forbid.
    """

    save: ClassVar[Callable[..., Any]] = staticmethod(reference_data.save_reference)
    remove: ClassVar[Callable[..., Any]] = staticmethod(reference_data.delete_reference)
    related: ClassVar[tuple[str, ...]] = ()

    index_view_class = ScopedList
    add_view_class = ScopedCreate
    edit_view_class = ScopedEdit
    delete_view_class = ScopedDelete
    inspect_view_class = ScopedInspect
    history_view_class = ScopedHistory
    usage_view_class = ScopedUsage
    copy_view_enabled = False
    sort_order_field = None
    add_to_reference_index = False
    search_backend_name = None

    @property
    def selector(self) -> Selector:
        """What a member of staff may see of the model; a model without a selector cannot be shown."""
        return SELECTORS[self.model]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common: dict[str, Any] = super().get_common_view_kwargs(
            **{
                "selector": self.selector,
                "save": self.save,
                "remove": self.remove,
                "related": self.related,
                **kwargs,
            }
        )
        return common

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        """None: the right to moderate is a row, see `policies`."""
        return Permission.objects.none()
