"""One reception for its official, and how it is concluded: the outcome and the text to the citizen (O02, O04)."""

import uuid
from http import HTTPStatus
from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from diia_videoreception import errors
from diia_videoreception.downloads import as_download
from diia_videoreception.models import Answer, Application
from diia_videoreception.models.answers import MAX_ANSWER, MAX_NUMBER
from diia_videoreception.providers import signature_provider
from diia_videoreception.rules.terms import last_minute
from diia_videoreception.rules.transitions import OUTCOMES, Act, State
from diia_videoreception.selectors.booking.answer_tasks import task_of
from diia_videoreception.selectors.booking.corrections import corrections_of
from diia_videoreception.selectors.booking.objections import is_settled
from diia_videoreception.selectors.booking.official_day import Visit
from diia_videoreception.selectors.rooms.attendance import obstacle_to_noting, stays_in
from diia_videoreception.services.booking import answers
from diia_videoreception.services.letters.previews import preview_of_answer
from diia_videoreception.signing_form import SigningForm
from diia_videoreception.web import notices
from diia_videoreception.web.official.staff import signed_in_staff, staff_page, staff_required
from diia_videoreception.web.official.views import own_visit
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import Refused, is_sent_form, refused_of, show_again

NEEDS_ANSWER = "needs_answer"
"""That it took place, but its question needs consideration: an answer is to come."""
OUTCOMES_IN_WORDS = [
    (Act.COMPLETE.value, gettext_lazy("The reception took place")),
    (NEEDS_ANSWER, gettext_lazy("It took place, the question needs consideration")),
    (Act.NOTE_CITIZEN_ABSENT.value, gettext_lazy("The citizen did not come")),
    (Act.NOTE_AGENCY_ABSENT.value, gettext_lazy("It did not take place because of the agency")),
]
MAX_KEPT = 2 * MAX_ANSWER
"""Characters of a refused text that wait in the session."""
_ACT_OF = {state: act for act, state in OUTCOMES.items()}


class ConclusionForm(forms.Form):
    """What became of the reception, and the text to the citizen."""

    version = forms.IntegerField(min_value=0)
    answer_version = forms.IntegerField(min_value=0)
    outcome = forms.ChoiceField(choices=OUTCOMES_IN_WORDS, required=False)
    text = forms.CharField(required=False)


@require_safe
@staff_required
def reception(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show one reception with what the citizen asks, and how it is concluded."""
    return _reception_page(request, own_visit(request, public_id), refused_of(request))


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
        if request.POST.get("step") in {"send", "text"}:
            return _signed_or_sent(request, visit, form)
        return _save(request, public_id, form)
    except errors.NotFound:
        raise
    except errors.ActRefused as refusal:
        return _refused(request, public_id, form, refusal)


def _save(request: HttpRequest, public_id: uuid.UUID, form: ConclusionForm) -> HttpResponse:
    typed = form.cleaned_data
    for_letter = request.POST.get("step") == "letter"
    answer = answers.conclude(
        staff=signed_in_staff(request),
        public_id=public_id,
        version=typed["version"],
        outcome=act_of(typed["outcome"]),
        needs_answer=typed["outcome"] == NEEDS_ANSWER,
        answer_version=typed["answer_version"],
        text=typed["text"],
        for_letter=for_letter,
        now=timezone.now(),
    )
    if for_letter:
        return SeeOther(reverse("diia_videoreception:official_conclude", args=[public_id]))
    notices.add(request, "noted" if answer is None else "draft_saved")
    return SeeOther(reverse("diia_videoreception:official_reception", args=[public_id]))


def act_of(outcome: str) -> Act | None:
    """Return the act of a chosen outcome; None where none was chosen."""
    if outcome == NEEDS_ANSWER:
        return Act.COMPLETE
    return Act(outcome) if outcome else None


def _refused(
    request: HttpRequest, public_id: uuid.UUID, form: ConclusionForm, refusal: errors.ActRefused
) -> HttpResponse:
    """Lead back to the reception with what was typed; a text of any length is handed back at once."""
    fields = refusal.fields if isinstance(refusal, errors.Incomplete) else {"": str(refusal)}
    # Of what has changed meanwhile the page shows how it stands: the next press is about that.
    typed = ("text",) if type(refusal) is errors.WrongState else ("outcome", "text")
    refused = Refused(
        {place: [str(text)] for place, text in fields.items()},
        {name: [form.data.get(name, "")] for name in typed},
    )
    if is_sent_form(request) and len(form.data.get("text", "")) <= MAX_KEPT:
        here = reverse("diia_videoreception:official_reception", args=[public_id])
        return show_again(request, here, refused)
    return _reception_page(request, own_visit(request, public_id), refused, status=refusal.status)


def _signed_or_sent(request: HttpRequest, visit: Visit, form: ConclusionForm) -> HttpResponse:
    """Give the text to sign, or send the answer; what is wrong with number or signature is said there."""
    task, number = task_of(visit.application), request.POST.get("number", "")
    signing = None
    if task is not None and task.is_open:
        signing = SigningForm(request.POST, request.FILES)
    try:
        if request.POST.get("step") == "text":
            return _text_to_sign(request, visit, form, number)
        if signing is not None and not signing.is_valid():
            # All that is wrong at once.
            answers.require_number(number)
            return _letter_page(request, visit, number=number, signing=signing)
        return _send(request, visit.application.public_id, form, number, signing)
    except errors.Incomplete as refusal:
        problem = str(refusal.fields.get("number", ""))
        if not problem and not (signing is not None and signing.take(refusal)):
            raise
        return _letter_page(request, visit, number=number, problem=problem, signing=signing)


def _text_to_sign(
    request: HttpRequest, visit: Visit, form: ConclusionForm, number: str
) -> HttpResponse:
    application = visit.application
    content = answers.text_to_sign(
        staff=signed_in_staff(request),
        public_id=application.public_id,
        version=form.cleaned_data["answer_version"],
        number=number,
    )
    name = f"{application.number}.txt"
    return cast(
        HttpResponse, as_download(content, name=name, media_type="text/plain; charset=utf-8")
    )


def _send(
    request: HttpRequest,
    public_id: uuid.UUID,
    form: ConclusionForm,
    number: str,
    signing: SigningForm | None,
) -> HttpResponse:
    answers.send_answer(
        staff=signed_in_staff(request),
        public_id=public_id,
        version=form.cleaned_data["answer_version"],
        number=number,
        signing=signing.chosen if signing is not None else None,
        now=timezone.now(),
    )
    notices.add(request, "answer_sent")
    return SeeOther(reverse("diia_videoreception:official_reception", args=[public_id]))


def _letter_page(
    request: HttpRequest,
    visit: Visit,
    *,
    number: str = "",
    problem: str = "",
    signing: SigningForm | None = None,
) -> HttpResponse:
    application = visit.application
    answer = answer_of(application)
    here = reverse("diia_videoreception:official_reception", args=[application.public_id])
    if answer is None or answer.sent_at or application.state == Application.State.CONFIRMED:
        return SeeOther(here)
    return staff_page(
        request,
        "letter.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem or signing else HTTPStatus.OK,
        signing=signing or SigningForm(initial={"signer": application.official.full_name}),
        can_verify=signature_provider() is not None,
        task=task_of(application),
        number=number,
        problem=problem,
        max_number=MAX_NUMBER,
        heading=_("Check the letter before it is sent"),
        application=application,
        answer=answer,
        preview=preview_of_answer(application, answer.text, now=timezone.now()),
        back_url=here,
    )


def answer_of(application: Application) -> Answer | None:
    return Answer.objects.filter(application=application).first()


def _reception_page(
    request: HttpRequest, visit: Visit, refused: Refused | None, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    application, now = visit.application, timezone.now()
    answer = answer_of(application)
    saved = answer.text if answer else ""
    noted = _ACT_OF.get(State(application.state))
    task = task_of(application)
    chosen = NEEDS_ANSWER if task is not None and task.is_open else noted.value if noted else ""
    typed = {name: values[0] for name, values in refused.values.items()} if refused else {}
    return staff_page(
        request,
        "reception.html",
        heading=application.citizen.full_name,
        status=status,
        visit=visit,
        application=application,
        official=application.official,
        agency=application.official.agency,
        documents=application.standing_documents,
        corrections=corrections_of(application),
        answer=answer,
        answer_signature=getattr(application, "answer_signature", None),
        can_conclude=application.start <= now and not (answer and answer.sent_at),
        may_note=application.start <= now,
        is_settled=is_settled(application),
        outcomes=[
            (value, words, obstacle_to_noting(application, act, now=now))
            for value, words in OUTCOMES_IN_WORDS
            if (act := act_of(value)) is not None
        ],
        stays=stays_in(application, now=now),
        task=task,
        task_due=last_minute(task.due) if task is not None and task.due else None,
        outcome=typed.get("outcome", chosen),
        typed=typed.get("text", saved),
        # Nobody overwrites what they have not seen.
        saved_meanwhile=saved if "text" in typed and saved != typed["text"] else "",
        max_text=MAX_ANSWER,
        problems=[text for _place, text in refused.summary] if refused else [],
    )
