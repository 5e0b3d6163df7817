"""«Скопіювати графік»: the recurring hours of an official for colleagues of the agency; what they have stays."""

from functools import cached_property
from typing import Any, cast

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from diia_videoreception.errors import ActRefused
from diia_videoreception.models import Official
from diia_videoreception.selectors.access import officials_visible_to
from diia_videoreception.selectors.reference import colleagues_of, hours_in_force
from diia_videoreception.services import reference_data
from diia_videoreception.wagtail_admin.recurrence import in_words
from diia_videoreception.wagtail_admin.scoped import ScopedMixin


class CopyForm(forms.Form):
    officials = forms.TypedMultipleChoiceField(
        label=_("To whom"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one official.")},
    )

    def __init__(self, *args: Any, officials: list[Official], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["officials"]).choices = [
            (str(one.pk), f"{one.full_name}, {one.unit.name}") for one in officials
        ]


class CopySchedule(ScopedMixin, WagtailAdminTemplateMixin, TemplateView):  # type: ignore[misc]
    model = Official
    selector = staticmethod(officials_visible_to)
    template_name = "diia_videoreception/admin/copy_schedule.html"
    page_title = _("Copy the schedule")
    header_icon = "copy"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        visible = self.visible().select_related("unit__agency")
        self.official: Official = get_object_or_404(visible, pk=kwargs["pk"])
        self.form = CopyForm(request.POST or None, officials=self.colleagues)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def colleagues(self) -> list[Official]:
        return list(colleagues_of(self.request.user, self.official))

    @property
    def page_url(self) -> str:
        return reverse("videoreception_officials:inspect", args=[self.official.pk])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data(), status=422)
        try:
            added = reference_data.copy_hours(
                self.official.pk,
                to=self.form.cleaned_data["officials"],
                staff=cast(AbstractBaseUser, request.user),
                now=timezone.now(),
            )
        except ActRefused as refusal:
            self.form.add_error("officials", str(refusal))
            return self.render_to_response(self.get_context_data(), status=refusal.status)
        if added:
            text = ngettext(
                "%(count)d entry of hours was added.",
                "%(count)d entries of hours were added.",
                added,
            )
            messages.success(request, text % {"count": added})
        else:
            messages.success(request, gettext("They had all these hours already."))
        return redirect(self.page_url)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": self.page_url, "label": self.official.full_name},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules = hours_in_force(self.official, now=timezone.now())
        return super().get_context_data(
            official=self.official,
            rules=[(rule, in_words(rule.recurrence)) for rule in rules],
            form=self.form,
            colleagues=self.colleagues,
            back_url=self.page_url,
            action=self.request.path,
            **kwargs,
        )
