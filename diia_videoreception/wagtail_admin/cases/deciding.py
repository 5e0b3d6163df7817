"""The decisions about one application, each seen as a letter before it is made (A-30, A-31, A-52 to A-57)."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diia_videoreception.models import Application
from diia_videoreception.rules.transitions import Act
from diia_videoreception.services.booking import moderation
from diia_videoreception.services.letters.previews import (
    Preview,
    preview_of_acceptance,
    preview_of_confirmation,
    preview_of_refusal,
)
from diia_videoreception.wagtail_admin.cases.forms import DeclineForm, VersionForm
from diia_videoreception.wagtail_admin.cases.previewed import PreviewedAct
from diia_videoreception.wagtail_admin.cases.views import CaseAct


class SeenFirst(CaseAct):
    """An act that needs nothing to be typed: GET shows the letter, POST does it.

    Attributes:
        decide: The service that does it.
        preview_of: Gives the letter.
    """

    http_method_names = ["get", "head", "post"]
    decide: ClassVar[Callable[..., object]]
    preview_of: ClassVar[Callable[..., Preview]]

    def act(self) -> bool:
        self.decide(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=self.posted(VersionForm)["version"],
            now=self.now,
        )
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        preview = self.preview_of(self.application, now=self.now)
        return super().get_context_data(preview=preview, **kwargs)


class Confirm(SeenFirst):
    """«Підтвердити»: the requested time as it is."""

    template_name = "diia_videoreception/admin/confirm.html"
    page_title = gettext_lazy("Check the letter")
    log_name = "confirm"
    wants = Act.CONFIRM
    done = gettext_lazy("The time is confirmed. We will send the citizen a letter.")
    decide = staticmethod(moderation.confirm)
    preview_of = staticmethod(preview_of_confirmation)

    def get_page_title(self) -> str:
        return _("Check the letter before it is sent")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The page is that of other times too.
        of_page = {"time": self.application.time, "version": self.application.version}
        return super().get_context_data(**of_page, **kwargs)


class AcceptForReview(SeenFirst):
    """«Прийняти до розгляду»: nothing is decided."""

    template_name = "diia_videoreception/admin/accept.html"
    page_title = gettext_lazy("Accept for review")
    log_name = "accept_for_review"
    wants = Act.ACCEPT_FOR_REVIEW
    done = gettext_lazy("Accepted for review. We will send the citizen a letter.")
    decide = staticmethod(moderation.accept_for_review)
    preview_of = staticmethod(preview_of_acceptance)

    def get_page_title(self) -> str:
        return _("Accept for review")


class Decline(PreviewedAct):
    """«Відхилити» and, once confirmed, «Скасувати прийом»: the reason, a preview, the act."""

    template_name = "diia_videoreception/admin/decline.html"
    page_title = gettext_lazy("Decline")
    form: DeclineForm
    last_step = "decline"
    is_preview = False

    def get_page_title(self) -> str:
        if self.application.state == Application.State.CONFIRMED:
            return _("Cancel the reception")
        return _("Decline the application")

    def new_form(self, sent: QueryDict | None = None) -> DeclineForm:
        agency = self.application.official.agency
        return DeclineForm(sent, agency=agency, initial={"legal_ground": agency.refusal_ground})

    def is_open(self) -> bool:
        """See `PreviewedAct.is_open`."""
        return bool(self.acts & {Act.DECLINE.value, Act.CANCEL_BY_AGENCY.value})

    def show_letter(self) -> HttpResponse:
        self.is_preview = True
        return self.again()

    def _letter(self) -> Preview:
        return preview_of_refusal(self.application, self.form.refusal, now=self.now)

    def act(self) -> HttpResponse:
        was_confirmed = self.application.state == Application.State.CONFIRMED
        moderation.decline(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=self.form.cleaned_data["version"],
            refusal=self.form.refusal,
            now=self.now,
        )
        self.log_act("call_off" if was_confirmed else "decline")
        return self.back_to_case(
            _("The reception is cancelled. We will send the citizen a letter.")
            if was_confirmed
            else _("The application is declined. We will send the citizen a letter.")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            form=self.form,
            preview=self._letter() if self.is_preview else None,
            may_decline=self.is_open(),
            calls_off=self.application.state == Application.State.CONFIRMED,
            **kwargs,
        )
