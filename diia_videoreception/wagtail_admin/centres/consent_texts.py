"""«Тексти згоди»: what people are read before they agree to be helped; the operator publishes editions of it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from diia_videoreception.models import CentreVisit, MandateText
from diia_videoreception.rules.mandates import ConsentField
from diia_videoreception.selectors.assistance.mandates import text_in_language
from diia_videoreception.services.assistance.text_editions import checked_body, publish
from diia_videoreception.wagtail_admin.centres.base import OperatorPage
from diia_videoreception.wagtail_admin.centres.forms import ConsentTextForm
from diia_videoreception.wagtail_admin.forms import is_done
from diia_videoreception.wagtail_admin.guard import freshly_proven

MAX_EDITIONS = 50
FIELDS = {
    ConsentField.PERSON: _("surname and name of the person"),
    ConsentField.CENTRE: _("name of the centre"),
    ConsentField.CENTRE_PHONE: _("phone of the centre"),
    ConsentField.SCOPES: _("what the person agrees to"),
    ConsentField.TERM: _("how long the consent holds"),
}


class ConsentTextsPage(OperatorPage):
    """The edition in force of each language, and those before."""

    template_name = "diia_videoreception/admin/consent_texts.html"
    page_title = _("Texts of consents")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = [(language, text_in_language(language.value)) for language in CentreVisit.Language]
        return super().get_context_data(
            languages=found,
            editions=MandateText.objects.order_by("-published_at", "-pk")[:MAX_EDITIONS],
            **kwargs,
        )


class PublishConsentText(OperatorPage):
    """The next edition of one language: written, looked at, published."""

    template_name = "diia_videoreception/admin/consent_text.html"
    http_method_names = ["get", "head", "post"]

    @property
    def language(self) -> CentreVisit.Language:
        try:
            return CentreVisit.Language(self.kwargs["language"])
        except ValueError:
            raise Http404 from None

    def get_page_title(self) -> str:
        return gettext("Text of consents: %(language)s") % {"language": self.language.label}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        last = text_in_language(self.language.value)
        form = ConsentTextForm(
            initial={
                "body": last.body if last else "",
                "seen": last.number if last else 0,
            }
        )
        return super().get_context_data(
            **{"form": form, "fields": FIELDS.items(), "language": self.language, **kwargs}
        )

    @method_decorator(freshly_proven)
    def post(self, request: HttpRequest, *, language: str) -> HttpResponse:
        form, publishes = ConsentTextForm(request.POST), request.POST.get("step") == "publish"
        of_language = self.language

        def act() -> None:
            typed = form.cleaned_data
            if not publishes:
                checked_body(typed["body"])
                return
            publish(
                typed["body"],
                of_language,
                seen=typed["seen"],
                staff=self.staff,
                now=timezone.now(),
            )
            messages.success(request, gettext("Published. From now on people are read this text."))

        if not is_done(form, act):
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if publishes:
            return redirect("videoreception_centres:texts")
        shown = checked_body(form.cleaned_data["body"])
        return self.render_to_response(self.get_context_data(form=form, shown=shown))
