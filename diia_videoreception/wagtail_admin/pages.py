"""What every page of ours in Wagtail's frame has that is no list of rows: whom it lets in, and where it stands."""

from datetime import datetime
from typing import Any, cast

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


class StaffPage(WagtailAdminTemplateMixin, TemplateView):
    """A page for those alone whom `is_for` lets in."""

    http_method_names = ["get", "head"]
    now: datetime

    def is_for(self, user: Any) -> bool:
        """Return whether this user may see the page at all."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Read what each request needs, once it is let in."""

    def above(self) -> list[dict[str, Any]]:
        """Return the pages that lead to this one."""
        return []

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.is_for(request.user):
            raise PermissionDenied
        self.now = timezone.now()
        self.prepare()
        return super().dispatch(request, *args, **kwargs)

    @property
    def staff(self) -> AbstractBaseUser:
        return cast(AbstractBaseUser, self.request.user)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.get_page_title()}
        return [*self.breadcrumbs_items, *self.above(), here]
