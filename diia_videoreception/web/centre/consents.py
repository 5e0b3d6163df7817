"""The consent of a person in their visit: who it is, what they are read, how they agree, and the seal."""

import uuid
from functools import partial
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from diia_videoreception.downloads import document_response
from diia_videoreception.models import CentreMember, CentreVisit, Mandate, PersonView
from diia_videoreception.rules.mandates import (
    ON_OWN_SCREEN,
    ConsentMethod,
    HelpScope,
    IdentitySource,
    MandateState,
    MandateTerm,
)
from diia_videoreception.rules.visits import BY_CONSENT, VisitMode, VisitPhase
from diia_videoreception.second_factor import is_fresh, step_instead
from diia_videoreception.selectors.accounts.second_factor import has_app
from diia_videoreception.selectors.assistance.mandates import (
    languages_of_texts,
    mandate_of,
    offered_scopes,
    read_text,
)
from diia_videoreception.services.assistance import consents, person_view, revoking
from diia_videoreception.services.assistance import mandates as service
from diia_videoreception.services.assistance.holding import ShownVisit
from diia_videoreception.web.centre.acting import ACT, sent, shown, summary_of
from diia_videoreception.web.centre.consent_forms import (
    ConsentCodeForm,
    ConsentForm,
    PersonForm,
    RevokeForm,
    ScanForm,
    SealForm,
)
from diia_videoreception.web.centre.guard import centre_page, member_required
from diia_videoreception.web.centre.people import url_of, who_acts
from diia_videoreception.web.centre.visits import card_of, shown_visit, visit_of_person
from diia_videoreception.web.forms import ScreenForm
from diia_videoreception.web.middleware import signed_in_citizen
from diia_videoreception.web.official.second_factor import count_attempt
from diia_videoreception.web.official.staff import signed_in_staff
from diia_videoreception.web.qr import drawn
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import refused_of
from diia_videoreception.wording import masked_phone

CONSENT = PersonView.Shows.CONSENT
SECRET = ("code", "own_code")
"""Fields that are typed anew after a refusal."""
CHANGE = "change"
"""In the address: the person is named anew (`person`), or what is asked is chosen anew (`asked`)."""


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def consent(request: HttpRequest, member: CentreMember, visit: uuid.UUID) -> HttpResponse:
    """Show how far the consent of a visit has come; the POST goes on with it."""
    found = visit_of_person(request, member, visit)
    if not _is_on_behalf(found):
        return SeeOther(url_of(member, "visit", found.public_id))
    mandate = mandate_of(found)
    if request.method == "POST":
        return _act(request, member, found, mandate)
    now = timezone.now()
    stage, form = _stage(request, member, mandate)
    view = person_view.of_visit(found, CONSENT, now=now) if stage == "eid" else None
    refused = refused_of(request)
    form = shown(request, form, secret=SECRET) if form is not None else None
    return centre_page(
        request,
        member,
        "consent.html",
        here="visits",
        heading=_HEADINGS[stage],
        card=card_of(found, now=now),
        visit=found,
        mandate=mandate,
        stage=stage,
        part=f"diia_videoreception/centre/consent_{stage}.html",
        form=form,
        read=read_text(mandate) if mandate else "",
        view=view,
        **code_for_phone(request, view),
        has_code=mandate is not None and mandate.has_code_of_text,
        phone=masked_phone(mandate.phone) if mandate and mandate.phone else "",
        has_app=has_app(signed_in_staff(request)),
        phrases=_PHRASES.get(stage, ()),
        reminders=_REMINDERS.get(stage, ()),
        error_summary=summary_of(*([form] if form else []))
        or [("main", text) for _place, text in (refused.summary if refused else [])],
    )


_HEADINGS = {
    "person": _("Who are we helping?"),
    "asked": _("Consent to help"),
    "sms": _("Code from SMS"),
    "eid": _("Consent on the phone of the person"),
    "paper": _("Consent on paper"),
    "seal": _("The consent is given"),
    "done": _("The consent is in force"),
    "ended": _("There is no consent"),
}
_PHRASES = {
    "person": (_("«Tell me your name, please. A passport is enough to look at.»"),),
    "asked": (_("«This is consent to this booking alone, not to everything.»"),),
    "sms": (
        _("«Let us read it together. Stop me if anything is not clear.»"),
        _("«Read me the six digits from the SMS, please.»"),
        _("«By telling the code you agree to the text that we have read.»"),
    ),
    "paper": (
        _("«Let us read it together. Stop me if anything is not clear.»"),
        _("«One copy is yours.»"),
    ),
    "eid": (
        _("«Open the camera and point it at this square.»"),
        _("«Read the text to the end. You decide on your phone.»"),
    ),
    "seal": (_("«Thank you. Now let us fill in the application together.»"),),
    "done": (_("«If you change your mind, tell us and we stop.»"),),
}
_REMINDERS = {
    "person": (_("Do not scan the passport. It is enough to look at it."),),
    "asked": (
        _("Do not confirm in the person’s place, even if they ask."),
        _("Neither ask for nor enter the password of a citizen’s key."),
    ),
    "sms": (
        _("The code goes to the phone of the person alone. Never order one to your own phone."),
    ),
    "paper": (_("Do not scan the passport. It is enough to look at it."),),
    "eid": (
        _("Do not take the phone of the person into your hands, and look away while they sign in."),
    ),
    "done": (_("After a revocation everything stops at once."),),
}


def _stage(
    request: HttpRequest, member: CentreMember, mandate: Mandate | None
) -> tuple[str, ScreenForm | None]:
    """Return which part of the page is shown, with its form."""
    change = request.GET.get(CHANGE)
    is_open = mandate is not None and mandate.ended_at is None
    if mandate is None or (change == "person" and mandate.state != MandateState.ACTIVE):
        return "person", PersonForm(initial={"source": IdentitySource.DOCUMENT_SHOWN.value})
    if not is_open:
        return "ended", None
    if mandate.state == MandateState.ACTIVE:
        return "done", None
    if mandate.is_consented and change != "scan":
        return "seal", SealForm() if has_app(signed_in_staff(request)) else ScreenForm()
    if mandate.state == MandateState.DRAFT or change == "asked":
        return "asked", _consent_form(member, mandate)
    if mandate.method == ConsentMethod.PAPER_SCAN:
        return "paper", ScanForm()
    if mandate.method in ON_OWN_SCREEN:
        return "eid", None
    return "sms", ConsentCodeForm()


def _consent_form(member: CentreMember, mandate: Mandate, data: Any = None) -> ConsentForm:
    chosen = [scope.value for scope in mandate.wanted]
    offered = offered_scopes(member.centre)
    languages = languages_of_texts()
    spoken = mandate.language or mandate.visit.language
    by_phone = ConsentMethod.SMS_CODE if mandate.phone else ConsentMethod.PAPER_SCAN
    initial = {
        "language": spoken if spoken in languages else CentreVisit.Language.UKRAINIAN.value,
        "scopes": chosen or [HelpScope.BOOK_RECEPTION.value],
        "term": mandate.term or _usual_term(mandate).value,
        "method": mandate.method or by_phone.value,
    }
    return ConsentForm(data, scopes=offered, languages=languages, initial=initial)


def _usual_term(mandate: Mandate) -> MandateTerm:
    """Return the term that is offered first: what is signed on paper may be entered after the visit."""
    is_paper = mandate.visit.way == VisitMode.PAPER
    return MandateTerm.UNTIL_RECEPTION if is_paper else MandateTerm.THIS_VISIT


def _act(
    request: HttpRequest, member: CentreMember, found: CentreVisit, mandate: Mandate | None
) -> HttpResponse:
    """Do what a button of the page says, with the version of the visit that the page has shown."""
    about = shown_visit(request, member, found)
    here, who = url_of(member, "consent", found.public_id), who_acts(request)
    do = partial(sent, request, here=here, notice="")
    plain = ScreenForm(request.POST)
    act = request.POST.get(ACT)
    if act == "identify":
        there = f"{here}?{CHANGE}=person"
        actor = signed_in_citizen(request)
        return sent(
            request,
            PersonForm(request.POST),
            lambda form: service.identify(
                about, form.said(), signed_in=actor.citizen if actor else None, **who
            ),
            here=there,
            there=here,
            notice="",
        )
    if mandate is None:
        raise Http404
    match act:
        case "ask":
            return sent(
                request,
                _consent_form(member, mandate, request.POST),
                lambda form: service.ask(about, form.asked(), **who),
                here=f"{here}?{CHANGE}=asked",
                there=here,
                notice="",
            )
        case "send":
            return sent(
                request,
                plain,
                lambda form: consents.send_code(about, **who),
                here=here,
                notice="consent_code_sent",
            )
        case "show":
            return do(plain, lambda form: person_view.offer(about, **who))
        case "code":
            return do(
                ConsentCodeForm(request.POST),
                partial(_confirm, about, who),
                at="code",
                secret=SECRET,
            )
        case "scan":
            return do(ScanForm(request.POST, request.FILES), partial(_add_scan, about, who))
        case "refuse":
            return do(plain, lambda form: service.refuse(about, **who))
        case "revoke":
            return sent(
                request,
                plain,
                lambda form: revoking.revoke_in_visit(about, **who),
                here=here,
                notice="consent_revoked",
            )
        case "seal":
            return _seal(request, about, who, here)
    raise Http404


def code_for_phone(request: HttpRequest, view: PersonView | None) -> dict[str, Any]:
    """Return the code of a view for the screen of a centre: as a drawing, and to be typed; empty once a phone has it."""
    secret = person_view.secret_of(view) if view is not None else ""
    if not secret:
        return {}
    address = request.build_absolute_uri(reverse("diia_videoreception:person_join"))
    typed = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return {"picture": drawn(f"{address}#{secret}"), "address": address, "secret": typed}


@require_safe
@member_required
def consent_state(request: HttpRequest, member: CentreMember, visit: uuid.UUID) -> HttpResponse:
    """Tell the screen what has become of its code, whether or not anybody is there."""
    found = visit_of_person(request, member, visit)
    view = person_view.of_visit(found, CONSENT, now=timezone.now())
    return JsonResponse({"state": view.state if view else "gone"})


def _confirm(about: ShownVisit, who: dict[str, Any], form: ConsentCodeForm) -> None:
    consents.confirm_code(about, form.cleaned_data["code"], **who)


def _add_scan(about: ShownVisit, who: dict[str, Any], form: ScanForm) -> None:
    typed = form.cleaned_data
    consents.add_scan(
        about, form.upload(), reference=typed["reference"], signed_on=typed["signed_on"], **who
    )


def _seal(request: HttpRequest, about: ShownVisit, who: dict[str, Any], here: str) -> HttpResponse:
    """Seal with the code of the app; who has a key alone gives it anew first."""
    by_app = has_app(signed_in_staff(request))
    if not by_app and (step := step_instead(request, fresh=True)):
        return step

    def act(form: ScreenForm) -> None:
        code = form.cleaned_data.get("own_code", "")
        if by_app:
            count_attempt(request)
        stepped_up = is_fresh(request, now=timezone.now())
        service.seal(about, code=code, is_stepped_up=stepped_up, **who)

    form = SealForm(request.POST) if by_app else ScreenForm(request.POST)
    return sent(
        request,
        form,
        act,
        here=here,
        notice="",
        at="own_code" if by_app else None,
        secret=SECRET,
    )


@require_safe
@member_required
def consent_text(request: HttpRequest, member: CentreMember, visit: uuid.UUID) -> HttpResponse:
    """Show the text for printing: twice, to be signed and to be taken home."""
    found = visit_of_person(request, member, visit)
    mandate = mandate_of(found)
    if mandate is None or not mandate.rendered_encrypted or not found.is_open:
        raise Http404
    return centre_page(
        request,
        member,
        "consent_print.html",
        here="visits",
        heading=_("Consent to help"),
        visit=found,
        mandate=mandate,
        read=read_text(mandate),
        is_on_paper=mandate.method == ConsentMethod.PAPER_SCAN,
    )


@require_safe
@member_required
def consent_scan(
    request: HttpRequest, member: CentreMember, visit: uuid.UUID
) -> FileResponse | HttpResponseBase:
    """Give the scan of the signed paper to who holds the visit; each look is recorded."""
    mandate = mandate_of(visit_of_person(request, member, visit))
    if mandate is None:
        raise Http404
    return document_response(consents.look_at_scan(mandate, **who_acts(request)))


def _is_on_behalf(visit: CentreVisit) -> bool:
    return visit.is_open and visit.phase == VisitPhase.WORK and visit.way in BY_CONSENT


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def revoke(request: HttpRequest, member: CentreMember) -> HttpResponse:
    """Take a consent back at the word of a person who is here or calls; whose it is nobody learns."""
    here = url_of(member, "revoke")
    if request.method == "POST":

        def act(form: RevokeForm) -> None:
            revoking.revoke_at_centre(
                member.centre.public_id,
                form.cleaned_data["reference"],
                form.cleaned_data["last_name"],
                by_phone=form.cleaned_data["way"] == "phone",
                **who_acts(request),
            )

        return sent(request, RevokeForm(request.POST), act, here=here, notice="consent_revoked")
    form = shown(request, RevokeForm())
    return centre_page(
        request,
        member,
        "revoke.html",
        here="visits",
        heading=_("Revoke a consent"),
        form=form,
        error_summary=summary_of(form),
    )
