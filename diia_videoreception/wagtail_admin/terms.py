"""«Строки»: a head says how long the agency takes, on what ground, and who may extend it how far."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.errors import ActRefused, Incomplete
from diia_videoreception.models import Agency, Term
from diia_videoreception.models.terms import MAX_GROUND
from diia_videoreception.rules.terms import (
    BEGINNINGS,
    SUGGESTED_ANSWER_DAYS,
    SUGGESTED_MAX_ANSWER_DAYS,
    Beginning,
    Counting,
    Extender,
    TermKind,
)
from diia_videoreception.selectors.access import agencies_headed_by
from diia_videoreception.selectors.accounts.staff import heads
from diia_videoreception.selectors.booking.terms import terms_of_heads
from diia_videoreception.services.booking.terms import TermWanted, save_term
from diia_videoreception.wagtail_admin.addresses import OurAddresses, shown_to
from diia_videoreception.wagtail_admin.people import HeadPage

HELP = {
    TermKind.DECISION: _(
        "Until when the agency confirms or declines an application, counted from the day of "
        "submission. We suggest no number: take it from the agency’s own rules of reception. Whatever "
        "the term, it is due 24 hours before the reception."
    ),
    TermKind.ANSWER: _(
        "Until when a person gets the written answer where the question needs consideration after the "
        "reception. Suggested, to be confirmed by your lawyers: %(days)s calendar days, by the head to "
        "%(most)s in all (Article 20 of the Law of Ukraine “On Citizens’ Appeals”)."
    ),
}
SUGGESTED = {"days": SUGGESTED_ANSWER_DAYS, "most": SUGGESTED_MAX_ANSWER_DAYS}
FIELDS = ("name", "legal_ground", "days", "counting", "counts_from", "extended_by", "max_days")


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term of an agency in words; `length` is empty where it is not filled in."""

    kind: TermKind
    label: str
    name: str = ""
    length: str = ""
    extension: str = ""
    legal_ground: str = ""


def row_of(kind: TermKind, term: Term | None) -> TermRow:
    label = label_of(kind)
    if term is None or not term.days:
        return TermRow(kind, label)
    return TermRow(
        kind,
        label,
        term.name,
        length_in_words(term.days, Counting(term.counting)),
        _extension_in_words(term),
        term.legal_ground,
    )


def label_of(kind: TermKind) -> str:
    return str(Term(kind=kind.value).get_kind_display())


def length_in_words(days: int, counting: Counting) -> str:
    """Return «5 робочих днів»."""
    if counting is Counting.WORKING:
        words = ngettext("%(count)s working day", "%(count)s working days", days)
    else:
        words = ngettext("%(count)s calendar day", "%(count)s calendar days", days)
    return words % {"count": days}


def _extension_in_words(term: Term) -> str:
    if term.max_days is None:
        return gettext("nobody extends it")
    return gettext("%(who)s: to %(days)s in all") % {
        "who": term.get_extended_by_display(),
        "days": length_in_words(term.max_days, Counting(term.counting)),
    }


HELP_TEXTS: dict[str, Any] = {
    "name": _("As the agency calls it, if it has a name of its own."),
    "days": _("If it is empty, the term is not filled in and nothing is counted by it."),
    "counting": _(
        "The day of the act from which it counts does not count. A term that would end on a day off ends on "
        "the next working day. Holidays and work on them are set for the whole agency."
    ),
    "legal_ground": _(
        "The law or order that sets this term. The citizen reads it in the letter about an extension."
    ),
    "max_days": _("Counted from the same day as the term itself."),
}


class TermsPage(HeadPage):
    """Every kind of term of the agencies that the person heads, those that nobody has filled in too."""

    template_name = "diia_videoreception/admin/terms.html"
    page_title = _("Terms")
    header_icon = "time"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agencies = [
            {"agency": agency, "rows": [row_of(kind, terms.get(kind.value)) for kind in TermKind]}
            for agency, terms in terms_of_heads(self.request.user)
        ]
        return super().get_context_data(agencies=agencies, **kwargs)


class TermForm(forms.Form):
    """The fields of a term, as its columns have them; what is wrong between them, the rules say."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)

    def __init__(self, *args: Any, kind: TermKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ground = forms.Textarea(attrs={"rows": 2, "maxlength": MAX_GROUND})
        self.fields |= forms.fields_for_model(
            Term, fields=FIELDS, help_texts=HELP_TEXTS, widgets={"legal_ground": ground}
        )
        beginnings = BEGINNINGS[kind]
        from_where = cast(forms.ChoiceField, self.fields["counts_from"])
        words = dict(Term._meta.get_field("counts_from").flatchoices)
        from_where.choices = [(one.value, words[one.value]) for one in beginnings]
        from_where.initial = beginnings[0].value
        # Where there is no choice, none has to be sent.
        from_where.required = len(beginnings) > 1

    def wanted(self) -> TermWanted:
        """Of a valid form."""
        values = {name: self.cleaned_data[name] for name in FIELDS}
        values["counting"] = Counting(values["counting"])
        values["counts_from"] = Beginning(values["counts_from"]) if values["counts_from"] else None
        values["extended_by"] = Extender(values["extended_by"])
        return TermWanted(**values)


class TermPage(HeadPage):
    """One term of one agency."""

    template_name = "diia_videoreception/admin/term.html"
    header_icon = "time"
    http_method_names = ["get", "head", "post"]
    agency: Agency
    kind: TermKind

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        agency = agencies_headed_by(request.user).filter(pk=kwargs["agency_id"]).first()
        if kwargs["kind"] not in set(TermKind) or (agency is None and heads(request.user)):
            raise Http404
        # Who heads nothing is refused by the page itself.
        self.agency, self.kind = cast(Agency, agency), TermKind(kwargs["kind"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return gettext("Term: %(kind)s") % {"kind": label_of(self.kind)}

    def get_page_subtitle(self) -> str:
        return str(self.agency.name)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        term = self._term()
        kept = model_to_dict(term, FIELDS) if term else {}
        form = TermForm(kind=self.kind, initial={**kept, "seen": term.version if term else 0})
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = TermForm(request.POST, kind=self.kind)
        status = 422
        if form.is_valid():
            try:
                term = save_term(
                    self.agency.pk,
                    self.kind,
                    form.wanted(),
                    seen_version=form.cleaned_data["seen"],
                    staff=request.user,
                    now=timezone.now(),
                )
            except Incomplete as refusal:
                for name, text in refusal.fields.items():
                    form.add_error(name, str(text))
            except ActRefused as refusal:
                messages.error(request, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _saved(term))
                return redirect("videoreception_terms:index")
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def _term(self) -> Term | None:
        return Term.objects.filter(agency=self.agency, kind=self.kind.value).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            agency=self.agency,
            kind_help=str(HELP[self.kind]) % SUGGESTED,
            index_url=reverse("videoreception_terms:index"),
            **kwargs,
        )


def _saved(term: Term) -> str:
    if not term.days:
        return gettext("The term is not filled in any more. Nothing is counted by it.")
    return gettext("The term is saved. It counts for applications that had none until now.")


class TermsViewSet(OurAddresses, ViewSet):
    name = "terms"
    icon = "time"
    menu_label = _("Terms")
    menu_item_class = shown_to(heads)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", TermsPage.as_view(), name="index"),
            path("<int:agency_id>/<slug:kind>/", TermPage.as_view(), name="edit"),
        ]
