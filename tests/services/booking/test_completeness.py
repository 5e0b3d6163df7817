"""What a draft lacks, and that nothing hidden gets into it, whichever way it came."""

from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

from diia_videoreception import errors
from diia_videoreception.models import Application, Citizen, Draft, Official
from diia_videoreception.rules.answers import AnswerProblem
from diia_videoreception.rules.numbers import NumberProblem
from diia_videoreception.rules.phones import PhoneProblem
from diia_videoreception.rules.representation import RepresentationProblem
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import applications, holds
from diia_videoreception.services.booking.completeness import TEXTS, problems_of, text_of
from diia_videoreception.services.booking.drafts import DraftAnswers, save_answers
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW

HIDDEN = "\u202e\x07\u200b"
_OF_MACHINES = {
    "Agency": {"conference", "spare_conference"},
    "Application": {"number", "phone", "level", "method", "language"},
    "Citizen": {"edrpou", "phone"},
    # Its hash is what people agreed to.
    "ConsentText": {"service", "language", "body"},
    "Document": {"name", "media_type", "path"},
    "Reception": {"conference", "login"},
    "ScheduleRule": {"recurrence"},
    "SignInCredential": {"provider"},
}
"""Text columns that nobody types, or that a rule of their own reads, by the name of the model."""
_TYPED_INTO = [
    "Absence",
    "Agency",
    "Application",
    "ApplicationSignature",
    "Citizen",
    "ConsentText",
    "Document",
    "Draft",
    "Holiday",
    "Official",
    "Reception",
    "Representation",
    "ScheduleException",
    "ScheduleRule",
    "SignInCredential",
    "Unit",
]


def _written(citizen: Citizen, **answers: str) -> Draft:
    return save_answers(citizen=citizen, answers=DraftAnswers(**answers), now=NOW)


def test_save_answers__stores_no_hidden_characters(citizen: SignedIn) -> None:
    draft = _written(
        citizen.citizen,
        topic=f"Компенсація{HIDDEN} за догляд\r\n\r\n\r\n\r\nРішення",
        phone=f"{HIDDEN}067 123 45 67",
        companion=f"Донька{HIDDEN}\nОлена",
        prior_number=f"ВП-2026{HIDDEN}-000087-4",
    )
    draft.refresh_from_db()

    assert draft.topic == "Компенсація за догляд\n\nРішення"
    assert draft.phone == "+380671234567"
    assert (draft.companion, draft.needs) == ("Донька Олена", ["companion"])
    assert draft.prior_number == "ВП-2026-000087-4"


def test_save_answers__keeps_a_phone_that_is_none_as_typed(citizen: SignedIn) -> None:
    typed = "067 123 45 67, 050 987 65 43 після шостої"

    assert _written(citizen.citizen, phone=typed).phone == typed


@pytest.mark.parametrize("model", _TYPED_INTO)
def test_text_columns__are_cleaned_or_typed_by_nobody(model: str) -> None:
    plain = {
        field.name
        for field in apps.get_model("diia_videoreception", model)._meta.get_fields()
        if type(field) in {models.CharField, models.TextField}
        and not field.choices
        and not field.name.endswith(("_hash", "_encrypted", "sha256"))
    }

    assert plain <= _OF_MACHINES.get(model, set())


def test_line_field__cleans_what_is_saved_updated_and_validated(official: Official) -> None:
    agency = official.agency
    agency.address = f"вул. Хрещатик,{HIDDEN} 1"
    agency.full_clean()
    assert agency.address == "вул. Хрещатик, 1"
    Official.objects.filter(pk=official.pk).update(post=f"міністр{HIDDEN}")
    official.refresh_from_db()
    assert official.post == "міністр"


@pytest.mark.parametrize(
    ("answers", "problems"),
    [
        (
            {},
            {"topic": AnswerProblem.TOPIC_MISSING, "phone": PhoneProblem.MISSING},
        ),
        (
            {"topic": "я" * 1001, "phone": "067 123 45 67 доб. 12", "email": "a@"},
            {
                "topic": AnswerProblem.TOPIC_TOO_LONG,
                "phone": PhoneProblem.EXTENSION,
                "email": AnswerProblem.EMAIL_MALFORMED,
            },
        ),
        (
            {"topic": "Питання", "phone": "0671234567", "prior_number": "ВП-2026-000078-1"},
            {"prior_number": NumberProblem.CHECK_DIGIT},
        ),
    ],
)
def test_problems_of__names_each(
    citizen: SignedIn, answers: dict[str, str], problems: dict[str, str]
) -> None:
    assert problems_of(_written(citizen.citizen, **answers), official_id=None, now=NOW) == problems


def test_say__has_its_own_text_for_each_problem() -> None:
    with translation.override("uk"):
        texts = [text_of(problem) for problem in TEXTS]
    assert set(TEXTS) == {
        *AnswerProblem,
        *PhoneProblem,
        *NumberProblem,
        *RepresentationProblem,
    }
    assert len(set(texts)) == len(texts)
    assert not [text for text in texts if text.isascii()]


def test_submit__asks_the_same_question(
    citizen: SignedIn, official: Official, slot_start: datetime
) -> None:
    holds.reserve(
        actor=citizen, official_id=official.pk, start=slot_start, captcha=solved_captcha(), now=NOW
    )
    draft = _written(citizen.citizen, topic="Питання", phone="+49 30 12", email="a@")

    with pytest.raises(errors.Incomplete) as refused:
        applications.submit(
            actor=citizen,
            draft_token=draft.token,
            captcha=solved_captcha(),
            channel=Application.Channel.API,
            now=NOW + timedelta(minutes=1),
        )

    assert refused.value.codes == {"phone": "phone_foreign", "email": "email_malformed"}
    assert refused.value.codes == problems_of(draft, official_id=official.pk, now=NOW)
