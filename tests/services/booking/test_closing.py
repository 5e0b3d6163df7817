"""Ending a consideration: by the head, on a ground, with the earlier case of a repeated application."""

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from diia_videoreception import errors
from diia_videoreception.models import (
    Agency,
    Application,
    Closing,
    JournalRecord,
    Letter,
    Occupancy,
    Official,
)
from diia_videoreception.rules.closing import ClosingGround
from diia_videoreception.selectors.actors import SignedIn
from tests.factories import ApplicationFactory, ScheduleRuleFactory
from tests.harness.clock import NOW, START
from tests.steps.closing import LAW, REPEATED, WHY, as_head, end_consideration
from tests.steps.letters import render
from tests.steps.moderation import moderator_of

EARLIER = "ВП-2025-000042-3"


@pytest.fixture
def head(official: Official) -> AbstractBaseUser:
    return as_head(moderator_of(official.agency))


@pytest.fixture
def submitted(official: Official, citizen: SignedIn) -> Application:
    return ApplicationFactory(official=official, citizen=citizen.citizen, start=START)


def letter() -> str:
    return render(Letter.objects.get(kind="not_considered", copy_of=None)).text


def test_a_repeated_application__is_closed_and_the_citizen_is_told_all_of_it(
    submitted: Application, head: AbstractBaseUser
) -> None:
    Agency.objects.update(complaints="Скаржитися можна до Секретаріату.")

    end_consideration(submitted, head)

    application = Application.objects.get()
    assert (application.state, application.decided_at) == ("not_considered", NOW)
    assert (application.reason, application.legal_ground) == (WHY, LAW)
    kept = Closing.objects.get()
    assert (kept.ground, kept.earlier_number, kept.closed_by_id) == (
        "repeated", "08-12/777", head.pk,
    )  # fmt: skip
    assert not Occupancy.objects.exists()
    for said in (WHY, LAW, "08-12/777", "Секретаріату", "до суду", "Так вирішив керівник"):
        assert said in letter()
    record = JournalRecord.objects.get(act="application.end_consideration")
    assert record.details == {"ground": "repeated"}


def test_how_to_complain__is_told_though_the_agency_says_nothing(
    submitted: Application, head: AbstractBaseUser
) -> None:
    wanted = replace(REPEATED, ground=ClosingGround.NOT_CONSIDERED)
    end_consideration(submitted, head, wanted)
    assert "стаття 16 Закону України «Про звернення громадян»" in letter()
    assert Closing.objects.get().earlier_number == "", "it repeats nothing"


def test_nobody_but_the_head__does_it(submitted: Application, official: Official) -> None:
    moderator = moderator_of(official.agency)
    with pytest.raises(errors.OnlyHeadCloses):
        end_consideration(submitted, moderator)
    other = as_head(moderator_of(ScheduleRuleFactory().official.agency, name="other"))
    with pytest.raises(errors.NotFound):
        end_consideration(submitted, other)
    assert Application.objects.get(pk=submitted.pk).state == "submitted"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": " \u200b"}, "reason"),
        ({"reason": "а" * 2001}, "reason"),
        ({"legal_ground": ""}, "legal_ground"),
        ({"legal_ground": "а" * 1001}, "legal_ground"),
        ({"earlier_number": " "}, "earlier_number"),
        ({"earlier_number": "1" * 61}, "earlier_number"),
    ],
)
def test_what_the_citizen_has_to_read__is_needed(
    submitted: Application, head: AbstractBaseUser, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(errors.Incomplete) as refused:
        end_consideration(submitted, head, replace(REPEATED, **changes))
    assert set(refused.value.fields) == {field}
    assert not Closing.objects.exists()


@pytest.mark.parametrize("state", ["completed", "answered", "declined", "submitted"])
@pytest.mark.parametrize("whose", ["own", "agency", "citizen", "itself"])
def test_a_number_of_the_portal__is_of_a_settled_case_of_the_same_person_and_agency(
    submitted: Application, head: AbstractBaseUser, state: str, whose: str
) -> None:
    values: dict[str, Any] = {"state": state, "decided_at": NOW, "number": EARLIER}
    values |= {"reason": "Причина."} if state == "declined" else {}
    if state == "answered":
        values |= {"written_answer": "Так.", "outgoing_number": "1"}
    if whose != "agency":
        values["official"] = submitted.official
    if whose != "citizen":
        values["citizen"] = submitted.citizen
    if whose == "itself":
        Application.objects.update(number=EARLIER)
    else:
        ApplicationFactory(**values)
    typed = replace(REPEATED, earlier_number=EARLIER.replace("В", "B").replace("-", " "))

    if whose == "own" and state in {"completed", "answered"}:
        end_consideration(submitted, head, typed)
        assert Closing.objects.get().earlier_number == EARLIER
        return
    with pytest.raises(errors.Incomplete) as refused:
        end_consideration(submitted, head, typed)
    assert set(refused.value.fields) == {"earlier_number"}


def test_what_has_begun_or_was_decided__stays(
    submitted: Application, head: AbstractBaseUser
) -> None:
    with pytest.raises(errors.WrongState):
        end_consideration(submitted, head, now=START)
    end_consideration(submitted, head)
    with pytest.raises(errors.WrongState):
        end_consideration(Application.objects.get(), head)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "not_considered", "decided_at": NOW, "reason": "Так."},
        {"state": "not_considered", "decided_at": NOW, "legal_ground": "Так."},
    ],
)
def test_the_database__wants_reason_and_ground(
    submitted: Application, head: AbstractBaseUser, values: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.update(**values)
    end_consideration(submitted, head)
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.update(earlier_number="")
