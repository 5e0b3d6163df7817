"""One reception for its official, and how it is concluded: the outcome and the text to the citizen (O02, O04)."""

import uuid
from http import HTTPStatus

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from diia_videoreception import errors
from diia_videoreception.models import Answer, Application
from diia_videoreception.models.answers import MAX_ANSWER
from diia_videoreception.rules.transitions import OUTCOMES, Act, State
from diia_videoreception.selectors.booking.official_day import Visit
from diia_videoreception.services.booking import answers, moderation
from diia_videoreception.services.letters.previews import preview_of_answer
from diia_videoreception.web import notices
from diia_videoreception.web.official.staff import signed_in_staff, staff_page, staff_required
from diia_videoreception.web.official.views import own_visit
from diia_videoreception.web.redirects import SeeOther

OUTCOMES_IN_WORDS = [
    (Act.COMPLETE.value, gettext_lazy("The reception took place")),
    (Act.NOTE_CITIZEN_ABSENT.value, gettext_lazy("The citizen did not come")),
    (Act.NOTE_AGENCY_ABSENT.value, gettext_lazy("It did not take place because of the agency")),
]
_ACT_OF = {state: act for act, state in OUTCOMES.items()}


class ConclusionForm(forms.Form):
    """What became of the reception, and the text to the citizen."""

    version = forms.IntegerField(min_value=0)
    answer_version = forms.IntegerField(min_value=0)
    outcome = forms.ChoiceField(choices=OUTCOMES_IN_WORDS, required=False)
    text = forms.CharField(required=False, max_length=10 * MAX_ANSWER)


@require_safe
@staff_required
def reception(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show one reception with what the citizen asks, and how it is concluded."""
    return _reception_page(request, own_visit(request, public_id))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def conclude(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """GET shows the letter as it would be sent, POST keeps the draft or sends what was read."""
    visit = own_visit(request, public_id)
    if request.method != "POST":
        return _letter_page(request, visit)
    form = ConclusionForm(request.POST)
    try:
        if not form.is_valid():
            raise errors.WrongState
        if request.POST.get("step") == "send":
            return _send(request, public_id, form)
        return _save(request, visit, form)
    except errors.NotFound:
        raise
    except errors.ActRefused as refusal:
        fields = refusal.fields if isinstance(refusal, errors.Incomplete) else {}
        return _reception_page(
            request,
            own_visit(request, public_id),
            typed=form,
            problems=[str(text) for text in fields.values()] or [str(refusal)],
            status=refusal.status,
        )


def _save(request: HttpRequest, visit: Visit, form: ConclusionForm) -> HttpResponse:
    application, typed, now = visit.application, form.cleaned_data, timezone.now()
    public_id = application.public_id
    wants_letter = request.POST.get("step") == "letter"
    outcome = Act(typed["outcome"]) if typed["outcome"] else None
    if wants_letter and outcome is None and application.state == Application.State.CONFIRMED:
        raise errors.Incomplete(fields={"outcome": _("Say what became of the reception.")})
    if typed["text"].strip() or typed["answer_version"]:
        answers.save_answer(
            staff=signed_in_staff(request),
            public_id=public_id,
            version=typed["answer_version"],
            text=typed["text"],
            now=now,
        )
    elif wants_letter:
        raise errors.Incomplete(fields={"text": _("Write the text: the citizen will read it.")})
    if outcome is not None and OUTCOMES[outcome] != application.state:
        moderation.note_outcome(
            moderator=signed_in_staff(request),
            public_id=public_id,
            version=typed["version"],
            outcome=outcome,
            now=now,
        )
    if wants_letter:
        return SeeOther(reverse("diia_videoreception:official_conclude", args=[public_id]))
    has_text = bool(typed["text"].strip() or typed["answer_version"])
    notices.tell(request, "draft_saved" if has_text else "noted")
    return SeeOther(reverse("diia_videoreception:official_reception", args=[public_id]))


def _send(request: HttpRequest, public_id: uuid.UUID, form: ConclusionForm) -> HttpResponse:
    answers.send_answer(
        staff=signed_in_staff(request),
        public_id=public_id,
        version=form.cleaned_data["answer_version"],
        now=timezone.now(),
    )
    notices.tell(request, "answer_sent")
    return SeeOther(reverse("diia_videoreception:official_reception", args=[public_id]))


def _letter_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    application = visit.application
    answer = answer_of(application)
    here = reverse("diia_videoreception:official_reception", args=[application.public_id])
    if answer is None or answer.sent_at or application.state == Application.State.CONFIRMED:
        return SeeOther(here)
    return staff_page(
        request,
        "letter.html",
        heading=_("Check the letter before it is sent"),
        application=application,
        answer=answer,
        preview=preview_of_answer(application, answer.text, now=timezone.now()),
        back_url=here,
    )


def answer_of(application: Application) -> Answer | None:
    return Answer.objects.filter(application=application).first()


def _reception_page(
    request: HttpRequest,
    visit: Visit,
    *,
    typed: ConclusionForm | None = None,
    problems: list[str] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    application, now = visit.application, timezone.now()
    answer = answer_of(application)
    sent = typed.data if typed else {}
    outcome = _ACT_OF.get(State(application.state))
    return staff_page(
        request,
        "reception.html",
        heading=application.citizen.full_name,
        status=status,
        visit=visit,
        application=application,
        official=application.official,
        agency=application.official.agency,
        documents=application.documents.all(),
        answer=answer,
        can_conclude=application.start <= now and not (answer and answer.sent_at),
        may_note=application.start <= now,
        outcomes=OUTCOMES_IN_WORDS,
        outcome=sent.get("outcome", outcome.value if outcome else ""),
        typed=sent.get("text", answer.text if answer else ""),
        max_text=MAX_ANSWER,
        problems=problems or [],
    )
