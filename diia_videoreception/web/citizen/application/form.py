"""Step 2: the form, kept as a draft all the time (A-36 to A-47)."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import HoldMoved, TooManyRequests
from diia_videoreception.models import Application, Citizen, Draft, HoldUse, Occupancy
from diia_videoreception.rules.displaced import key_of
from diia_videoreception.rules.merging import MAX_TAB, MAX_TURN, Known
from diia_videoreception.rules.numbers import format_number
from diia_videoreception.rules.texts import clean_line
from diia_videoreception.selectors.accounts.citizens import address_to_confirm
from diia_videoreception.selectors.booking.applications import applications_of, draft_of
from diia_videoreception.selectors.booking.holds import live_hold
from diia_videoreception.services.accounts.citizens import ask_to_confirm_address
from diia_videoreception.services.booking.completeness import problems_of
from diia_videoreception.services.booking.drafts import (
    SavedAnswers,
    blank_draft,
    choose_text,
    merge_answers,
    save_answers,
    version_of,
)
from diia_videoreception.services.booking.holds import require_as_shown
from diia_videoreception.web.citizen.application.counter import characters_left, counter_texts
from diia_videoreception.web.citizen.application.files import (
    RefusedFile,
    add_files,
    count_in_words,
)
from diia_videoreception.web.citizen.application.forms import (
    ApplicationForm,
    answers_of,
    checked_form,
)
from diia_videoreception.web.citizen.application.guard import application_screen, draft_token
from diia_videoreception.web.citizen.application.hold_state import (
    expired_use,
    just_filed,
    second_chance,
)
from diia_videoreception.web.citizen.shown import shown_hold
from diia_videoreception.web.errors import wants_json
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.moments import moment_value
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import Refused, refused_of, show_again
from diia_videoreception.web.throttling import enforce_rate_limit
from diia_videoreception.wording import phone as phone_in_words

SUGGESTED_NUMBERS = 20
CHECKED = "checked"
"""In the address of the form: what is missing is said."""


@application_screen("draft")
def application(request: CitizenRequest) -> HttpResponse:
    """Show the form; a POST keeps everything first and then looks whether one can go on."""
    if request.method == "POST":
        return _saved(request) if wants_json(request) else _go_on(request)
    now = timezone.now()
    citizen = request.citizen.citizen
    # `write` asks for the form itself, whatever became of the time.
    if "write" not in request.GET and live_hold(citizen, now=now) is None:
        filed = just_filed(citizen, now=now)
        if filed is not None:
            return filed_page(request, filed)
        use = expired_use(citizen, now=now)
        if use is not None:
            return _expired_page(request, use, now=now)
    return form_page(request)


def keep_answers(request: CitizenRequest) -> SavedAnswers:
    """Merge the sent form into the draft; what has no version is of a page from before."""
    citizen, now = request.citizen.citizen, timezone.now()
    answers, token = ApplicationForm(request.POST).answers(), draft_token(request)
    known = _known(request)
    if known is None:
        draft = save_answers(citizen=citizen, answers=answers, token=token, now=now)
        return SavedAnswers(draft, version_of(draft))
    return merge_answers(citizen=citizen, answers=answers, known=known, token=token, now=now)


def _known(request: CitizenRequest) -> Known | None:
    if "version" not in request.POST:
        return None
    turn = request.POST.get("turn", "")
    return Known(
        version=request.POST["version"],
        tab=clean_line(request.POST.get("tab", ""))[:MAX_TAB],
        turn=min(int(turn), MAX_TURN) if turn.isascii() and turn.isdecimal() else 0,
    )


def _saved(request: CitizenRequest) -> HttpResponse:
    """Show what a script needs to go on: the version, and what others have written meanwhile."""
    saved = keep_answers(request)
    message = gettext("Saved")
    if saved.conflicts:
        message = gettext("This was changed in another tab or program. We have kept both texts.")
    return JsonResponse(
        {
            "draft": str(saved.draft.token),
            "version": saved.version,
            "answers": _shown(saved.draft, saved.others),
            "conflicts": saved.conflicts,
            "message": message,
        }
    )


def _shown(draft: Draft, names: Sequence[str]) -> dict[str, object]:
    """Answer as the fields show them."""
    answers = answers_of(draft, draft.citizen)
    return {name: answers[name] for name in names}


def refused_files(request: CitizenRequest, refused: Sequence[RefusedFile]) -> HttpResponse:
    """Lead back to the form, which says why files could not be added."""
    errors = {"documents": [file.summary for file in refused]}
    extra = [asdict(file) for file in refused]
    return show_again(request, f"{_form_url()}?write=1", Refused(errors, extra=extra))


def _go_on(request: CitizenRequest) -> HttpResponse:
    draft = keep_answers(request).draft
    chosen = {"take": request.POST.get("take"), "drop": request.POST.get("drop")}
    for how, text in chosen.items():
        if text:
            now = timezone.now()
            name, _space, key = text.partition(" ")
            choose_text(citizen=draft.citizen, name=name, take=how == "take", key=key, now=now)
            return SeeOther(f"{_form_url()}?write=1#{name}")
    refused = add_files(request)
    if refused:
        return refused_files(request, refused)
    if request.POST.get("then") == "choose":
        return SeeOther(reverse("diia_videoreception:choose"))
    now = timezone.now()
    citizen = request.citizen.citizen
    hold = live_hold(citizen, now=now)
    if hold is None and expired_use(citizen, now=now) is not None:
        return SeeOther(reverse("diia_videoreception:application"))
    official_id = hold.official_id if hold else None
    if draft.other_texts or problems_of(draft, official_id=official_id, now=now):
        return to_problems()
    _send_code(request, draft.email, now=now)
    if hold is not None:
        try:
            require_as_shown(hold, shown_hold(request))
        except HoldMoved as moved:
            return show_moved(request, moved)
    return SeeOther(reverse(f"diia_videoreception:{'check' if hold else 'choose'}"))


def _send_code(request: CitizenRequest, address: str, *, now: datetime) -> None:
    """Send the code to a new address; the person may enter it now or after filing."""
    citizen = request.citizen.citizen
    if not address or citizen.letters_address:
        return
    waiting = address_to_confirm(citizen)
    if waiting is not None and waiting.address == address:
        return
    try:
        enforce_rate_limit(request, "code_letter")
        ask_to_confirm_address(citizen=citizen, address=address, now=now)
    except TooManyRequests:
        # The check page shows which address waits, and asks again when the time is over.
        return


def to_problems() -> HttpResponse:
    """Lead to the form, which then says what is missing; whoever goes back or reloads sends nothing."""
    return SeeOther(f"{_form_url()}?write=1&{CHECKED}=1")


def show_moved(request: CitizenRequest, moved: HoldMoved) -> HttpResponse:
    """Show the time that is held now, and says that it is another than the person saw."""
    refused = Refused({"refusal": [str(moved)]}, extra=[moved.code])
    return show_again(request, reverse("diia_videoreception:check"), refused)


def _form_url() -> str:
    return reverse("diia_videoreception:application")


def form_page(request: CitizenRequest) -> HttpResponse:
    """Show the form as the draft has it, with what is wrong and the files that could not be added."""
    now = timezone.now()
    citizen = request.citizen.citizen
    draft = draft_of(citizen)
    documents = list(draft.documents.all()) if draft else []
    hold = live_hold(citizen, now=now)
    problems = {}
    if draft is not None and CHECKED in request.GET:
        official_id = hold.official_id if hold else None
        problems = problems_of(draft, official_id=official_id, now=now)
    form = checked_form(draft, citizen, problems=problems)
    sent = refused_of(request)
    refused = [RefusedFile(**file) for file in sent.extra] if sent else []
    summary = [
        *_choices_to_make(draft if CHECKED in request.GET else None),
        *(form.error_summary if form.is_bound else ()),
        *(("documents", file.summary) for file in refused),
    ]
    topic = str(form["topic"].value() or "")
    limits = app_settings.upload_limits
    return render_page(
        request,
        "citizen/application.html",
        heading=_("Describe your question"),
        step=2,
        is_ahead=hold is None,
        error_summary=summary,
        form=form,
        draft=draft,
        other=_other_texts(draft),
        version=version_of(draft or blank_draft(citizen)),
        tab=secrets.token_hex(8),
        hold=hold,
        letters_address=citizen.letters_address,
        waiting=address_to_confirm(citizen),
        documents=documents,
        proofs=[one for one in documents if one.proves_authority],
        refused=refused,
        documents_count=count_in_words(documents),
        upload_limits=limits,
        megabytes=limits.megabytes,
        counter=characters_left(topic),
        counter_texts=counter_texts(),
        topic_limit=app_settings.topic_max_length,
        own_numbers=_own_numbers(citizen, hold),
        example_number=format_number(now.year, 87),
        details_open=bool(
            documents
            or refused
            or form["prior_number"].value()
            or (draft and "prior_number" in draft.other_texts)
        ),
    )


def _other_texts(draft: Draft | None) -> dict[str, list[tuple[str, str]]]:
    """Return the texts beside each answer, newest first, with what names them on a button."""
    return {
        name: [
            (key_of(one["text"]), phone_in_words(one["text"]) if name == "phone" else one["text"])
            for one in reversed(texts)
        ]
        for name, texts in (draft.other_texts if draft else {}).items()
    }


def _choices_to_make(draft: Draft | None) -> list[tuple[str, str]]:
    """Return a line of the summary for each answer of which more than one text is kept."""
    two = gettext("There are two texts here. Choose one.")
    several = gettext("There are several texts here. Choose one.")
    kept = draft.other_texts if draft else {}
    return [(f"other_{name}", two if len(kept[name]) == 1 else several) for name in kept]


def _own_numbers(citizen: Citizen, hold: Occupancy | None) -> list[Application]:
    """Return earlier applications to the official whose time is held, or to anybody (A-42)."""
    earlier = applications_of(citizen)
    if hold is not None:
        earlier = earlier.filter(official_id=hold.official_id)
    return list(earlier[:SUGGESTED_NUMBERS])


def _expired_page(request: CitizenRequest, use: HoldUse, *, now: datetime) -> HttpResponse:
    return render_page(
        request,
        "citizen/application_expired.html",
        heading=_("Your reservation of the time has ended"),
        official=use.official,
        start=use.start,
        start_value=moment_value(use.start),
        zone=use.official.agency.time_zone,
        chance=second_chance(use, now=now),
        hold_minutes=app_settings.hold_minutes,
    )


def filed_page(request: CitizenRequest, filed: Application) -> HttpResponse:
    """Show what a person sees who goes back after filing."""
    return render_page(
        request,
        "citizen/application_filed.html",
        heading=_("The application has already been submitted"),
        application=filed,
    )
