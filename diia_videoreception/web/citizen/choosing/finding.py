"""«Не знаю, до кого звернутися»: whom to ask, by what somebody tells in their own words.

What they tell is sent by POST and waits for half an hour in the browser's session, encrypted: no
address, no log and no table of ours has it.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from diia_videoreception.personal_data import decrypt, encrypt
from diia_videoreception.rules.regions import REGIONS
from diia_videoreception.rules.suggesting import MAX_WORDS_TEXT, Topic
from diia_videoreception.selectors.booking.catalogue import connected_agencies
from diia_videoreception.selectors.booking.suggesting import suggest, whom_to_call
from diia_videoreception.web.browser_state import TOLD
from diia_videoreception.web.centre.acting import sent, shown, summary_of
from diia_videoreception.web.decorators import screen
from diia_videoreception.web.forms import ScreenForm
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.throttling import throttled

SHOWN_FOR = timedelta(minutes=30)
"""How long this browser shows what was told: long enough to look at one official after another."""
TOPICS = (
    (Topic.SOCIAL.value, _("Social assistance")),
    (Topic.PENSIONS.value, _("Pensions")),
    (Topic.HOUSING.value, _("Housing")),
    (Topic.HEALTH.value, _("Health care")),
    (Topic.EDUCATION.value, _("Education")),
    (Topic.WORK.value, _("Labour")),
    (Topic.LAND.value, _("Land and building")),
    (Topic.DOCUMENTS.value, _("Documents")),
    (Topic.VETERANS.value, _("Veterans and the military")),
    (Topic.DISPLACED.value, _("Displaced people")),
)


class FindForm(ScreenForm):
    words = forms.CharField(
        label=_("What happened?"),
        help_text=_("One or two sentences in your own words. No names or numbers are needed."),
        max_length=MAX_WORDS_TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": _("Write what happened, or choose a topic.")},
    )
    region = forms.ChoiceField(
        label=_("Where you live"),
        required=False,
        choices=[("", _("the whole of Ukraine")), *REGIONS],
    )
    topic = forms.ChoiceField(
        label=_("Topic"), required=False, choices=[("", _("I do not know")), *TOPICS]
    )

    def __init__(self, data: Mapping[str, str] | None = None) -> None:
        """Take a topic for words: there is something to go by."""
        super().__init__(data)
        self.fields["words"].required = not (data and data.get("topic"))


@screen
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("suggestion")
def find_official(request: HttpRequest) -> HttpResponse:
    """Ask what happened; what was told is kept for this browser, which then sees who may decide it and why."""
    if request.method != "POST":
        form = shown(request, FindForm())
        return _page(request, form if form.is_bound else _told(request) or form)

    def keep(form: FindForm) -> None:
        told = {name: form.cleaned_data[name] for name in form.fields}
        until = (timezone.now() + SHOWN_FOR).timestamp()
        TOLD.save(request, (encrypt(json.dumps(told)), until))

    return sent(
        request,
        FindForm(request.POST),
        keep,
        here=request.path,
        there=f"{request.path}#found",
        notice="",
        page=lambda form, status: _page(request, form, status),
    )


def _told(request: HttpRequest) -> FindForm | None:
    """Return the form as this browser sent it within the last half an hour, if today's code can read it."""
    kept = TOLD.load(request)
    if kept is None or timezone.now().timestamp() >= kept[1]:
        return None
    try:
        form = FindForm(json.loads(decrypt(kept[0])))
    except InvalidToken:
        return None
    return form if form.is_valid() else None


def _page(request: HttpRequest, form: FindForm, status: int = 200) -> HttpResponse:
    has_told = form.is_bound and form.is_valid()
    return render_page(
        request,
        "citizen/find_official.html",
        heading=_("I do not know whom to ask"),
        step=1,
        status=status,
        error_summary=summary_of(form),
        form=form,
        has_told=has_told,
        **(_answer(form.cleaned_data, now=timezone.now()) if has_told else {}),
    )


def _answer(told: Mapping[str, str], *, now: datetime) -> dict[str, object]:
    """Return who fits; where nobody does, whom to call and how many agencies there are."""
    topic = Topic(told["topic"]) if told["topic"] else None
    found = suggest(told["words"], region=told["region"], topic=topic, now=now)
    if found:
        return {"found": found}
    return {
        "agencies": connected_agencies().count(),
        "to_call": whom_to_call(told["words"], region=told["region"], topic=topic),
    }
