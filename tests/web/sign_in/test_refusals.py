"""Reasons of a refused sign-in: one list, with words for each wherever they are told."""

import re
from pathlib import Path
from typing import get_args

import diia_videoreception
import integrations
from diia_videoreception.rules.help_desk import SignInTrouble
from diia_videoreception.services.accounts.matching import StaffReason
from diia_videoreception.wagtail_admin.sign_in_cases import REASONS
from diia_videoreception.web.citizen.sign_in.refusals import WORDS
from integrations.identity.reasons import SignInRefusal
from integrations.kep.errors import Reason

OF_VERIFIER = {reason.value for reason in Reason if reason is not Reason.VALID}


def test_every_reason__has_words_for_the_person() -> None:
    assert set(SignInRefusal) == WORDS.keys()


def test_every_reason_of_the_verifier__is_a_reason_of_a_sign_in() -> None:
    assert set(SignInRefusal) >= OF_VERIFIER


def test_reasons_for_staff__are_told_to_staff_and_send_the_person_to_them() -> None:
    reasons = set(get_args(StaffReason))
    assert reasons | set(SignInTrouble) == REASONS.keys()
    assert reasons == {reason for reason, words in WORDS.items() if words.to_support}


def test_every_reason__is_given_somewhere() -> None:
    folders = [Path(package.__file__).parent for package in (diia_videoreception, integrations)]
    given = {
        name
        for folder in folders
        for path in folder.rglob("*.py")
        if path.name not in {"reasons.py", "refusals.py"}
        for name in re.findall(r"SignInRefusal\.([A-Z_]+)", path.read_text())
    }

    assert {reason.name for reason in SignInRefusal if reason not in OF_VERIFIER} <= given
