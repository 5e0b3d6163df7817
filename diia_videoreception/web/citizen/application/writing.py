"""Step 2: the form, kept as a draft all the time (A-36 to A-47)."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import TooManyRequests
from diia_videoreception.models import Application, Citizen, Draft, HoldUse, Occupancy
from diia_videoreception.rules.numbers import format_number
from diia_videoreception.selectors.accounts.citizens import address_to_confirm
from diia_videoreception.selectors.booking.applications import applications_of, draft_of
from diia_videoreception.selectors.booking.holds import live_hold
from diia_videoreception.services.accounts.citizens import ask_to_confirm_address
from diia_videoreception.services.booking.completeness import problems_of
from diia_videoreception.services.booking.drafts import save_answers
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
from diia_videoreception.web.citizen.application.holding import (
    expired_use,
    just_filed,
    second_chance,
)
from diia_videoreception.web.citizen.application.screens import application_screen, draft_token
from diia_videoreception.web.decorators import SeeOther
from diia_videoreception.web.errors import wants_json
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.moments import moment_value
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.throttling import require_slow

SUGGESTED_NUMBERS = 20


@application_screen("draft")
def application(request: CitizenRequest) -> HttpResponse:
    """The form; a POST keeps everything first and then looks whether one can go on."""
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
    return form_page(request, ApplicationForm(initial=answers_of(draft_of(citizen), citizen)))


def kept_form(request: CitizenRequest) -> ApplicationForm:
    """The form as sent, its answers already in the draft."""
    form = ApplicationForm(request.POST)
    _keep(request, form)
    return form


def _keep(request: CitizenRequest, form: ApplicationForm) -> Draft:
    return save_answers(
        citizen=request.citizen.citizen,
        answers=form.answers(),
        token=draft_token(request),
        now=timezone.now(),
    )


def _saved(request: CitizenRequest) -> HttpResponse:
    draft = _keep(request, ApplicationForm(request.POST))
    return JsonResponse({"draft": str(draft.token), "said": gettext("Saved")})


def _go_on(request: CitizenRequest) -> HttpResponse:
    form = ApplicationForm(request.POST)
    draft = _keep(request, form)
    refused = add_files(request)
    if refused:
        return form_page(request, form, refused=refused)
    if request.POST.get("then") == "choose":
        return SeeOther(reverse("diia_videoreception:choose"))
    now = timezone.now()
    citizen = request.citizen.citizen
    hold = live_hold(citizen, now=now)
    if hold is None and expired_use(citizen, now=now) is not None:
        return SeeOther(reverse("diia_videoreception:application"))
    problems = problems_of(draft, official_id=hold.official_id if hold else None)
    if problems:
        return form_page(request, checked_form(draft, citizen, problems=problems))
    _send_code(request, draft.email, now=now)
    return SeeOther(reverse(f"diia_videoreception:{'check' if hold else 'choose'}"))


def _send_code(request: CitizenRequest, address: str, *, now: datetime) -> None:
    """Sends the code to a new address; the person may enter it now or after filing."""
    citizen = request.citizen.citizen
    if not address or citizen.letters_address:
        return
    waiting = address_to_confirm(citizen)
    if waiting is not None and waiting.address == address:
        return
    try:
        require_slow(request, "code_letter")
        ask_to_confirm_address(citizen=citizen, address=address, now=now)
    except TooManyRequests:
        # The check page shows which address waits, and asks again when the time is over.
        return


def form_page(
    request: CitizenRequest, form: ApplicationForm, *, refused: Sequence[RefusedFile] = ()
) -> HttpResponse:
    """The form with its errors and with the files that could not be added, 422 if there are any."""
    now = timezone.now()
    citizen = request.citizen.citizen
    draft = draft_of(citizen)
    documents = list(draft.documents.all()) if draft else []
    hold = live_hold(citizen, now=now)
    summary = [
        *(form.error_summary if form.is_bound else ()),
        *(("documents", file.message) for file in refused),
    ]
    topic = str(form["topic"].value() or "")
    limits = app_settings.upload_limits
    return render_page(
        request,
        "citizen/application.html",
        heading=_("Describe your question"),
        step=2,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if summary else HTTPStatus.OK,
        error_summary=summary,
        form=form,
        draft=draft,
        hold=hold,
        letters_address=citizen.letters_address,
        waiting=address_to_confirm(citizen),
        documents=documents,
        refused=refused,
        documents_count=count_in_words(documents),
        upload_limits=limits,
        megabytes=f"{limits.bytes / 1024 / 1024:g}",
        counter=characters_left(topic),
        counter_texts=counter_texts(),
        topic_limit=app_settings.topic_max_length,
        own_numbers=_own_numbers(citizen, hold),
        example_number=format_number(now.year, 87),
        details_open=bool(documents or refused or form["prior_number"].value()),
    )


def _own_numbers(citizen: Citizen, hold: Occupancy | None) -> list[Application]:
    """Earlier applications to the official whose time is held, or to anybody (A-42)."""
    earlier = applications_of(citizen)
    if hold is not None:
        earlier = earlier.filter(official_id=hold.official_id)
    return list(earlier[:SUGGESTED_NUMBERS])


def _expired_page(request: CitizenRequest, use: HoldUse, *, now: datetime) -> HttpResponse:
    return render_page(
        request,
        "citizen/application_expired.html",
        heading=_("The hold on the time has ended"),
        official=use.official,
        start=use.start,
        start_value=moment_value(use.start),
        zone=use.official.agency.time_zone,
        chance=second_chance(use, now=now),
        hold_minutes=app_settings.hold_minutes,
    )


def filed_page(request: CitizenRequest, filed: Application) -> HttpResponse:
    """What a person sees who goes back after filing."""
    return render_page(
        request,
        "citizen/application_filed.html",
        heading=_("The application has already been submitted"),
        application=filed,
    )
