"""Typing an application for the person of a visit: the answers, the time, and what the person confirms."""

import uuid
from datetime import date, datetime
from functools import partial
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from diia_videoreception.conf import app_settings
from diia_videoreception.models import CentreMember, CentreVisit, Mandate, Official
from diia_videoreception.rules.mandates import HelpScope
from diia_videoreception.rules.visits import BY_CONSENT, VisitPhase
from diia_videoreception.selectors.assistance.mandates import mandate_of
from diia_videoreception.selectors.assistance.typed import (
    Typed,
    officials_found,
    typed_in,
    typists_of,
)
from diia_videoreception.selectors.booking.catalogue import receiving_officials
from diia_videoreception.services.assistance import adding, person_view, reading
from diia_videoreception.services.assistance import typing as service
from diia_videoreception.services.assistance.slips import give_again
from diia_videoreception.services.documents.scans import Upload
from diia_videoreception.web import slips
from diia_videoreception.web.centre.acting import ACT, sent, shown, summary_of
from diia_videoreception.web.centre.consents import code_for_phone
from diia_videoreception.web.centre.forms import line_field
from diia_videoreception.web.centre.guard import centre_page, member_required
from diia_videoreception.web.centre.people import url_of, who_acts
from diia_videoreception.web.centre.visits import shown_visit, visit_of_person
from diia_videoreception.web.citizen.application.forms import AnswersForm
from diia_videoreception.web.citizen.choosing.timetable import timetable
from diia_videoreception.web.forms import MAX_KEY, MomentField, ScreenForm, read_uuid
from diia_videoreception.web.redirects import SeeOther

MOST_SEARCHED = 100


class TypedForm(AnswersForm):
    """The answers of a person who has no account: letters go by SMS, and no earlier application is known."""

    email = None  # type: ignore[assignment]
    prior_number = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nothing of one person is offered to the next by the browser of the centre.
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"


class TypedTimeForm(ScreenForm):
    official = forms.IntegerField(min_value=1, max_value=MAX_KEY)
    time = MomentField()


class TypedDocumentForm(ScreenForm):
    """A scan or a file that the person has brought."""

    scan = forms.FileField(
        label=_("Scan or file"),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
    )

    def upload(self) -> Upload:
        """Return the chosen file; of one that is too large one byte more than may be."""
        file: UploadedFile[bytes] = self.cleaned_data["scan"]
        return Upload(file.name or "", file.read(app_settings.upload_limits.bytes + 1))


class TypedCodeForm(ScreenForm):
    """The code that only the phone of the person has."""

    code = line_field(
        _("Code from the SMS"),
        most=20,
        help_text=_("The person reads it from their phone, or types it alone."),
        attrs={"inputmode": "numeric"},
    )


def visit_and_consent(
    request: HttpRequest, member: CentreMember, visit: uuid.UUID
) -> tuple[CentreVisit, Mandate | None]:
    """Return a visit and its consent, for who holds it and may act on behalf of people now."""
    found = visit_of_person(request, member, visit)
    return found, mandate_of(found)


def may_type(visit: CentreVisit, mandate: Mandate | None, *, now: datetime) -> bool:
    """Return whether the pages of typing are there: on behalf of the person, by a consent that holds."""
    is_there = visit.is_open and visit.phase == VisitPhase.WORK and visit.way in BY_CONSENT
    return is_there and mandate is not None and mandate.is_live(now)


def typing_page(
    request: HttpRequest,
    member: CentreMember,
    visit: CentreVisit,
    template: str,
    heading: str | Promise,
    **context: object,
) -> HttpResponse:
    return centre_page(
        request, member, template, here="visits", heading=heading, visit=visit, **context
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def answers(request: HttpRequest, member: CentreMember, visit: uuid.UUID) -> HttpResponse:
    """Take the answers of the person; the time comes after them (B-62)."""
    found, mandate = visit_and_consent(request, member, visit)
    here, now = url_of(member, "typed", visit), timezone.now()
    if request.method == "POST":

        def act(form: TypedForm) -> None:
            service.write(shown_visit(request, member, found), form.answers(), **who_acts(request))

        step = "typed_documents" if _may_add(mandate) else "typed_time"
        there = url_of(member, step, visit)
        return sent(request, TypedForm(request.POST), act, here=here, there=there, notice="")
    if mandate is None or not may_type(found, mandate, now=now):
        return SeeOther(url_of(member, "visit", visit))
    typed = typed_in(found, mandate, now=now)
    form = shown(request, TypedForm(initial=_initial(typed, mandate)))
    return typing_page(
        request,
        member,
        found,
        "typed.html",
        _("What the person says"),
        form=form,
        mandate=mandate,
        error_summary=summary_of(form),
    )


def _may_add(mandate: Mandate | None) -> bool:
    """Return whether the person has agreed that documents are added."""
    return mandate is not None and HelpScope.ATTACH_DOCUMENTS in mandate.wanted


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def documents(request: HttpRequest, member: CentreMember, visit: uuid.UUID) -> HttpResponse:
    """Show the documents of the person; the POST adds one, or removes it."""
    found, mandate = visit_and_consent(request, member, visit)
    here, now = url_of(member, "typed_documents", visit), timezone.now()
    if request.method == "POST":
        about, who = shown_visit(request, member, found), who_acts(request)
        if key := request.POST.get("remove"):
            remove = partial(adding.remove, about, read_uuid(key), **who)
            return sent(
                request, ScreenForm(request.POST), lambda form: remove(), here=here, notice=""
            )
        return sent(
            request,
            TypedDocumentForm(request.POST, request.FILES),
            lambda form: adding.add(about, form.upload(), **who),
            here=here,
            notice="",
            at="scan",
        )
    typed = typed_in(found, mandate, now=now) if mandate else None
    is_there = may_type(found, mandate, now=now) and _may_add(mandate)
    if typed is None or not is_there:
        return SeeOther(url_of(member, "typed", visit))
    form = shown(request, TypedDocumentForm())
    return typing_page(
        request,
        member,
        found,
        "typed_documents.html",
        _("Documents of the person"),
        form=form,
        documents=list(typed.draft.documents.all()),
        upload_limits=app_settings.upload_limits,
        megabytes=app_settings.upload_limits.megabytes,
        error_summary=summary_of(form),
    )


def _initial(typed: Typed | None, mandate: Mandate) -> dict[str, object]:
    if typed is None:
        return {"phone": mandate.phone}
    names = ("topic", "phone", "needs", "companion", "claims_priority")
    return {name: getattr(typed.draft, name) for name in names}


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def time(request: HttpRequest, member: CentreMember, visit: uuid.UUID) -> HttpResponse:
    """Let an official and a time be chosen; the POST holds it for the person."""
    found, mandate = visit_and_consent(request, member, visit)
    now = timezone.now()
    if request.method == "POST":

        def act(form: TypedTimeForm) -> None:
            service.hold(
                shown_visit(request, member, found),
                official_id=form.cleaned_data["official"],
                start=form.cleaned_data["time"],
                **who_acts(request),
            )

        key = request.POST.get("official", "")
        query = f"?official={key}" if key.isascii() and key.isdecimal() else ""
        return sent(
            request,
            TypedTimeForm(request.POST),
            act,
            here=url_of(member, "typed_time", visit) + query,
            there=url_of(member, "typed_check", visit),
            notice="",
        )
    typed = typed_in(found, mandate, now=now) if mandate else None
    if mandate is None or typed is None or not may_type(found, mandate, now=now):
        return SeeOther(url_of(member, "typed", visit))
    search = request.GET.get("q", found.agency_name)[:MOST_SEARCHED]
    official = _official(request.GET.get("official", ""))
    form = shown(request, TypedTimeForm())
    calendar = (
        timetable(
            official,
            citizen=mandate.person,
            hold=typed.hold,
            week=_week(request),
            moment=None,
            now=now,
        )
        if official
        else None
    )
    return typing_page(
        request,
        member,
        found,
        "typed_time.html",
        _("To whom and when"),
        search=search,
        officials=officials_found(search) if official is None else [],
        official=official,
        times=calendar,
        hold=typed.hold,
        error_summary=summary_of(form),
    )


def _week(request: HttpRequest) -> date | None:
    """Return the day of the week asked for; what is none asks for none."""
    try:
        return date.fromisoformat(request.GET.get("week", "")[:10])
    except ValueError:
        return None


def _official(key: str) -> Official | None:
    is_key = key.isascii() and key.isdecimal() and len(key) < len(str(MAX_KEY))
    return receiving_officials().filter(pk=int(key)).first() if is_key else None


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def check(request: HttpRequest, member: CentreMember, visit: uuid.UUID) -> HttpResponse:
    """Show the person all that was typed; the POST sends the code, or takes it and files (B-37)."""
    found, mandate = visit_and_consent(request, member, visit)
    here, now = url_of(member, "typed_check", visit), timezone.now()
    if request.method == "POST":
        asked = _ASKED.get(request.POST.get(ACT, ""))
        if asked is not None:
            ask = partial(asked, shown_visit(request, member, found), **who_acts(request))
            return sent(request, ScreenForm(request.POST), lambda form: ask(), here=here, notice="")
        confirm = partial(_confirm, request, member, found)
        there = url_of(member, "slip")
        return sent(
            request,
            TypedCodeForm(request.POST),
            confirm,
            here=here,
            there=there,
            notice="",
            secret=["code"],
        )
    if found.phase == VisitPhase.CLOSE:
        # Confirmed on the screen of the person.
        return SeeOther(url_of(member, "visit", visit))
    typed = typed_in(found, mandate, now=now) if mandate else None
    if (
        mandate is None
        or typed is None
        or typed.hold is None
        or not may_type(found, mandate, now=now)
    ):
        return SeeOther(url_of(member, "typed_time", visit))
    form = shown(request, TypedCodeForm(), secret=["code"])
    view = person_view.last_of(mandate, found)
    return typing_page(
        request,
        member,
        found,
        "typed_check.html",
        _("Check whether all is right"),
        form=form,
        mandate=mandate,
        draft=typed.draft,
        documents=list(typed.draft.documents.all()),
        zone=member.centre.time_zone,
        hold=typed.hold,
        may_add=_may_add(mandate),
        official=typed.hold.official,
        agency=typed.hold.official.agency,
        is_code_sent=typed.is_code_sent,
        typed_by=typists_of(typed.entered, mandate),
        view=view,
        standing=person_view.standing_of(view, now=now),
        **code_for_phone(request, view if view and view.expires_at > now else None),
        terms=service.terms_to_read(),
        error_summary=summary_of(form),
    )


_ASKED = {"send": service.send_code, "show": reading.offer}
"""How the person is asked for their word, by the button."""


@require_safe
@member_required
def state(request: HttpRequest, member: CentreMember, visit: uuid.UUID) -> HttpResponse:
    """Tell the screen what has become of the code under which the person reads, whether or not anybody is there."""
    found, mandate = visit_and_consent(request, member, visit)
    view = person_view.last_of(mandate, found) if mandate else None
    return JsonResponse({"state": person_view.standing_of(view, now=timezone.now())})


def _confirm(
    request: HttpRequest, member: CentreMember, found: CentreVisit, form: TypedCodeForm
) -> None:
    """File the application, and make the slip of it at once."""
    who = who_acts(request)
    about = shown_visit(request, member, found)
    application = service.confirm(about, form.cleaned_data["code"], **who)
    given = give_again(member.centre.public_id, application.number, **who)
    slips.keep(request, given, now=who["now"])
