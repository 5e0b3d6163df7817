"""Units and officials of an agency from a file: first what would become of each row, then the import itself."""

from typing import Any, cast

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.errors import NotFound
from diia_videoreception.models import Agency
from diia_videoreception.rules.agency_lists import AGENCY_COLUMNS, AGENCY_NEEDED, AgencyList
from diia_videoreception.rules.centre_lists import (
    MAX_FILE_BYTES,
    MAX_ROWS,
    ImportedRow,
    ListError,
    RowOutcome,
)
from diia_videoreception.rules.workbooks import list_text
from diia_videoreception.selectors.access import agencies_moderated_by
from diia_videoreception.selectors.reference import moderates
from diia_videoreception.services.reference_lists import import_agency_list
from diia_videoreception.wagtail_admin.addresses import OurAddresses, shown_to
from diia_videoreception.wagtail_admin.list_files import OUTCOMES, ListFileField, words_of
from diia_videoreception.wagtail_admin.pages import StaffPage

KINDS = (
    (AgencyList.UNITS.value, _("Units")),
    (AgencyList.OFFICIALS.value, _("Officials")),
)


class AgencyListForm(forms.Form):
    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Agency"))
    kind = forms.ChoiceField(label=_("What the file lists"), choices=KINDS)
    file = ListFileField()

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["agency"]).queryset = agencies


class AgencyListPage(StaffPage):
    """Takes a file, shows what it would do, and does it when that was seen."""

    template_name = "diia_videoreception/admin/agency_lists.html"
    page_title = _("Units and officials from a file")
    header_icon = "upload"
    http_method_names = ["get", "head", "post"]

    def is_for(self, user: Any) -> bool:
        return moderates(user)

    def prepare(self) -> None:
        self.agencies = agencies_moderated_by(self.request.user).distinct()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = [
            (label, [(name, name in AGENCY_NEEDED[kind]) for name in AGENCY_COLUMNS[kind]])
            for kind, label in ((AgencyList(value), label) for value, label in KINDS)
        ]
        return super().get_context_data(
            **{
                "form": AgencyListForm(
                    agencies=self.agencies, initial={"agency": self.agencies.first()}
                ),
                "columns": columns,
                "max_rows": MAX_ROWS,
                "action": reverse("videoreception_agency_lists:index"),
                **kwargs,
            }
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("step") == "import":
            return self._import(request)
        form = AgencyListForm(request.POST, request.FILES, agencies=self.agencies)
        if not form.is_valid():
            return self._form_again(form)
        kind, agency = AgencyList(form.cleaned_data["kind"]), form.cleaned_data["agency"]
        try:
            text = list_text(form.cleaned_data["file"].read())
            rows = self._listed(kind, text, agency.pk, is_trial=True)
        except ListError as error:
            form.add_error("file", words_of(error))
            return self._form_again(form)
        return self._shown(kind, text, agency.pk, rows)

    def _import(self, request: HttpRequest) -> HttpResponse:
        """Do what was shown; the text comes back as it was, and is tried anew by the act itself."""
        text, agency = request.POST.get("text", ""), request.POST.get("agency", "")
        known = request.POST.get("kind", "") in set(AgencyList)
        if not known or len(text) > MAX_FILE_BYTES or not agency.isdecimal() or len(agency) > 18:
            raise Http404
        kind = AgencyList(request.POST["kind"])
        try:
            rows = self._listed(kind, text, int(agency), is_trial=False)
        except NotFound:
            raise Http404 from None
        except ListError as error:
            messages.error(request, words_of(error))
            return redirect("videoreception_agency_lists:index")
        if any(row.outcome is RowOutcome.WRONG for row in rows):
            return self._shown(kind, text, int(agency), rows)
        done = sum(row.outcome is not RowOutcome.UNCHANGED for row in rows)
        messages.success(request, gettext("Imported. Rows: %(count)s") % {"count": done})
        return redirect(f"videoreception_{kind.value}:index")

    def _listed(
        self, kind: AgencyList, text: str, agency: int, *, is_trial: bool
    ) -> list[ImportedRow]:
        return import_agency_list(
            kind,
            text,
            agency_id=agency,
            staff=cast(AbstractBaseUser, self.request.user),
            is_trial=is_trial,
            now=timezone.now(),
        )

    def _shown(
        self, kind: AgencyList, text: str, agency: int, rows: list[ImportedRow]
    ) -> HttpResponse:
        wrong = sum(row.outcome is RowOutcome.WRONG for row in rows)
        return self.render_to_response(
            self.get_context_data(
                rows=[(row, OUTCOMES[row.outcome]) for row in rows],
                wrong=wrong,
                kind=kind.value,
                chosen=agency,
                text=text,
            ),
            status=422 if wrong else 200,
        )

    def _form_again(self, form: AgencyListForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class AgencyListViewSet(OurAddresses, ViewSet):
    name = "agency_lists"
    icon = "upload"
    menu_label = _("Units and officials from a file")
    menu_item_class = shown_to(moderates)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", AgencyListPage.as_view(), name="index")]
