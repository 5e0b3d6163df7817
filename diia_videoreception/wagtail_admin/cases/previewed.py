"""Acts that want a form, and of which the letter is seen before it is sent."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from wagtail.admin import messages

from diia_videoreception.errors import ActRefused, Incomplete, WrongState
from diia_videoreception.services.booking.moderation import require_version
from diia_videoreception.wagtail_admin.cases.corrected import tell_of_correction
from diia_videoreception.wagtail_admin.cases.forms import VersionForm
from diia_videoreception.wagtail_admin.cases.views import CaseScreen


class PreviewedAct(CaseScreen):
    """The form, the letter, the act; what is refused hands the form back with the reason.

    Attributes:
        last_step: What the button of the act sends; any other but «edit» shows the letter first.
    """

    form_class: type[VersionForm]
    form: VersionForm
    last_step: ClassVar[str]

    def new_form(self, sent: QueryDict | None = None) -> VersionForm:
        """Return the form, empty or with what was sent."""
        return self.form_class(sent)

    def is_open(self) -> bool:
        """Return whether the act can be done now; else there is nothing to ask."""
        raise NotImplementedError

    def show_letter(self) -> HttpResponse:
        """Show the letter that the act would send; raises ActRefused, also where none is sent."""
        raise WrongState

    def act(self) -> HttpResponse:
        """Do it, and go back to the case; raises ActRefused."""
        raise NotImplementedError

    def steps(self) -> dict[str, Callable[[], HttpResponse]]:
        """Return what each button does; any other shows the letter."""
        return {self.last_step: self.act, "edit": self.again}

    def require_seen(self, version: int) -> None:
        """Check that the page was written about the application as it is; raises ActRefused."""
        require_version(self.application, version)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_open():
            messages.error(request, WrongState.message)
            return redirect(self.case_url)
        self.form = self.new_form()
        tell_of_correction(request, self.application, self.case_url)
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = self.new_form(request.POST)
        is_valid = self.form.is_valid()
        try:
            # Whatever is shown next is about the application as it is by then.
            if "version" in self.form.cleaned_data:
                self.require_seen(self.form.cleaned_data["version"])
            if not is_valid:
                return self.again(status=422)
            return self.steps().get(request.POST.get("step", ""), self.show_letter)()
        except Incomplete as refusal:
            for name, text in refusal.fields.items():
                self.form.add_error(name if name in self.form.fields else None, str(text))
            return self.again(status=422)
        except ActRefused as refusal:
            self.refuse(refusal)
            return self.again(status=refusal.status)
