"""«Журнал»: every act in words for auditors, and whether its chain of hashes is whole."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.models import Application, JournalAct, JournalRecord
from diia_videoreception.rules.numbers import NumberError, parse_number
from diia_videoreception.selectors.journal import (
    JournalSearch,
    audits_journal,
    named,
    older_than,
    places_in_chain,
    records_found,
)
from diia_videoreception.services.journal.sealing import verify_part
from diia_videoreception.wagtail_admin.addresses import OurAddresses, key_asked, shown_to
from diia_videoreception.wagtail_admin.pages import StaffPage

ON_PAGE = 50
MOST_DAYS = 31
"""Of a period: a month is read at once, and no more of the journal for one page."""
MOST_VERIFIED = 20_000
"""Records whose hashes are computed for one answer, in well under a second."""
USUAL = timedelta(days=7)
ABOUT: Mapping[str, Promise] = {
    "application": _("applications"),
    "reception": _("rooms of receptions"),
    "citizen": _("accounts of citizens"),
    "user": _("rights and sign-in of staff"),
    "official": _("officials"),
    "agency": _("agencies"),
    "centre": _("centres"),
    "visit": _("visits to centres"),
    "mandate": _("consents to help"),
    "look": _("looks of staff"),
    "export": _("saved files"),
}
"""What acts are about: the part of their values before the point."""


class JournalForm(forms.Form):
    """What an auditor looks for."""

    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    about = forms.ChoiceField(
        label=_("About"), required=False, choices=[("", _("everything")), *ABOUT.items()]
    )
    who = forms.ChoiceField(
        label=_("Who"), required=False, choices=[("", _("anybody")), *JournalRecord.Actor.choices]
    )
    staff = forms.CharField(label=_("User name of staff"), required=False, max_length=150)
    number = forms.CharField(
        label=_("Number of the application"),
        required=False,
        max_length=40,
        help_text=_("With it the whole history of the case is shown, whatever the period."),
    )

    def clean_number(self) -> Application | None:
        typed = self.cleaned_data["number"].strip()
        if not typed:
            return None
        try:
            number = str(parse_number(typed))
        except NumberError:
            number = ""
        found = Application.objects.filter(number=number).only("public_id").first()
        if found is None:
            raise forms.ValidationError(gettext("There is no application with this number."))
        return found

    def clean_staff(self) -> str:
        typed = self.cleaned_data["staff"].strip()
        if not typed:
            return ""
        model = get_user_model()
        user = model._default_manager.filter(**{model.USERNAME_FIELD: typed}).first()
        if user is None:
            raise forms.ValidationError(gettext("There is no member of staff of this name."))
        return str(user.pk)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day must not be before the first day."))
        elif first and last and (last - first).days >= MOST_DAYS:
            text = gettext("Choose at most %(days)s days.") % {"days": MOST_DAYS}
            self.add_error("last", text)
        elif last and last > date.max - timedelta(days=2):
            self.add_error("last", _("Enter a valid date."))
        return cleaned

    @property
    def search(self) -> JournalSearch:
        """What was typed, by the clock of the portal."""
        zone, given = ZoneInfo(settings.TIME_ZONE), self.cleaned_data
        about = given["about"]
        return JournalSearch(
            since=datetime.combine(given["first"], time.min, zone),
            until=datetime.combine(given["last"] + timedelta(days=1), time.min, zone),
            acts=[act for act in JournalAct.values if about and act.startswith(f"{about}.")],
            actor_kind=given["who"],
            staff_id=given["staff"],
            application=given["number"].public_id if given["number"] else None,
        )


class JournalPage(StaffPage):
    """The records that were looked for, page by page, and with `verify` what their chain is like."""

    template_name = "diia_videoreception/admin/journal.html"
    page_title = _("Journal")
    header_icon = "history"

    def is_for(self, user: Any) -> bool:
        return audits_journal(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = self._form()
        rows, more, verdict = [], "", None
        if form.is_valid():
            found = records_found(self.request.user, form.search)
            before = key_asked(self.request, "before")
            if before is not None:
                found = older_than(found, before)
            shown = list(found[: ON_PAGE + 1])
            rows = named(shown[:ON_PAGE])
            if len(shown) > ON_PAGE:
                asked = self.request.GET.dict() | {"before": str(rows[-1].record.pk)}
                # Once seen, it is not computed again for every page.
                asked.pop("verify", None)
                more = f"?{urlencode(asked)}"
            if "verify" in self.request.GET:
                verdict = _verdict(self.staff, form.search)
        return super().get_context_data(
            form=form,
            rows=rows,
            more=more,
            verdict=verdict,
            is_wrong=not form.is_valid(),
            **kwargs,
        )

    def _form(self) -> JournalForm:
        today = self.now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        usual = {"first": str(today - USUAL), "last": str(today)}
        return JournalForm(usual | self.request.GET.dict())


class ChainNotice(NamedTuple):
    """What is said of the chain, and as which kind of notice."""

    status: str
    text: str


def _verdict(staff: AbstractBaseUser, search: JournalSearch) -> ChainNotice:
    """Verify the chain of a period, if it is no longer than can be done at once."""
    places = places_in_chain(staff, search)
    if places is None:
        return ChainNotice("warning", gettext("The period has no sealed records yet."))
    first, last = places
    if last - first >= MOST_VERIFIED:
        text = gettext("Choose a shorter period: up to %(most)s records are verified at once.")
        return ChainNotice("warning", text % {"most": MOST_VERIFIED})
    broken_at = verify_part(first, last)
    if broken_at is None:
        text = gettext("The chain is whole: records %(first)s to %(last)s.")
        return ChainNotice("info", text % {"first": first, "last": last})
    text = gettext(
        "The chain is broken at record %(place)s: it was changed or is missing. Tell the security officer."
    )
    return ChainNotice("critical", text % {"place": broken_at})


class JournalViewSet(OurAddresses, ViewSet):
    name = "journal"
    icon = "history"
    menu_label = _("Journal")
    menu_item_class = shown_to(audits_journal)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", JournalPage.as_view(), name="index")]
