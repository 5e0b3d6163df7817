"""Sheets of a case to print: the application, and the card of the personal reception."""

from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from diia_videoreception.printing import has_card, printed
from diia_videoreception.wagtail_admin.cases.views import ScopedCase


class PrintApplication(ScopedCase, TemplateView):
    """The application with what was decided on it."""

    permission_required = "view"
    http_method_names = ["get", "head"]
    template_name = "diia_videoreception/print/application.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            back_url=self.case_url,
            **printed(self.application, with_phone=True, now=self.now),
            **kwargs,
        )


class PrintCard(PrintApplication):
    """«Картка особистого прийому», of a reception."""

    template_name = "diia_videoreception/print/card.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not has_card(self.application):
            raise Http404
        return super().get_context_data(**kwargs)
