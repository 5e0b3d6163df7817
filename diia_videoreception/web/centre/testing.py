"""The test in the product: what it is, one question a screen, looking it over, the result."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from diia_videoreception import errors
from diia_videoreception.models import CentreMember, CentreTestAttempt
from diia_videoreception.selectors.centres.testing import (
    ShownQuestion,
    asked_in,
    attempt_in,
    mistakes_in,
    own_test,
)
from diia_videoreception.services.centres import testing
from diia_videoreception.web import notices
from diia_videoreception.web.centre.acting import sent, shown, summary_of
from diia_videoreception.web.centre.forms import PaperForm
from diia_videoreception.web.centre.guard import centre_page, member_required
from diia_videoreception.web.centre.people import url_of
from diia_videoreception.web.centre.words import words_of_test
from diia_videoreception.web.official.staff import signed_in_staff
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import Refused, refused_of, show_again


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def front(request: HttpRequest, member: CentreMember) -> HttpResponse:
    """Say what the test is and how it stands with it; the POST begins an attempt, or goes on with one."""
    now, language = timezone.now(), get_language() or ""
    if request.method == "POST":
        try:
            attempt = testing.start(
                member.centre.public_id, user=signed_in_staff(request), language=language, now=now
            )
        except errors.TestNotOpen:
            return SeeOther(url_of(member, "test"))
        return SeeOther(_next_url(member, attempt))
    test = own_test(member, language=language, now=now)
    return centre_page(
        request,
        member,
        "test.html",
        here="test",
        heading=test.version.title if test.version else _("Test for acting on behalf of people"),
        test=test,
        obstacle=words_of_test(test.obstacle) if test.obstacle else "",
        go_on_url=_next_url(member, test.running) if test.running else "",
        answered=len(test.running.answers) if test.running else 0,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def question(
    request: HttpRequest, member: CentreMember, attempt: uuid.UUID, number: int
) -> HttpResponse:
    """Ask one question; the POST keeps the answer and goes on to the next."""
    found = _attempt(member, attempt)
    asked = asked_in(found)
    if not 1 <= number <= len(asked):
        raise Http404
    if request.method == "POST":
        return _answer(request, member, found, asked[number - 1], is_last=number == len(asked))
    if found.is_finished or found.deadline <= timezone.now():
        return SeeOther(url_of(member, "test_attempt", attempt))
    one = asked[number - 1]
    form = shown(request, _form_of(one))
    return centre_page(
        request,
        member,
        "test_question.html",
        here="test",
        heading=one.text,
        attempt=found,
        asked=one,
        form=form,
        total=len(asked),
        answered=len(found.answers),
        back_url=url_of(member, "test_question", attempt, number - 1)
        if number > 1
        else url_of(member, "test"),
        error_summary=summary_of(form),
    )


def _answer(
    request: HttpRequest,
    member: CentreMember,
    attempt: CentreTestAttempt,
    one: ShownQuestion,
    *,
    is_last: bool,
) -> HttpResponse:
    here = url_of(member, "test_question", attempt.public_id, one.number)
    review = url_of(member, "test_attempt", attempt.public_id)
    there = (
        review if is_last else url_of(member, "test_question", attempt.public_id, one.number + 1)
    )

    def act(form: PaperForm) -> None:
        testing.answer(
            member.centre.public_id,
            attempt.public_id,
            number=one.number,
            place=int(form.cleaned_data["answer"]),
            user=signed_in_staff(request),
            now=timezone.now(),
        )

    if attempt.is_finished or attempt.deadline <= timezone.now():
        return SeeOther(review)
    form = _form_of(one, data=request.POST)
    return sent(request, form, act, here=here, there=there, notice="")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def attempt(request: HttpRequest, member: CentreMember, attempt: uuid.UUID) -> HttpResponse:
    """Let the answers be looked over, or show what they came to; the POST has them judged."""
    found = _attempt(member, attempt)
    here = url_of(member, "test_attempt", attempt)
    if request.method == "POST":
        try:
            testing.finish(
                member.centre.public_id,
                attempt,
                user=signed_in_staff(request),
                now=timezone.now(),
            )
        except errors.Incomplete as refusal:
            texts = {name: [str(text)] for name, text in refusal.fields.items()}
            return show_again(request, here, Refused(texts))
        except (errors.WrongState, errors.TestTimeOver):
            pass
        return SeeOther(here)
    if found.is_finished:
        return _result(request, member, found)
    if found.deadline <= timezone.now():
        notices.add(request, "test_time_over")
        return SeeOther(url_of(member, "test"))
    refused = refused_of(request)
    return centre_page(
        request,
        member,
        "test_review.html",
        here="test",
        heading=_("Look your answers over"),
        attempt=found,
        questions=asked_in(found),
        error_summary=refused.summary if refused else [],
    )


def _result(request: HttpRequest, member: CentreMember, found: CentreTestAttempt) -> HttpResponse:
    words = {"correct": found.correct, "asked": len(found.paper)}
    heading = (
        _("Test passed: %(correct)s of %(asked)s")
        if found.is_passed
        else _("So far %(correct)s of %(asked)s")
    )
    return centre_page(
        request,
        member,
        "test_result.html",
        here="test",
        heading=heading % words,
        attempt=found,
        asked=len(found.paper),
        mistakes=mistakes_in(found),
        test=own_test(member, language=get_language() or "", now=timezone.now()),
    )


def _attempt(member: CentreMember, public_id: uuid.UUID) -> CentreTestAttempt:
    found = attempt_in(member, public_id)
    if found is None:
        raise Http404
    return found


def _form_of(one: ShownQuestion, **values: object) -> PaperForm:
    return PaperForm(answers=one.answers, chosen=one.chosen, **values)


def _next_url(member: CentreMember, running: CentreTestAttempt) -> str:
    """Return the page of the first question without an answer, or of all of them together."""
    centre = running.centre.public_id
    for number, item in enumerate(running.paper, 1):
        if item.question not in running.answers:
            args = [centre, running.public_id, number]
            return reverse("diia_videoreception:centre_test_question", args=args)
    return reverse("diia_videoreception:centre_test_attempt", args=[centre, running.public_id])
