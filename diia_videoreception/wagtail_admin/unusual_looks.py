"""«Незвичні перегляди»: who of the staff has opened unusually many cases of the agency, and what its head found out."""

import uuid
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.models import UnusualLooks
from diia_videoreception.models.unusual_looks import MAX_WORDS
from diia_videoreception.rules.unusual_looks import Unusual
from diia_videoreception.selectors.accounts.staff import heads
from diia_videoreception.selectors.accounts.unusual_looks import (
    MAX_CASES,
    cases_seen,
    names_of,
    unusual_looks_seen_by,
)
from diia_videoreception.services.booking import unusual_looks
from diia_videoreception.wagtail_admin.addresses import OurAddresses, shown_to
from diia_videoreception.wagtail_admin.forms import is_done
from diia_videoreception.wagtail_admin.people import HeadPage

ON_PAGE = 50
WHY: dict[str, Promise] = {
    Unusual.HOUR: _("many within an hour"),
    Unusual.DAY: _("many within a day"),
    Unusual.USUAL: _("many more than this person usually opens"),
    Unusual.OUTSIDE: _("many that are not on the person’s own work list"),
}


class WordsForm(forms.Form):
    words = forms.CharField(
        label=_("What you have found out"),
        max_length=MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Other heads of the agency see it. Do not write what the applications are about."
        ),
    )


class UnusualLooksPage(HeadPage):
    template_name = "diia_videoreception/admin/unusual_looks.html"
    page_title = _("Unusual looks")
    header_icon = "view"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = unusual_looks_seen_by(self.request.user).order_by("-found_at", "-pk")
        page = Paginator(found, ON_PAGE).get_page(self.request.GET.get("p"))
        names = names_of(list(page))
        rows = [{"found": one, "who": _who(one, names), "why": _why(one)} for one in page]
        return super().get_context_data(page=page, rows=rows, **kwargs)


class OneUnusual(HeadPage):
    """Who, how many, when and which; the POST says what the head has found out."""

    template_name = "diia_videoreception/admin/unusual_look.html"
    page_title = _("Unusual looks")
    header_icon = "view"
    http_method_names = ["get", "head", "post"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visible = unusual_looks_seen_by(self.request.user)
        found = visible.filter(public_id=self.kwargs["public_id"]).first()
        if found is None:
            raise Http404
        return super().get_context_data(
            **{
                "found": found,
                "who": _who(found, names_of([found])),
                "why": _why(found),
                "cases": cases_seen(found),
                "most": MAX_CASES,
                "zone": found.agency.time_zone,
                "by": get_user_display_name(found.reviewed_by) if found.reviewed_by else "",
                "back_url": reverse("videoreception_looks:index"),
                "form": WordsForm(),
                **kwargs,
            }
        )

    def post(self, request: HttpRequest, *, public_id: uuid.UUID) -> HttpResponse:
        form = WordsForm(request.POST)

        def act() -> None:
            unusual_looks.review(
                staff=self.staff,
                public_id=public_id,
                words=form.cleaned_data["words"],
                now=self.now,
            )

        if not is_done(form, act):
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, gettext("Your words are kept."))
        return redirect(request.path)


def _who(found: UnusualLooks, names: dict[str, Any]) -> str:
    user = names.get(found.staff_id)
    return str(get_user_display_name(user)) if user else gettext("former member of staff")


def _why(found: UnusualLooks) -> list[Promise | str]:
    return [WHY.get(what, what) for what in found.why]


class UnusualLooksViewSet(OurAddresses, ViewSet):
    name = "looks"
    icon = "view"
    menu_label = _("Unusual looks")
    menu_item_class = shown_to(heads)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", UnusualLooksPage.as_view(), name="index"),
            path("<uuid:public_id>/", OneUnusual.as_view(), name="one"),
        ]
