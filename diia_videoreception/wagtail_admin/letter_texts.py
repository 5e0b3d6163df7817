"""«Тексти листів»: a head puts the letters of the agency into its own words, and sees what people will read."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.errors import ActRefused, Incomplete, NotFound
from diia_videoreception.models import Application, LetterText
from diia_videoreception.rules.letter_placeholders import (
    COMPOSED,
    NEEDS,
    PARTS,
    SMS_NEEDS,
    WordedKind,
    names_of,
)
from diia_videoreception.rules.letter_texts import (
    MAX_NOTE,
    MAX_SMS,
    MAX_SUBJECT,
    MAX_TEXT,
    LetterWords,
    Place,
)
from diia_videoreception.rules.text_messages import most_of_one, units
from diia_videoreception.selectors.access import applications_visible_to
from diia_videoreception.selectors.accounts.staff import heads
from diia_videoreception.selectors.letter_texts import latest_texts
from diia_videoreception.services.letters import own_texts
from diia_videoreception.services.letters.previews import preview_in_words
from diia_videoreception.services.letters.rendering.text_messages import longest_text
from diia_videoreception.services.throttling import require_rate
from diia_videoreception.wagtail_admin.addresses import OurAddresses, shown_to
from diia_videoreception.wagtail_admin.letter_text_versions import (
    LABELS,
    VERSIONS_SHOWN,
    LetterTextVersions,
    OneLetterPage,
    label_of,
    words_of_version,
)
from diia_videoreception.wagtail_admin.people import HeadPage

REAL_CASES = 5
"""So many of the newest applications are offered for a preview."""


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
                        "label": label_of(kind),
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
    sms = forms.CharField(
        label=_("SMS"),
        max_length=MAX_SMS,
        required=False,
        help_text=_("One message, with the longest date. Leave it empty to send the standard SMS."),
    )
    note = forms.CharField(
        label=_("What you have changed"),
        max_length=MAX_NOTE,
        required=False,
        help_text=_("Your colleagues will see it in the list of versions."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)
    case = forms.ChoiceField(label=_("Data for the preview"), required=False)

    def __init__(self, *args: Any, cases: list[Application], has_sms: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_sms:
            del self.fields["sms"]
        cast(forms.ChoiceField, self.fields["case"]).choices = [
            ("", gettext("Invented data")),
            *((str(one.public_id), f"{one.number}, {one.citizen.full_name}") for one in cases),
        ]


class LetterTextPage(OneLetterPage):
    """One kind of letter in one language: its words, how a person will read them, and its versions."""

    template_name = "diia_videoreception/admin/letter_text.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        latest = self.versions().first()
        shown = latest
        wanted = request.GET.get("version", "")
        if wanted.isascii() and wanted.isdecimal() and len(wanted) < 7:
            shown = self.versions().filter(version=int(wanted)).first() or latest
        words = words_of_version(shown, self.kind, self.language)
        initial = {"subject": words.subject, "text": words.text, "sms": words.sms}
        form = self._form(initial=initial | {"seen": latest.version if latest else 0})
        return self._shown(form, words)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._shown(form, None, status=422)
        acts = {
            "save": lambda: self._save(form),
            "standard": lambda: self._restore(form),
            "trial": lambda: self._try(form),
        }
        typed = self._typed(form)
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
            self._typed(form),
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
        latest = self.versions().first()
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

    def _typed(self, form: LetterTextForm) -> LetterWords:
        typed = {name: form.cleaned_data.get(name, "") for name in ("subject", "text", "sms")}
        return own_texts.typed_words(self.kind, self.language, **typed)

    def _form(self, *args: Any, **kwargs: Any) -> LetterTextForm:
        has_sms = self.kind in SMS_NEEDS
        return LetterTextForm(*args, cases=self._cases(), has_sms=has_sms, **kwargs)

    def _cases(self) -> list[Application]:
        found = applications_visible_to(self.request.user).filter(
            official__unit__agency=self.agency
        )
        if self.kind not in COMPOSED:
            # What such a letter says comes from its occasion.
            found = found.filter(letters__kind=self.kind.value, letters__copy_of=None).distinct()
        return list(found.select_related("citizen").order_by("-pk")[:REAL_CASES])

    def _shown(
        self, form: LetterTextForm, typed: LetterWords | None, *, status: int = 200
    ) -> HttpResponse:
        """Show the form with a preview of what is typed, or with what has to be mended."""
        preview, sms = None, ""
        if typed is not None:
            try:
                preview = own_texts.try_words(typed, self.agency, now=self.now)
                sms = longest_text(typed.sms, self.agency, self.language)
            except Incomplete as refusal:
                status = 422 if form.is_bound else status
                if form.is_bound:
                    for name, message in refusal.fields.items():
                        form.add_error(name, str(message))
        return self.render_to_response(
            self.get_context_data(
                form=form,
                preview=(preview and self._in_real_case(form, typed)) or preview,
                sms=sms,
                sms_length=units(sms),
                sms_most=most_of_one(sms),
            ),
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
        try:
            return preview_in_words(own, application, now=self.now)
        except NotFound:
            return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = list(self.versions()[:VERSIONS_SHOWN])
        return super().get_context_data(
            agency=self.agency,
            index_url=reverse("videoreception_letter_texts:index"),
            versions=versions,
            is_own=bool(versions) and not versions[0].is_standard,
            versions_url=self.address("versions"),
            variables=list(self._variables(Place.TEXT)),
            sms_variables=list(self._variables(Place.SMS)),
            **kwargs,
        )

    def _variables(self, place: Place) -> Iterator[dict[str, object]]:
        needs = (SMS_NEEDS if place is Place.SMS else NEEDS).get(self.kind)
        if needs is None:
            return
        for one, name in names_of(self.language).items():
            if one in needs.allowed:
                yield {
                    "name": f"{{{name}}}",
                    "label": LABELS[one.value],
                    "is_part": one in PARTS,
                    "is_required": any(one in needed for needed in needs.required),
                    "longest": longest_text(f"{{{name}}}", self.agency, self.language)
                    if place is Place.SMS
                    else "",
                }


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
            path(
                "<int:agency_id>/<slug:kind>/<slug:language>/versions/",
                LetterTextVersions.as_view(),
                name="versions",
            ),
        ]
