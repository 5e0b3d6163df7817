"""The acts of the journal: each is known, written by one function and told in words."""

import ast
import re
from pathlib import Path

import pytest
from django.utils.translation import override

import device_check
import diia_videoreception
from diia_videoreception.models import JournalAct, JournalRecord
from diia_videoreception.services import journal
from diia_videoreception.web.citizen.cabinet.timeline import TITLES
from tests.factories import NOW, CitizenFactory

DOMAIN = Path(diia_videoreception.__file__).parent
ROOT = DOMAIN.parent
UNTOLD = {
    "application.set_registration",
    # Nobody is left to be told.
    JournalAct.ERASE_APPLICATION,
    JournalAct.ALARM,
    JournalAct.ALARM_OVERDUE,
    JournalAct.ALARM_ANSWER,
    # Told as a look.
    JournalAct.OPEN_FOR_HELP,
    # What moderators have among themselves.
    JournalAct.ADD_NOTE,
    JournalAct.TAKE_CASE,
    JournalAct.HAND_OVER,
    JournalAct.GIVE_BACK,
    JournalAct.ASSIGN_ANSWER_TASK,
    # The record that was put right is told itself.
    JournalAct.DROP_ANSWER_TASK,
    JournalAct.DELETE_DOCUMENTS,
    JournalAct.OPEN_ROOM,
    JournalAct.ADMIT,
    JournalAct.REFUSE_ENTRY,
    JournalAct.END_ROOM,
    JournalAct.REVEAL_PASSWORD,
    JournalAct.SAVE_ANSWER,
    JournalAct.RATE,
    JournalAct.REVEAL_PASSWORD_TO_MODERATOR,
    # Guests are shown where the reception is: who is invited, who objected.
    JournalAct.INVITE_GUEST,
    JournalAct.ACCEPT_INVITATION,
    JournalAct.REFUSE_BROWSER,
    JournalAct.WITHDRAW_INVITATION,
    JournalAct.OBJECT_TO_GUEST,
    # In the room; what is signed is told.
    JournalAct.ASK_SIGNATURE,
    JournalAct.WITHDRAW_SIGNATURE_REQUEST,
    JournalAct.DECLINE_SIGNATURE,
}
"""What the cabinet does not tell of an application."""


def about(*subjects: str) -> set[JournalAct]:
    return {act for act in JournalAct if act.value.partition(".")[0] in subjects}


@pytest.mark.django_db
def test_record__of_an_unknown_act_is_refused() -> None:
    with pytest.raises(ValueError, match=r"application\.invented"):
        journal.record("application.invented", subject=CitizenFactory(), now=NOW)  # type: ignore[arg-type]

    assert not JournalRecord.objects.exists()


def test_rows__are_written_by_record_alone() -> None:
    found = {
        path.relative_to(DOMAIN).as_posix()
        for folder in (DOMAIN, Path(device_check.__file__).parent)
        for path in folder.rglob("*.py")
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and re.fullmatch(
            r"JournalRecord(\.objects\.a?(create|bulk_create|\w+_or_create))?",
            ast.unparse(node.func),
        )
    }

    assert found == {"services/journal/recording.py"}


def test_acts__are_all_written() -> None:
    folder = DOMAIN / "services"
    source = "\n".join(path.read_text() for path in folder.rglob("*.py"))
    written = set(re.findall(r"JournalAct\.([A-Z_]+)", source))

    assert written == set(JournalAct.names)


def test_acts__keep_the_values_that_sealed_rows_have() -> None:
    values = {act.partition(".")[2] for act in JournalAct.values if act.startswith("application.")}
    assert values == {
        "accept_for_review", "accept_proposal", "add_note", "alarm", "alarm_answer", "alarm_overdue",
        "answer_clarification", "answer_in_writing", "answer_objection", "ask_clarification",
        "arrival_withdrawn", "arrived_at_centre", "ask_device_check", "assign_answer_task", "cancel", "cancel_by_agency", "check_authority", "complete",
        "confirm", "confirm_other_time", "correct", "decline", "documents_deleted", "drop_answer_task", "erased",
        "end_consideration",
        "hide_comment", "show_comment",
        "expire_clarification", "expire_move", "expire_proposal", "extend_answer_term",
        "extend_term", "give_back", "hand_over", "lapse", "move", "note_agency_absent",
        "note_citizen_absent", "object", "open_answer_task", "opened_for_help", "pass_on", "propose", "rate",
        "read_correction", "reassign", "refuse_move", "refuse_proposal", "remind_to_answer", "request_move",
        "save_answer", "seat_closed", "seat_entered", "seat_opened", "send_answer", "send_letter_again", "set_registration", "sign", "slip_given", "slip_sent", "submit",
        "take", "withdraw_authority_check", "withdraw_clarification", "take_over",
        "withdraw_move", "withdraw_proposal",
    }  # fmt: skip
    values = {act.partition(".")[2] for act in JournalAct.values if act.startswith("citizen.")}
    assert values == {
        "accept_terms", "bind_means", "change_user_type", "choose_reminders", "confirm_address", "end_feed", "end_sessions",
        "export_evidence", "mailbox_made", "own_data_copied", "queue_joined", "queue_changed", "queue_left", "offer_withdrawn", "time_offered", "offer_taken", "offer_declined", "offer_expired", "waiting_ended", "erased", "erasure_asked", "erasure_taken_back", "make_feed", "register", "sign_in", "sign_in_at_place", "sign_in_case", "sign_out",
        "sign_out_elsewhere", "step_up", "unbind_means",
    }  # fmt: skip
    assert about("reception") == {
        "reception.accept_invitation", "reception.admit", "reception.ask_signature", "reception.decline_signature",
        "reception.end_room", "reception.invite_guest",
        "reception.object_to_guest", "reception.open_room", "reception.refuse_browser",
        "reception.refuse_entry", "reception.reveal_password", "reception.reveal_password_to_moderator",
        "reception.sign_document", "reception.switch_conference", "reception.withdraw_invitation",
        "reception.withdraw_signature_request",
    }  # fmt: skip


@pytest.mark.parametrize("act", JournalAct)
def test_acts__have_ukrainian_words(act: JournalAct) -> None:
    with override("uk"):
        words = JournalRecord(act=act.value).title

    assert re.match(r"[А-ЯІЇЄҐ]", words), words


def test_an_act_of_another_release__is_shown_by_its_name() -> None:
    assert JournalRecord(act="application.invented").title == "application.invented"


def test_timeline__tells_every_act_on_an_application_or_says_which_not() -> None:
    assert TITLES.keys() | UNTOLD == about("application", "reception")
    assert not TITLES.keys() & UNTOLD
