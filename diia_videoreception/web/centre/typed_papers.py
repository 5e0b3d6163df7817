"""What was typed for a person, on paper: printed, signed by them, scanned, and filed (B-58)."""

import uuid
from functools import partial

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from diia_videoreception.downloads import document_response
from diia_videoreception.models import CentreMember, CentreVisit, Mandate, TypedPaper
from diia_videoreception.rules.mandates import MAX_SCAN_BYTES, MandateTerm
from diia_videoreception.rules.typed_papers import written_paper_code
from diia_videoreception.rules.visits import VisitPhase
from diia_videoreception.selectors.assistance.typed import Typed, name_of, typed_in
from diia_videoreception.selectors.assistance.typed_papers import paper_of
from diia_videoreception.services.assistance import typed_papers as service
from diia_videoreception.services.assistance.slips import give_again
from diia_videoreception.services.assistance.typing import terms_to_read
from diia_videoreception.services.documents.scans import Upload
from diia_videoreception.web import slips
from diia_videoreception.web.centre.acting import ACT, sent, shown, summary_of
from diia_videoreception.web.centre.forms import day_field, line_field
from diia_videoreception.web.centre.guard import member_required
from diia_videoreception.web.centre.people import url_of, who_acts
from diia_videoreception.web.centre.typing import may_type, typing_page, visit_and_consent
from diia_videoreception.web.centre.visits import shown_visit
from diia_videoreception.web.forms import ScreenForm
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import refused_of


class PaperScanForm(ScreenForm):
    """The paper that the person has signed."""

    code = line_field(
        _("Code on the paper"),
        most=40,
        help_text=_("Copy it from the signed page, so that no other paper gets here."),
        attrs={"class": "vr-input--short"},
    )
    signed_on = day_field(_("Date of the signature"))
    scan = forms.FileField(
        label=_("Scan of the signed page"),
        allow_empty_file=True,
        help_text=_("PDF, JPEG or PNG, up to 5 MB. Do not scan a passport."),
        error_messages={"required": _("Choose the scan of the signed page.")},
    )

    def upload(self) -> Upload:
        """Return the chosen file; of one that is too large one byte more than may be."""
        file: UploadedFile[bytes] = self.cleaned_data["scan"]
        return Upload(file.name or "", file.read(MAX_SCAN_BYTES + 1))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def paper(request: HttpRequest, member: CentreMember, visit: uuid.UUID) -> HttpResponse:
    """Show how far the paper has come; the POST prints it anew, keeps its scan, or files it."""
    found, mandate = visit_and_consent(request, member, visit)
    if request.method == "POST":
        return _act(request, member, found)
    if found.phase == VisitPhase.CLOSE:
        return SeeOther(url_of(member, "visit", visit))
    now = timezone.now()
    typed = typed_in(found, mandate, now=now) if mandate else None
    if mandate is None or typed is None or not may_type(found, mandate, now=now):
        return SeeOther(url_of(member, "typed", visit))
    printed = paper_of(found, mandate)
    stage = _stage(printed, typed, member)
    form = shown(request, PaperScanForm())
    refused = refused_of(request)
    return typing_page(
        request,
        member,
        found,
        "typed_paper.html",
        _("Signature on paper"),
        mandate=mandate,
        paper=printed,
        code=written_paper_code(printed.code) if printed else "",
        stage=stage,
        is_changed=printed is not None and stage == "print",
        is_overdue=printed is not None and printed.is_overdue(now),
        hold=typed.hold,
        may_print=typed.hold is not None or mandate.term != MandateTerm.THIS_VISIT,
        form=form,
        error_summary=summary_of(form)
        or [("main", text) for _place, text in (refused.summary if refused else [])],
    )


def _stage(printed: TypedPaper | None, typed: Typed, member: CentreMember) -> str:
    """Return what is to be done next: print, sign (and scan), file."""
    if printed is None or printed.member_id != member.pk:
        return "print"
    if not service.is_as_printed(printed, typed.draft, typed.hold):
        return "print"
    return "file" if printed.scanned_at is not None else "sign"


def _act(request: HttpRequest, member: CentreMember, found: CentreVisit) -> HttpResponse:
    about, who = shown_visit(request, member, found), who_acts(request)
    here = url_of(member, "typed_paper", found.public_id)
    do = partial(sent, request, here=here, notice="")
    match request.POST.get(ACT):
        case "print":
            return do(ScreenForm(request.POST), lambda form: service.print_typed(about, **who))
        case "scan":

            def add(form: PaperScanForm) -> None:
                code, day = form.cleaned_data["code"], form.cleaned_data["signed_on"]
                service.add_scan(about, form.upload(), code=code, signed_on=day, **who)

            return do(PaperScanForm(request.POST, request.FILES), add)
        case "file":

            def file(form: ScreenForm) -> None:
                application = service.file(about, **who)
                given = give_again(member.centre.public_id, application.number, **who)
                slips.keep(request, given, now=who["now"])

            return do(ScreenForm(request.POST), file, there=url_of(member, "slip"))
    raise Http404


@require_safe
@member_required
def sheet(request: HttpRequest, member: CentreMember, visit: uuid.UUID) -> HttpResponse:
    """Show what is printed, as it was fixed; what is typed otherwise by now is printed anew."""
    found, mandate = visit_and_consent(request, member, visit)
    now = timezone.now()
    typed = typed_in(found, mandate, now=now) if mandate else None
    printed = paper_of(found, mandate) if mandate else None
    is_there = may_type(found, mandate, now=now) and printed is not None
    if mandate is None or typed is None or printed is None or not is_there:
        return SeeOther(url_of(member, "typed_paper", visit))
    if _stage(printed, typed, member) == "print":
        return SeeOther(url_of(member, "typed_paper", visit))
    return typing_page(
        request,
        member,
        found,
        "typed_sheet.html",
        _("Application for a video reception"),
        **_printed(printed, typed, mandate, member),
    )


def _printed(
    printed: TypedPaper, typed: Typed, mandate: Mandate, member: CentreMember
) -> dict[str, object]:
    return {
        "mandate": mandate,
        "paper": printed,
        "code": written_paper_code(printed.code),
        "draft": typed.draft,
        "documents": list(typed.draft.documents.all()),
        "hold": typed.hold if printed.has_time else None,
        "typist": name_of(member),
        "terms": terms_to_read(),
    }


@require_safe
@member_required
def scan(
    request: HttpRequest, member: CentreMember, visit: uuid.UUID
) -> FileResponse | HttpResponseBase:
    """Give the scan of the signed paper to who has printed it; each look is recorded."""
    found, mandate = visit_and_consent(request, member, visit)
    printed = paper_of(found, mandate) if mandate else None
    if printed is None or not may_type(found, mandate, now=timezone.now()):
        raise Http404
    return document_response(service.look_at_scan(printed, **who_acts(request)))
