"""What the person of a visit does in a browser of their own: the code, the number, reading, the word."""

import uuid
from http import HTTPStatus
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from diia_videoreception import errors
from diia_videoreception.downloads import document_response
from diia_videoreception.models import ConsentEvidence, Mandate, PersonView
from diia_videoreception.selectors.assistance.mandates import read_text
from diia_videoreception.selectors.assistance.typed import applied_in, typists_of
from diia_videoreception.services.assistance import kep_consents, person_view, reading
from diia_videoreception.web import middleware
from diia_videoreception.web.browser_state import PERSON_VIEW
from diia_videoreception.web.centre.acting import sent, shown, summary_of
from diia_videoreception.web.decorators import screen, to_sign_in
from diia_videoreception.web.forms import ScreenForm
from diia_videoreception.web.kiosk.browser import at_place
from diia_videoreception.web.kiosk.forms import PhoneCodeForm
from diia_videoreception.web.kiosk.guard import visit_over
from diia_videoreception.web.kiosk.phone import found_number
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.person.signing import sign_consent, signed_response
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import refused_of
from diia_videoreception.web.throttling import throttled

State = PersonView.State
PAGES = {
    PersonView.Shows.CONSENT.value: "person_consent",
    PersonView.Shows.APPLICATION.value: "person_application",
}
"""Where a view leads to once its number is found."""
_HEADINGS = {
    State.CONFIRMED.value: _("Done. Look at the screen in the centre"),
    State.FAULTY.value: _("Tell the administrator what is wrong"),
}
_SAID = frozenset(_HEADINGS)


def _require_no_staff(request: HttpRequest) -> None:
    """Let nobody go on in a browser in which a member of staff is signed in.

    Raises:
        StaffInBrowser
    """
    if request.user.is_authenticated:
        raise errors.StaffInBrowser


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return render_page(request, f"person/{template}", **context)


def _url(name: str) -> str:
    return reverse(f"diia_videoreception:{name}")


@screen
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("kiosk_phone")
def join(request: HttpRequest) -> HttpResponse:
    """Exchange the secret of the code for a key in the session of this browser, once."""
    if at_place(request) is not None:
        return visit_over(request)
    _require_no_staff(request)
    if request.method == "POST":

        def act(form: PhoneCodeForm) -> None:
            found, key = person_view.claim(form.cleaned_data["code"], now=timezone.now())
            PERSON_VIEW.save(request, (str(found.public_id), key))

        return sent(
            request,
            PhoneCodeForm(request.POST),
            act,
            here=_url("person_join"),
            there=_url("person_match"),
            notice="",
            at="code",
            page=lambda form, status: _join_page(request, form, status),
        )
    return _join_page(request, shown(request, PhoneCodeForm()))


def _join_page(
    request: HttpRequest, form: PhoneCodeForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    return _page(
        request,
        "join.html",
        heading=_("Read and confirm on your phone"),
        form=form,
        error_summary=summary_of(form),
        status=status,
    )


def _view(request: HttpRequest) -> PersonView:
    """Return the view whose code this browser had first.

    Raises:
        StaffInBrowser: a member of staff is signed in here.
        PersonViewGone: it had none.
    """
    _require_no_staff(request)
    kept = PERSON_VIEW.load(request)
    found = person_view.of_browser(uuid.UUID(kept[0]), kept[1]) if kept else None
    if found is None:
        raise errors.PersonViewGone
    return found


@screen
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("kiosk_phone")
def match(request: HttpRequest) -> HttpResponse:
    """Let the person find the number of the screen among three; then the page opens."""
    now, found = timezone.now(), _view(request)
    if request.method == "POST":
        if "refuse" in request.POST:
            person_view.refuse(found, now=now)
            PERSON_VIEW.drop(request)
            return SeeOther(_url("choose"))
        if not person_view.match(found, number=found_number(request), now=now):
            raise errors.PersonViewGone
        return SeeOther(_url(PAGES[found.shows]))
    if found.state == State.MATCHED:
        return SeeOther(_url(PAGES[found.shows]))
    if found.state != State.SHOWN or found.expires_at <= now:
        raise errors.PersonViewGone
    return _page(
        request,
        "match.html",
        heading=_("Are you at the centre?"),
        view=found,
        at_centre=found.visit.centre,
    )


@screen
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("kiosk_phone")
def consent(request: HttpRequest) -> HttpResponse:
    """Show who has signed in what they are asked to agree to; the POST is their word."""
    now, found = timezone.now(), _view(request)
    if found.state == State.CONFIRMED:
        return SeeOther(_url("person_done"))
    if kep_consents.is_asked(found):
        return sign_consent(request, found, now=now)
    actor = middleware.signed_in_citizen(request)
    if actor is None:
        return to_sign_in(_url("person_consent"))
    if request.method == "POST":
        if "refuse" in request.POST:
            person_view.decline(found, actor=actor, now=now)
            PERSON_VIEW.drop(request)
            return SeeOther(_url("choose"))
        person_view.agree(found, actor=actor, now=now)
        return SeeOther(_url("person_done"))
    mandate = person_view.consent_shown(found, actor=actor, now=now)
    return _page(
        request,
        "consent.html",
        heading=_("Consent to help"),
        mandate=mandate,
        read=read_text(mandate),
        at_centre=found.visit.centre,
    )


@screen
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("kiosk_phone")
def application(request: HttpRequest) -> HttpResponse:
    """Show the person what was typed for them; the POST is their word, or says that something is wrong."""
    now, found = timezone.now(), _view(request)
    if found.state in _SAID:
        return SeeOther(_url("person_done"))
    actor = middleware.signed_in_citizen(request)
    if request.method == "POST":
        version = request.POST.get("version", "")

        def act(form: ScreenForm) -> None:
            if "fault" in request.POST:
                reading.find_fault(found, actor=actor, now=now)
            else:
                reading.confirm(found, version, actor=actor, now=now)

        here, there = _url("person_application"), _url("person_done")
        return sent(request, ScreenForm(request.POST), act, here=here, there=there, notice="")
    refused = refused_of(request)
    read = reading.application_of(found, actor=actor, now=now)
    return _page(
        request,
        "application.html",
        heading=_("Check whether all is right"),
        read=read,
        typed_by=typists_of(read.entered, read.mandate) if read else None,
        documents=list(read.draft.documents.all()) if read else [],
        at_centre=found.visit.centre,
        error_summary=[("main", text) for _place, text in (refused.summary if refused else [])],
    )


@screen
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Say that the screen in the centre goes on; of an application, while the visit lasts."""
    found = _view(request)
    if found.state not in _SAID:
        return SeeOther(_url("person_match"))
    is_application = found.shows == PersonView.Shows.APPLICATION
    if is_application and not found.visit.is_open:
        raise errors.PersonViewGone
    is_sent = is_application and found.state == State.CONFIRMED
    return _page(
        request,
        "done.html",
        heading=_HEADINGS[found.state],
        view=found,
        is_signed=_signed_by(found) is not None,
        application=applied_in(found.visit).first() if is_sent else None,
        at_centre=found.visit.centre,
    )


def _signed_by(found: PersonView) -> Mandate | None:
    """Return the consent that was signed with a key in this browser, while the visit lasts."""
    is_consent = found.shows == PersonView.Shows.CONSENT and found.state == State.CONFIRMED
    if not is_consent or not found.visit.is_open:
        return None
    evidence = ConsentEvidence.objects.select_related("mandate").filter(
        mandate=found.visit.mandate_id,
        method=kep_consents.KEP.value,
        captured_at__gte=found.created_at,
    )
    signed = evidence.first()
    return signed.mandate if signed is not None else None


@screen
@require_safe
def signed(request: HttpRequest) -> FileResponse:
    """Give the person the consent that they have signed, with their signature (B-29)."""
    return signed_response(_signed_by(_view(request)))


@screen
@require_safe
@throttled("kiosk_phone")
def document(request: HttpRequest, document: uuid.UUID) -> FileResponse:
    """Give the person a document that they are asked to confirm, to look at it first."""
    actor, now = middleware.signed_in_citizen(request), timezone.now()
    return document_response(reading.document_of(_view(request), document, actor=actor, now=now))
