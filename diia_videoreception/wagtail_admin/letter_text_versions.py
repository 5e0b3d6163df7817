"""One letter in an agency's own words: what heads read about it, and its versions side by side."""

from typing import Any, cast

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from diia_videoreception.errors import ActRefused, Incomplete
from diia_videoreception.models import Agency, Letter, LetterText
from diia_videoreception.rules.letter_placeholders import SMS_NEEDS, WordedKind
from diia_videoreception.rules.letter_texts import LetterWords
from diia_videoreception.rules.text_changes import changes_between
from diia_videoreception.selectors.access import agencies_headed_by
from diia_videoreception.selectors.accounts.staff import heads
from diia_videoreception.selectors.letter_texts import versions_of
from diia_videoreception.services.letters import own_texts
from diia_videoreception.services.letters.rendering.standard_words import standard_words
from diia_videoreception.wagtail_admin.people import HeadPage

VERSIONS_SHOWN = 20
STANDARD = 0
"""The number of the portal's own words among the versions."""


def label_of(kind: WordedKind) -> str:
    """Return what the letter is called; of cancelled receptions only the agency's are its own to tell."""
    if kind == WordedKind.CANCELLED:
        return gettext("Reception cancelled by the agency")
    return str(Letter.Kind(kind.value).label)


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
    "content": _("everything that the standard letter says"),
    "until": _("until which day: for the answer, or for the decision"),
    "address": _("address of the portal"),
}
"""What editors read beside each variable."""


def words_of_version(version: LetterText | None, kind: WordedKind, language: str) -> LetterWords:
    """Return the words of a version; without one, or where it is that, the portal's."""
    if version is None or version.is_standard:
        return LetterWords(kind, language, *standard_words(kind, language))
    return LetterWords(kind, language, version.subject, version.text, version.sms)


class OneLetterPage(HeadPage):
    """A page about one kind of letter of an agency in one language."""

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
        return gettext("Text of the letter “%(kind)s”") % {"kind": label_of(self.kind)}

    def get_page_subtitle(self) -> str:
        language = translation.get_language_info(self.language)["name_translated"]
        return f"{self.agency.name}, {language}"

    def versions(self) -> QuerySet[LetterText]:
        return versions_of(self.agency, self.kind, self.language)

    def address(self, name: str) -> str:
        """Return the address of a page about this letter."""
        key = (self.agency.pk, self.kind.value, self.language)
        return reverse(f"videoreception_letter_texts:{name}", args=key)


class LetterTextVersions(OneLetterPage):
    """Two versions side by side, and the way back to the earlier one, which is saved as a new one."""

    template_name = "diia_videoreception/admin/letter_text_versions.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            own_texts.restore_version(
                self.agency.pk,
                self.kind,
                self.language,
                number=_number(request.POST.get("version", "")),
                seen_version=_number(request.POST.get("seen", "")),
                staff=request.user,
                now=self.now,
            )
        except Incomplete as refusal:
            for text in refusal.fields.values():
                messages.error(request, text)
            return redirect(f"{self.address('versions')}?{request.GET.urlencode()}")
        except ActRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(self.address("versions"))
        messages.success(request, gettext("The earlier text is in force again, as a new version."))
        return redirect(self.address("edit"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = list(self.versions()[:VERSIONS_SHOWN])
        latest = versions[0].version if versions else STANDARD
        before = versions[1].version if len(versions) > 1 else STANDARD
        earlier = self._chosen(versions, "earlier", before)
        later = self._chosen(versions, "later", latest)
        return super().get_context_data(
            versions=versions,
            earlier=earlier,
            later=later,
            latest=latest,
            compared=self._compared(versions, earlier, later),
            can_restore=earlier != latest and not self._is_in_force(versions, earlier),
            edit_url=self.address("edit"),
            **kwargs,
        )

    def _chosen(self, versions: list[LetterText], name: str, usual: int) -> int:
        number = _number(self.request.GET.get(name, ""), usual)
        return number if number in {STANDARD, *(one.version for one in versions)} else usual

    def _is_in_force(self, versions: list[LetterText], number: int) -> bool:
        return number == STANDARD and (not versions or versions[0].is_standard)

    def _compared(self, versions: list[LetterText], earlier: int, later: int) -> list[Any]:
        by_number = {one.version: one for one in versions}
        before, after = (
            words_of_version(by_number.get(number), self.kind, self.language)
            for number in (earlier, later)
        )
        fields = [(_("Subject"), before.subject, after.subject)]
        fields.append((_("Text of the letter"), before.text, after.text))
        if self.kind in SMS_NEEDS:
            fields.append((_("SMS"), before.sms, after.sms))
        return [(label, changes_between(one, other)) for label, one, other in fields]


def _number(typed: str, usual: int = STANDARD) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else usual
