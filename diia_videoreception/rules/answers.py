"""What an application needs before it can be filed, apart from what the database knows (A-38, A-40)."""

from enum import StrEnum

from diia_videoreception.rules.numbers import NumberProblem
from diia_videoreception.rules.phones import PhoneError, PhoneProblem, normalise_phone
from diia_videoreception.rules.representation import RepresentationProblem


class AnswerProblem(StrEnum):
    """What is wrong with an answer; a phone and a number have their own codes."""

    TOPIC_MISSING = "topic_missing"
    TOPIC_TOO_LONG = "topic_too_long"
    EMAIL_MALFORMED = "email_malformed"
    PRIOR_NUMBER_UNKNOWN = "prior_number_unknown"
    PRIOR_NUMBER_OTHER_OFFICIAL = "prior_number_other_official"


Problem = AnswerProblem | PhoneProblem | NumberProblem | RepresentationProblem


def problem_of_topic(topic: str, *, max_length: int) -> AnswerProblem | None:
    """Return what is wrong with a cleaned summary of `max_length` characters at most."""
    if not topic:
        return AnswerProblem.TOPIC_MISSING
    return AnswerProblem.TOPIC_TOO_LONG if len(topic) > max_length else None


def problem_of_phone(phone: str, *, region: str) -> PhoneProblem | None:
    """Return why nobody can be called on a typed phone; `region` as `normalise_phone` has it."""
    try:
        normalise_phone(phone, region=region)
    except PhoneError as error:
        return error.code
    return None
