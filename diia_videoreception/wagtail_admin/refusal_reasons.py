"""«Причини відмови»: the head of an agency keeps the reasons that its moderators pick from."""

from typing import Any

from django.forms import Textarea
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import TitleColumn

from diia_videoreception.models import RefusalReason
from diia_videoreception.selectors.access import agencies_headed_by
from diia_videoreception.services.booking import refusal_reasons
from diia_videoreception.wagtail_admin.forms import ScopedForm
from diia_videoreception.wagtail_admin.scoped import ScopedModelViewSet, YesNoColumn

MAX_LINE = 100
FEW_LINES = Textarea(attrs={"rows": 3})


class RefusalReasonForm(ScopedForm):
    """Offers the agencies that who fills it in heads; a reason stays with its agency."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies_headed_by(self.for_user)
        self.fields["agency"].disabled = self.instance.pk is not None


class RefusalReasonViewSet(ScopedModelViewSet):
    """Reached by heads only; without reasons of its own an agency's moderators pick the portal's."""

    model = RefusalReason
    name = "refusal_reasons"
    icon = "list-ol"
    related = ("agency",)
    save = staticmethod(refusal_reasons.save_reason)
    remove = staticmethod(refusal_reasons.remove_reason)
    menu_label = _("Reasons for refusal")
    list_display = (
        TitleColumn(
            "text",
            label=_("Reason"),
            accessor=lambda reason: Truncator(" ".join(reason.text.split())).chars(MAX_LINE),
            url_name="videoreception_refusal_reasons:edit",
        ),
        "agency",
        "position",
        YesNoColumn("is_archived", label=capfirst(_("no longer offered")), sort_key="is_archived"),
        YesNoColumn("is_used", label=capfirst(_("used"))),
    )
    edit_handler = ObjectList(
        [
            FieldPanel("agency"),
            *(
                FieldPanel(name, widget=FEW_LINES)
                for name in ("text", "legal_ground", "whom_to_ask")
            ),
            FieldPanel("next_step"),
            FieldPanel("position"),
            FieldPanel("is_archived"),
        ],
        base_form_class=RefusalReasonForm,
    )
