"""What a draft lacks before it can be filed: the one question that page, API and filing ask."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import (
    AddressMalformed,
    Incomplete,
    PriorNumberOtherOfficial,
    PriorNumberUnknown,
)
from diia_videoreception.models import Application, Draft
from diia_videoreception.rules import answers, numbers, representation
from diia_videoreception.rules.answers import AnswerProblem, Problem
from diia_videoreception.rules.numbers import NumberProblem
from diia_videoreception.rules.phones import PhoneProblem
from diia_videoreception.rules.representation import RepresentationProblem, Represented
from integrations.identity.values import is_letters_address

TEXTS: dict[Problem, str | Promise] = {
    AnswerProblem.TOPIC_MISSING: _("Write what you would like to talk about."),
    AnswerProblem.TOPIC_TOO_LONG: _("The summary must be no longer than %(limit)s characters."),
    AnswerProblem.EMAIL_MALFORMED: AddressMalformed.message,
    AnswerProblem.PRIOR_NUMBER_UNKNOWN: PriorNumberUnknown.message,
    AnswerProblem.PRIOR_NUMBER_OTHER_OFFICIAL: PriorNumberOtherOfficial.message,
    NumberProblem.MALFORMED: _(
        "This is not the number of an application. It looks like ВП-2026-000087-4."
    ),
    NumberProblem.CHECK_DIGIT: _(
        "A digit of the number is wrong. Compare it with the letter or with your account."
    ),
    PhoneProblem.MISSING: _("Enter your phone number, for example 067 123 45 67."),
    PhoneProblem.MALFORMED: _("Enter the phone number in the form +380 XX XXX XX XX."),
    PhoneProblem.LETTERS: _("Enter the phone number in digits only, without letters and words."),
    PhoneProblem.SEVERAL: _("Enter one phone number: the best one to reach you on."),
    PhoneProblem.EXTENSION: _(
        "Enter a phone number without an extension: we can call a direct number only."
    ),
    PhoneProblem.TOO_SHORT: _(
        "The phone number has too few digits. A Ukrainian number has 10 with the first 0, "
        "for example 067 123 45 67."
    ),
    PhoneProblem.TOO_LONG: _(
        "The phone number has too many digits. A Ukrainian number has 10 with the first 0, "
        "for example 067 123 45 67."
    ),
    PhoneProblem.IMPOSSIBLE: _("There is no such phone number in Ukraine. Check the digits."),
    PhoneProblem.COUNTRY: _("There is no country with this code. Check the digits after the +."),
    PhoneProblem.FOREIGN: _(
        "There is no such phone number in the country whose code you entered. "
        "Check the digits after the +."
    ),
    PhoneProblem.PREMIUM: _(
        "Calls to this number cost extra. Enter an ordinary mobile or landline number."
    ),
    RepresentationProblem.NAME_MISSING: _(
        "Write for whom you are applying: the full name, or the name of the organisation."
    ),
    RepresentationProblem.BORN_MISSING: _("Enter the year of birth, for example 2015."),
    RepresentationProblem.BORN_MALFORMED: _(
        "There cannot be such a year of birth. Enter it like this: 2015."
    ),
    RepresentationProblem.CHILD_OF_AGE: _(
        "This person is 18 or older and applies in person. If you have a power of attorney, "
        "choose “by a power of attorney”; if you are the guardian, choose “a ward”."
    ),
    RepresentationProblem.DOCUMENT_MISSING: _(
        "Write which document allows you to speak for them, for example a birth certificate."
    ),
    RepresentationProblem.NUMBER_MISSING: _("Enter the number of the document."),
    RepresentationProblem.DATE_MISSING: _("Enter the date of the document."),
    RepresentationProblem.DATE_MALFORMED: _(
        "There cannot be such a date of the document. Enter it like this: 01.12.2026."
    ),
    RepresentationProblem.DATE_TO_COME: _("The date of the document has not come yet."),
    RepresentationProblem.UNTIL_MALFORMED: _(
        "There cannot be such an end of the document. Enter it like this: 01.12.2026, or leave it empty."
    ),
    RepresentationProblem.UNTIL_BEFORE_DATE: _("The document would end before it was issued."),
    RepresentationProblem.GROUND_OVER: _(
        "This document is no longer valid. Enter one that allows you to speak for them today."
    ),
}
"""What the person reads, by code; `%(limit)s` is the length of the summary."""

_OWN_ERRORS = {
    AnswerProblem.PRIOR_NUMBER_OTHER_OFFICIAL: PriorNumberOtherOfficial,
    AnswerProblem.PRIOR_NUMBER_UNKNOWN: PriorNumberUnknown,
    NumberProblem.MALFORMED: PriorNumberUnknown,
    NumberProblem.CHECK_DIGIT: PriorNumberUnknown,
}


def problems_of(draft: Draft, *, official_id: int | None, now: datetime) -> dict[str, Problem]:
    """Return what is missing or wrong, by the name of the answer and in reading order.

    Args:
        official_id: whom the application goes to, for the previous number; None while no time is
            held.
    """
    found = {
        "topic": _problem_of("topic", draft.topic),
        "phone": _problem_of("phone", draft.phone),
        "email": _problem_of_email(draft.email),
        "prior_number": _problem_of_prior(draft, official_id=official_id),
        **representation.problems_of(_of_other(draft), today=localtime(now).date()),
    }
    return {name: problem for name, problem in found.items() if problem is not None}


def represented_in(draft: Draft, *, now: datetime) -> Represented | None:
    """Return who is spoken for in a draft; None for oneself, or while something about it is wrong."""
    return representation.represented_of(_of_other(draft), today=localtime(now).date())


def _of_other(draft: Draft) -> dict[str, str]:
    return {name: getattr(draft, name) for name in representation.ANSWERS}


def _problem_of(name: str, text: str) -> Problem | None:
    if name == "topic":
        return answers.problem_of_topic(text, max_length=app_settings.topic_max_length)
    return answers.problem_of_phone(text, region=app_settings.default_country)


def text_of(problem: Problem) -> str:
    """Write a problem in words, in the language in force."""
    return str(TEXTS[problem]) % {"limit": app_settings.topic_max_length}


def require_complete(draft: Draft, *, official_id: int | None, now: datetime) -> None:
    """Check that nothing is missing.

    Raises:
        Incomplete: with code and text for each answer.
        PriorNumberUnknown, PriorNumberOtherOfficial: nothing but the previous number is wrong (A-42).
    """
    problems = problems_of(draft, official_id=official_id, now=now)
    if not problems:
        return
    if set(problems) == {"prior_number"}:
        raise _OWN_ERRORS[problems["prior_number"]]()
    raise _incomplete(problems)


def require_answers(sent: Mapping[str, str]) -> None:
    """Check those answers, of summary and phone, that are to stand in place of filed ones.

    Raises:
        Incomplete: with code and text for each.
    """
    found = {name: _problem_of(name, text) for name, text in sent.items()}
    problems = {name: problem for name, problem in found.items() if problem is not None}
    if problems:
        raise _incomplete(problems)


def _incomplete(problems: Mapping[str, Problem]) -> Incomplete:
    return Incomplete(
        fields={name: text_of(problem) for name, problem in problems.items()},
        codes={name: problem.value for name, problem in problems.items()},
    )


def prior_application(draft: Draft) -> Application | None:
    """Return the citizen's own earlier application that the draft names, if there is one (A-42)."""
    try:
        number = str(numbers.parse_number(draft.prior_number))
    except numbers.NumberError:
        return None
    return Application.objects.filter(citizen_id=draft.citizen_id, number=number).first()


def _problem_of_email(address: str) -> AnswerProblem | None:
    if address and not is_letters_address(address):
        return AnswerProblem.EMAIL_MALFORMED
    return None


def _problem_of_prior(draft: Draft, *, official_id: int | None) -> Problem | None:
    if not draft.prior_number:
        return None
    try:
        numbers.parse_number(draft.prior_number)
    except numbers.NumberError as error:
        return error.code
    prior = prior_application(draft)
    if prior is None:
        return AnswerProblem.PRIOR_NUMBER_UNKNOWN
    if official_id is not None and prior.official_id != official_id:
        return AnswerProblem.PRIOR_NUMBER_OTHER_OFFICIAL
    return None
