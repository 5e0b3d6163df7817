"""«Припинити розгляд»: the head says on what ground, sees the letter, ends the consideration."""

from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diia_videoreception.models.closings import GROUNDS
from diia_videoreception.rules.closing import MAX_EARLIER_NUMBER, ClosingGround
from diia_videoreception.rules.proposals import MAX_REASON
from diia_videoreception.rules.refusals import MAX_GROUND
from diia_videoreception.rules.transitions import Act
from diia_videoreception.services.booking import closing
from diia_videoreception.services.letters.previews import Preview, preview_of_closing
from diia_videoreception.wagtail_admin.cases.forms import VersionForm
from diia_videoreception.wagtail_admin.cases.previewed import PreviewedAct


class ClosingForm(VersionForm):
    ground = forms.ChoiceField(
        label=gettext_lazy("On what ground"),
        choices=[(ground.value, words) for ground, words in GROUNDS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the ground.")},
    )
    earlier_number = forms.CharField(
        label=gettext_lazy("Number of the earlier case"),
        max_length=MAX_EARLIER_NUMBER,
        required=False,
        help_text=gettext_lazy(
            "Of a repeated application: of the portal (ВП-…), or of the agency’s own books."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The citizen will read it in the letter."),
        error_messages={"required": gettext_lazy("Write the reason: the citizen will read it.")},
    )
    legal_ground = forms.CharField(
        label=gettext_lazy("Legal ground"),
        max_length=MAX_GROUND,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Suggested, to be confirmed by your lawyers: Article 8 of the Law of Ukraine “On Citizens’ Appeals”. By it "
            "an agency does not consider repeated appeals of the same person on the same question if the first "
            "was settled on its merits, appeals that came after the term of Article 17, and those of people "
            "whom a court has found incapable; the head decides, and the person is told."
        ),
        error_messages={
            "required": gettext_lazy("Write the article of the law: the citizen will read it.")
        },
    )

    @property
    def wanted(self) -> closing.Wanted:
        """What a valid form says."""
        typed = self.cleaned_data
        return closing.Wanted(
            ClosingGround(typed["ground"]),
            typed["reason"],
            typed["legal_ground"],
            typed["earlier_number"],
        )


class EndConsideration(PreviewedAct):
    """Asks for the ground, shows the letter, ends the consideration; for heads only."""

    template_name = "diia_videoreception/admin/end_consideration.html"
    page_title = gettext_lazy("End the consideration")
    form: ClosingForm
    last_step = "end"
    preview: Preview | None = None

    def get_page_title(self) -> str:
        return _("End the consideration")

    def new_form(self, sent: QueryDict | None = None) -> ClosingForm:
        return ClosingForm(sent)

    def is_open(self) -> bool:
        """See `PreviewedAct.is_open`."""
        return Act.END_CONSIDERATION in self.open_acts

    def show_letter(self) -> HttpResponse:
        wanted = closing.checked(self.application, self.form.wanted, head=self.staff)
        self.preview = preview_of_closing(
            self.application,
            wanted.ground,
            wanted.reason,
            wanted.legal_ground,
            wanted.earlier_number,
            now=self.now,
        )
        return self.again()

    def act(self) -> HttpResponse:
        closing.end_consideration(
            head=self.staff,
            public_id=self.application.public_id,
            version=self.form.cleaned_data["version"],
            wanted=self.form.wanted,
            now=self.now,
        )
        self.log_act("end_consideration")
        return self.back_to_case(
            _("The consideration is ended. We will send the citizen a letter.")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_end = self.is_open()
        return super().get_context_data(
            form=self.form,
            may_end=may_end,
            preview=self.preview if may_end else None,
            **kwargs,
        )
