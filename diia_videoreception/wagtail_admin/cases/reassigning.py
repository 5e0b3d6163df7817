"""«Передати іншій посадовій особі»: who is free at the time that stands, the letter, the act."""

from functools import cached_property
from typing import Any, cast

from django import forms
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diia_videoreception.errors import ActRefused, SlotTaken, WrongState
from diia_videoreception.rules.transitions import Act
from diia_videoreception.selectors.booking.free_officials import FreeOfficial, officials_free_at
from diia_videoreception.services.booking.reassigning import reassign
from diia_videoreception.services.letters.previews import Preview, preview_of_reassignment
from diia_videoreception.wagtail_admin.cases.forms import VersionForm
from diia_videoreception.wagtail_admin.cases.previewed import PreviewedAct
from diia_videoreception.wording import short_moment


class ReassignForm(VersionForm):
    official = forms.TypedChoiceField(
        label=gettext_lazy("Free at this time"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose an official."),
            "invalid_choice": SlotTaken.message,
        },
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["official"]).choices = choices


class Reassign(PreviewedAct):
    """Another official of the agency at the same time: the choice, a preview, the act."""

    template_name = "diia_videoreception/admin/reassign.html"
    page_title = gettext_lazy("Give to another official")
    last_step = "confirm"
    is_preview = False

    def get_page_title(self) -> str:
        return _("Give to another official")

    def new_form(self, sent: QueryDict | None = None) -> VersionForm:
        return ReassignForm(sent, choices=self._choices())

    def refuse(self, refusal: ActRefused) -> None:
        super().refuse(refusal)
        self.__dict__.pop("_free", None)

    def is_open(self) -> bool:
        """See `PreviewedAct.is_open`."""
        return Act.REASSIGN.value in self.acts

    def show_letter(self) -> HttpResponse:
        if not self.is_open():
            raise WrongState
        self.is_preview = True
        return self.again()

    def act(self) -> HttpResponse:
        reassign(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=self.form.cleaned_data["version"],
            official_id=self.form.cleaned_data["official"],
            now=self.now,
        )
        self.log_act("reassign")
        return self.back_to_case(
            _("Another official receives the citizen. We will send the citizen a letter.")
        )

    @cached_property
    def _free(self) -> dict[int, FreeOfficial]:
        return {one.official.pk: one for one in officials_free_at(self.application, now=self.now)}

    def _choices(self) -> list[tuple[str, str]]:
        zone = self.application.official.agency.time_zone
        return [
            (
                str(key),
                _("%(name)s, %(post)s (%(unit)s), until %(end)s")
                % {
                    "name": one.official.full_name,
                    "post": one.official.post,
                    "unit": one.official.unit.name,
                    "end": short_moment(one.time.end, zone),
                },
            )
            for key, one in self._free.items()
        ]

    def _letter(self) -> Preview:
        chosen = self._free[self.form.cleaned_data["official"]]
        return preview_of_reassignment(self.application, chosen.official, chosen.time, now=self.now)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            form=self.form,
            preview=self._letter() if self.is_preview else None,
            may_reassign=self.is_open(),
            **kwargs,
        )
