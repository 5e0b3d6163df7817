"""«Тексти листів»: a head puts the letters of the agency into its own words, and sees what people will read."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.errors import ActRefused, Incomplete
from diia_videoreception.models import Agency, Application, Letter, LetterText
from diia_videoreception.rules.letter_texts import (
    MAX_NOTE,
    MAX_SUBJECT,
    MAX_TEXT,
    NEEDS,
    PARTS,
    LetterWords,
    WordedKind,
    names_of,
)
from diia_videoreception.selectors.access import agencies_headed_by, applications_visible_to
from diia_videoreception.selectors.accounts.staff import heads
from diia_videoreception.selectors.letter_texts import latest_texts, versions_of
from diia_videoreception.services.letters import own_texts
from diia_videoreception.services.letters.previews import preview_in_words
from diia_videoreception.services.letters.rendering.standard_words import standard_words
from diia_videoreception.services.throttling import require_rate
from diia_videoreception.wagtail_admin.addresses import OurAddresses, shown_to
from diia_videoreception.wagtail_admin.people import HeadPage

REAL_CASES = 5
"""So many of the newest applications are offered for a preview."""
VERSIONS_SHOWN = 20


def _label(kind: WordedKind) -> str:
    """Return what the letter is called; of cancelled receptions only the agency's are its own to tell."""
    if kind == WordedKind.CANCELLED:
        return gettext("Reception cancelled by the agency")
    return str(Letter.Kind(kind.value).label)


class LetterTextsPage(HeadPage):
    """Which letters of which agency are in own words."""

    template_name = "diia_videoreception/admin/letter_texts.html"
    page_title = _("Texts of letters")
    header_icon = "mail"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agencies = [
            {
                "agency": agency,
                "rows": [
                    {
                        "kind": kind,
                        "label": _label(kind),
                        "language": language,
                        "language_name": translation.get_language_info(language)["name_translated"],
                        "text": own.get((kind.value, language)),
                    }
                    for kind in WordedKind
                    for language, _name in settings.LANGUAGES
                ],
            }
            for agency, found in latest_texts(self.request.user, list(WordedKind))
            for own in [{(one.kind, one.language): one for one in found}]
        ]
        return super().get_context_data(agencies=agencies, **kwargs)


class LetterTextForm(forms.Form):
    """The words, and what was changed; the rules say what is wrong with them."""

    subject = forms.CharField(
        label=_("Subject"),
        max_length=2 * MAX_SUBJECT,
        required=False,
        help_text=_("Up to %(most)s characters, with what is filled in.") % {"most": MAX_SUBJECT},
    )
    text = forms.CharField(
        label=_("Text of the letter"),
        max_length=2 * MAX_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_(
            "An empty line begins a new paragraph. Lines that begin with a dash make a list."
        ),
    )
    note = forms.CharField(
        label=_("What you have changed"),
        max_length=MAX_NOTE,
        required=False,
        help_text=_("Your colleagues will see it in the list of versions."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)
    case = forms.ChoiceField(label=_("Data for the preview"), required=False)

    def __init__(self, *args: Any, cases: list[Application], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["case"]).choices = [
            ("", gettext("Invented data")),
            *((str(one.public_id), f"{one.number}, {one.citizen.full_name}") for one in cases),
        ]


class LetterTextPage(HeadPage):
    """One kind of letter in one language: its words, how a person will read them, and its versions."""

    template_name = "diia_videoreception/admin/letter_text.html"
    header_icon = "mail"
    http_method_names = ["get", "head", "post"]
    agency: Agency
    kind: WordedKind

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.now = timezone.now()
        self.language = kwargs["language"]
        agency = agencies_headed_by(request.user).filter(pk=kwargs["agency_id"]).first()
        known = {kind.value for kind in WordedKind}
        if kwargs["kind"] not in known or self.language not in dict(settings.LANGUAGES):
            raise Http404
        self.kind = WordedKind(kwargs["kind"])
        if agency is None and heads(request.user):
            raise Http404
        self.agency = cast(Agency, agency)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return gettext("Text of the letter “%(kind)s”") % {"kind": _label(self.kind)}

    def get_page_subtitle(self) -> str:
        language = translation.get_language_info(self.language)["name_translated"]
        return f"{self.agency.name}, {language}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        latest = self._versions().first()
        shown = latest
        wanted = request.GET.get("version", "")
        if wanted.isascii() and wanted.isdecimal() and len(wanted) < 7:
            shown = self._versions().filter(version=int(wanted)).first() or latest
        subject, text = standard_words(self.kind, self.language)
        if shown is not None and not shown.is_standard:
            subject, text = shown.subject, shown.text
        form = self._form(
            initial={"subject": subject, "text": text, "seen": latest.version if latest else 0}
        )
        return self._shown(form, self._typed(subject, text))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._shown(form, None, status=422)
        acts = {
            "save": lambda: self._save(form),
            "standard": lambda: self._restore(form),
            "trial": lambda: self._try(form),
        }
        typed = self._typed(form.cleaned_data["subject"], form.cleaned_data["text"])
        try:
            act = acts.get(request.POST.get("act", ""))
            if act is not None:
                return act()
        except Incomplete as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name or None, str(message))
            return self._shown(form, None, status=422)
        except ActRefused as refusal:
            messages.error(request, str(refusal))
            return self._shown(form, typed, status=refusal.status)
        return self._shown(form, typed)

    def _save(self, form: LetterTextForm) -> HttpResponse:
        own_texts.save_text(
            self.agency.pk,
            self._typed(form.cleaned_data["subject"], form.cleaned_data["text"]),
            note=form.cleaned_data["note"],
            seen_version=form.cleaned_data["seen"],
            staff=self.request.user,
            now=self.now,
        )
        messages.success(
            self.request,
            gettext("The text is saved. Letters that are written already stay as they are."),
        )
        return redirect(self.request.path)

    def _restore(self, form: LetterTextForm) -> HttpResponse:
        own_texts.restore_standard(
            self.agency.pk,
            self.kind,
            self.language,
            seen_version=form.cleaned_data["seen"],
            staff=self.request.user,
            now=self.now,
        )
        messages.success(self.request, gettext("We will use the standard text again."))
        return redirect(self.request.path)

    def _try(self, form: LetterTextForm) -> HttpResponse:
        latest = self._versions().first()
        if latest is None or latest.is_standard:
            messages.error(self.request, gettext("Save your text first, then try it."))
            return redirect(self.request.path)
        require_rate("trial_letter", f"staff {self.request.user.pk}", now=self.now)
        letter = own_texts.send_trial(
            latest, staff=cast(AbstractBaseUser, self.request.user), now=self.now
        )
        messages.success(
            self.request,
            gettext("We will send the trial letter to: %(address)s.") % {"address": letter.address},
        )
        return redirect(self.request.path)

    def _typed(self, subject: str, text: str) -> LetterWords:
        return own_texts.typed_words(self.kind, self.language, subject=subject, text=text)

    def _form(self, *args: Any, **kwargs: Any) -> LetterTextForm:
        return LetterTextForm(*args, cases=self._cases(), **kwargs)

    def _cases(self) -> list[Application]:
        found = applications_visible_to(self.request.user).filter(
            official__unit__agency=self.agency
        )
        return list(found.select_related("citizen").order_by("-pk")[:REAL_CASES])

    def _versions(self) -> Any:
        return versions_of(self.agency, self.kind, self.language)

    def _shown(
        self, form: LetterTextForm, typed: LetterWords | None, *, status: int = 200
    ) -> HttpResponse:
        """Show the form with a preview of what is typed, or with what has to be mended."""
        preview = None
        if typed is not None:
            try:
                with translation.override(self.language):
                    preview = own_texts.try_words(typed, self.agency, now=self.now)
            except Incomplete as refusal:
                status = 422 if form.is_bound else status
                if form.is_bound:
                    for name, message in refusal.fields.items():
                        form.add_error(name, str(message))
        return self.render_to_response(
            self.get_context_data(form=form, preview=self._in_real_case(form, typed) or preview),
            status=status,
        )

    def _in_real_case(self, form: LetterTextForm, typed: LetterWords | None) -> Any:
        wanted = form.cleaned_data.get("case") if form.is_bound and form.is_valid() else ""
        if typed is None or not wanted:
            return None
        application = (
            applications_visible_to(self.request.user)
            .filter(public_id=wanted, official__unit__agency=self.agency)
            .select_related("citizen", "official__unit__agency")
            .first()
        )
        if application is None:
            return None
        own = LetterText(
            agency=self.agency,
            kind=self.kind.value,
            language=self.language,
            subject=typed.subject,
            text=typed.text,
        )
        return preview_in_words(own, application, now=self.now)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = names_of(self.language)
        needs = NEEDS[self.kind]
        versions = list(self._versions()[:VERSIONS_SHOWN])
        return super().get_context_data(
            agency=self.agency,
            index_url=reverse("videoreception_letter_texts:index"),
            versions=versions,
            is_own=bool(versions) and not versions[0].is_standard,
            variables=[
                {
                    "name": f"{{{names[one]}}}",
                    "label": LABELS[one.value],
                    "is_part": one in PARTS,
                    "is_required": any(one in needed for needed in needs.required),
                }
                for one in names
                if one in needs.allowed
            ],
            **kwargs,
        )


LABELS = {
    "person": _("surname and name of the citizen"),
    "time": _("date and time of the reception, with the zone"),
    "earlier_time": _("date and time before the move"),
    "number": _("number of the application"),
    "official": _("name of the official"),
    "post": _("post of the official"),
    "agency": _("name of the agency"),
    "agency_phone": _("telephone of the agency"),
    "opens_at": _("when the room opens"),
    "details": _("number, time, agency and official in a list"),
    "time_may_change": _("warning that date and time may change"),
    "connection": _("how to connect, with the login and the way to the password"),
    "check": _("how to check the equipment"),
    "cancelling": _("how to cancel"),
    "reason": _("reason and legal ground"),
    "complaint": _("how to complain, as the agency says"),
    "free_times": _("next free times"),
    "link": _("link “Open the application”"),
}
"""What editors read beside each variable."""


class LetterTextsViewSet(OurAddresses, ViewSet):
    name = "letter_texts"
    icon = "mail"
    menu_label = _("Texts of letters")
    menu_item_class = shown_to(heads)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", LetterTextsPage.as_view(), name="index"),
            path(
                "<int:agency_id>/<slug:kind>/<slug:language>/",
                LetterTextPage.as_view(),
                name="edit",
            ),
        ]
