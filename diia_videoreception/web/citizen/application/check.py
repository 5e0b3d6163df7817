"""Step 3: look at everything once more, then file it (A-48, A-49)."""

import uuid

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diia_videoreception import errors
from diia_videoreception.models import Application, Draft, Occupancy, SpentProof
from diia_videoreception.models.fields import zone
from diia_videoreception.rules import representation
from diia_videoreception.selectors.accounts.citizens import address_to_confirm
from diia_videoreception.selectors.booking.applications import applications_of, draft_of
from diia_videoreception.selectors.booking.holds import live_hold
from diia_videoreception.selectors.booking.running_acts import is_acting
from diia_videoreception.services.booking import applications
from diia_videoreception.services.booking.completeness import problems_of, represented_in
from diia_videoreception.services.booking.drafts import version_of
from diia_videoreception.web.citizen.application.form import filed_page, show_moved, to_problems
from diia_videoreception.web.citizen.application.guard import application_screen, draft_token
from diia_videoreception.web.citizen.application.hold_state import just_filed
from diia_videoreception.web.citizen.shown import shown_hold
from diia_videoreception.web.decorators import to_sign_in
from diia_videoreception.web.kiosk.browser import place_of
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import Refused, refused_of, show_again
from diia_videoreception.web.sign_in_reasons import SignInReason


@application_screen("submit")
def check(request: CitizenRequest) -> HttpResponse:
    """Show what will be filed; whoever lacks a time or an answer is led to where it is given."""
    citizen = request.citizen.citizen
    now = timezone.now()
    hold = live_hold(citizen, now=now)
    if hold is None:
        filed = just_filed(citizen, now=now)
        return filed_page(request, filed) if filed else _to_form()
    draft = draft_of(citizen)
    if draft is None or problems_of(draft, official_id=hold.official_id, now=now):
        return _to_form()
    return _check_page(request, draft, hold)


@application_screen("submit")
def submit(request: CitizenRequest) -> HttpResponse:
    """File the application; filing it again leads to the same one."""
    if request.method != "POST":
        return SeeOther(reverse("diia_videoreception:check"))
    token = draft_token(request)
    if token is None:
        raise errors.NotFound
    place = place_of(request)
    try:
        application = applications.submit(
            actor=request.citizen,
            draft_token=token,
            captcha=request.POST.get("altcha", ""),
            channel=Application.Channel.KIOSK if place else Application.Channel.WEB,
            now=timezone.now(),
            shown=shown_hold(request),
            version=request.POST.get("version"),
            centre=place.centre if place else None,
        )
    except errors.NotFound:
        raise
    except errors.ActInProgress:
        return SeeOther(reverse("diia_videoreception:filing", args=[token]))
    except errors.ActRefused as error:
        return _refused(request, error)
    return SeeOther(reverse("diia_videoreception:done", args=[application.public_id]))


@application_screen("submit")
def filing(request: CitizenRequest, draft: uuid.UUID) -> HttpResponse:
    """Show where a second click leads while the first one files: on to what becomes of the draft."""
    citizen = request.citizen.citizen
    # Asked first: an act that ends between the two looks has left its application by then.
    is_running = is_acting(citizen, SpentProof.Act.SUBMIT, now=timezone.now())
    filed = applications_of(citizen).filter(draft_token=draft).first()
    if filed is not None:
        return SeeOther(reverse("diia_videoreception:done", args=[filed.public_id]))
    if not is_running:
        return SeeOther(reverse("diia_videoreception:check"))
    return render_page(
        request, "citizen/one_moment.html", heading=_("We are sending the application…"), step=3
    )


def _refused(request: CitizenRequest, error: errors.ActRefused) -> HttpResponse:
    """Lead to where the refusal can be mended; the draft is as it was."""
    citizen = request.citizen.citizen
    now = timezone.now()
    draft, hold = draft_of(citizen), live_hold(citizen, now=now)
    if draft is None or hold is None:
        return _to_form()
    if isinstance(error, errors.LevelTooLow):
        return to_sign_in(reverse("diia_videoreception:check"), reason=SignInReason.LEVEL)
    if isinstance(error, errors.HoldMoved):
        return show_moved(request, error)
    if problems_of(draft, official_id=hold.official_id, now=now):
        return to_problems()
    place = "captcha" if isinstance(error, errors.CaptchaFailed) else "refusal"
    here = reverse("diia_videoreception:check")
    changed = error.fields if isinstance(error, errors.DraftChanged) else []
    return show_again(request, here, Refused({place: [str(error)]}, extra=[error.code, *changed]))


def _to_form() -> HttpResponse:
    return SeeOther(reverse("diia_videoreception:application"))


def _check_page(request: CitizenRequest, draft: Draft, hold: Occupancy) -> HttpResponse:
    citizen = request.citizen.citizen
    refused = refused_of(request)
    changed = refused.extra[1:] if refused else ()
    represented = represented_in(draft, now=timezone.now())
    day = hold.start.astimezone(zone(hold.official.agency.time_zone)).date()
    messages = {place: texts[0] for place, texts in refused.errors.items()} if refused else {}
    captcha_error = messages.get("captcha", "")
    return render_page(
        request,
        "citizen/check.html",
        heading=_("Check the application before you submit it"),
        step=3,
        error_summary=[("captcha", captcha_error)] if captcha_error else [],
        captcha_error=captcha_error,
        refusal=messages.get("refusal", ""),
        refusal_code=refused.extra[0] if refused else "",
        changed=changed,
        behalf_changed=not set(representation.ANSWERS).isdisjoint(changed),
        represented=represented,
        ground_ends=represented is not None and representation.ends_before(represented.until, day),
        version=version_of(draft),
        draft=draft,
        phone=draft.phone,
        hold=hold,
        official=hold.official,
        agency=hold.official.agency,
        documents=list(draft.documents.all()),
        letters_address=citizen.letters_address,
        waiting=address_to_confirm(citizen),
    )
