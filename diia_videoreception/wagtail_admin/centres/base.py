"""What every page of the operator has: nobody else comes in, and what a service refuses stands at its field."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from diia_videoreception.errors import ActRefused, Incomplete, NotFound
from diia_videoreception.selectors.centres.access import operates_centres


class OperatorPage(WagtailAdminTemplateMixin, TemplateView):
    """A page in Wagtail's frame that the operator and superusers see."""

    header_icon = "home"
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not operates_centres(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def staff(self) -> AbstractBaseUser:
        return cast(AbstractBaseUser, self.request.user)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("videoreception_centres:index"), "label": _("Centres")}
        here = {"url": "", "label": self.get_page_title()}
        is_index = type(self).__name__ == "CentresPage"
        return [*self.breadcrumbs_items, *([] if is_index else [above]), here]


def is_done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Return whether a service has done what a valid form asks for; else the form says why not.

    Raises:
        Http404: what it is about is not theirs, or there no more.
    """
    if not form.is_valid():
        return False
    try:
        act()
    except NotFound:
        raise Http404 from None
    except Incomplete as refusal:
        for name, text in refusal.fields.items():
            form.add_error(name if name in form.fields else None, str(text))
        return False
    except ActRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
