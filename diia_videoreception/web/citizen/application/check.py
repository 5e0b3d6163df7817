"""Step 3: look at everything once more, then file it (A-48, A-49)."""

from http import HTTPStatus

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diia_videoreception import errors
from diia_videoreception.models import Application, Draft, Occupancy
from diia_videoreception.selectors.accounts.citizens import address_to_confirm
from diia_videoreception.selectors.booking.applications import draft_of
from diia_videoreception.selectors.booking.holds import live_hold
from diia_videoreception.services.booking import applications
from diia_videoreception.services.booking.completeness import problems_of
from diia_videoreception.web.citizen.application.forms import checked_form
from diia_videoreception.web.citizen.application.holding import just_filed
from diia_videoreception.web.citizen.application.screens import application_screen, draft_token
from diia_videoreception.web.citizen.application.writing import filed_page, form_page
from diia_videoreception.web.decorators import SeeOther, to_sign_in
from diia_videoreception.web.errors import say_when
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page


@application_screen("submit")
def check(request: CitizenRequest) -> HttpResponse:
    """What will be filed; whoever lacks a time or an answer is led to where it is given."""
    citizen = request.citizen.citizen
    now = timezone.now()
    hold = live_hold(citizen, now=now)
    if hold is None:
        filed = just_filed(citizen, now=now)
        return filed_page(request, filed) if filed else _to_form()
    draft = draft_of(citizen)
    if draft is None or problems_of(draft, official_id=hold.official_id):
        return _to_form()
    return _check_page(request, draft, hold)


@application_screen("submit")
def submit(request: CitizenRequest) -> HttpResponse:
    """Files the application; filing it again leads to the same one."""
    if request.method != "POST":
        return SeeOther(reverse("diia_videoreception:check"))
    token = draft_token(request)
    if token is None:
        raise errors.NotFound
    try:
        application = applications.submit(
            actor=request.citizen,
            draft_token=token,
            captcha=request.POST.get("altcha", ""),
            channel=Application.Channel.WEB,
            now=timezone.now(),
        )
    except errors.NotFound:
        raise
    except errors.ActRefused as error:
        return _refused(request, error)
    return SeeOther(reverse("diia_videoreception:done", args=[application.public_id]))


def _refused(request: CitizenRequest, error: errors.ActRefused) -> HttpResponse:
    """Leads to where the refusal can be mended; the draft is as it was."""
    citizen = request.citizen.citizen
    draft, hold = draft_of(citizen), live_hold(citizen, now=timezone.now())
    if draft is None or hold is None:
        return _to_form()
    if isinstance(error, errors.LevelTooLow):
        return to_sign_in(reverse("diia_videoreception:check"), reason="level")
    problems = problems_of(draft, official_id=hold.official_id)
    if problems:
        return form_page(request, checked_form(draft, citizen, problems=problems))
    return say_when(_check_page(request, draft, hold, refusal=error), error)


def _to_form() -> HttpResponse:
    return SeeOther(reverse("diia_videoreception:application"))


def _check_page(
    request: CitizenRequest,
    draft: Draft,
    hold: Occupancy,
    *,
    refusal: errors.ActRefused | None = None,
) -> HttpResponse:
    citizen = request.citizen.citizen
    captcha_error = str(refusal) if isinstance(refusal, errors.CaptchaFailed) else ""
    status = HTTPStatus.OK
    if refusal is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if captcha_error else refusal.status
    return render_page(
        request,
        "citizen/check.html",
        heading=_("Check the application before you submit it"),
        step=3,
        status=status,
        error_summary=[("captcha", captcha_error)] if captcha_error else [],
        captcha_error=captcha_error,
        refusal=refusal if not captcha_error else None,
        draft=draft,
        phone=draft.phone,
        hold=hold,
        official=hold.official,
        agency=hold.official.agency,
        documents=list(draft.documents.all()),
        letters_address=citizen.letters_address,
        waiting=address_to_confirm(citizen),
    )
