"""«Фрази для візитів»: the operator keeps what people of all centres say and remember in a visit (B-83)."""

from django.forms import Textarea
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import TitleColumn

from diia_videoreception.models import VisitPhrase
from diia_videoreception.wagtail_admin.forms import ScopedForm
from diia_videoreception.wagtail_admin.scoped import ScopedModelViewSet

MAX_LINE = 100


class VisitPhraseViewSet(ScopedModelViewSet):
    model = VisitPhrase
    name = "visit_phrases"
    icon = "openquote"
    menu_label = _("Phrases for visits")
    list_display = (
        TitleColumn(
            "text",
            label=_("Text"),
            accessor=lambda phrase: Truncator(phrase.text).chars(MAX_LINE),
            url_name="videoreception_visit_phrases:edit",
        ),
        "phase",
        "kind",
        "position",
    )
    list_filter = ("phase", "kind")
    edit_handler = ObjectList(
        [
            FieldPanel("phase"),
            FieldPanel("kind"),
            FieldPanel("text", widget=Textarea(attrs={"rows": 3})),
            FieldPanel("position"),
        ],
        base_form_class=ScopedForm,
    )
