"""The journal: one row per act, chained by hashes, never changed."""

import uuid
from collections.abc import Sequence
from itertools import chain
from typing import Any, NoReturn

from django.db import connections, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

AUDIT = "audit_journal"
Link = tuple[int, int, str, str]
"""Key of a row, its sequence number, the hash before it and its own."""


class JournalAct(models.TextChoices):
    """Every act that the journal tells of, with its words for staff.

    The values are part of the sealed rows: never change or reuse one. The part before the point is
    what the act was done to.
    """

    SUBMIT = "application.submit", _("Application submitted")
    SIGN = "application.sign", _("Signed by the citizen with KEP")
    ACCEPT_FOR_REVIEW = "application.accept_for_review", _("Accepted for review")
    CANCEL = "application.cancel", _("Cancelled by the citizen")
    CONFIRM = "application.confirm", _("Requested time confirmed")
    CONFIRM_OTHER_TIME = "application.confirm_other_time", _("Another time confirmed")
    MOVE = "application.move", _("Reception moved to another time")
    REASSIGN = "application.reassign", _("Given to another official")
    PROPOSE = "application.propose", _("Another time proposed")
    ACCEPT_PROPOSAL = "application.accept_proposal", _("Citizen accepted the proposed time")
    REFUSE_PROPOSAL = "application.refuse_proposal", _("Citizen refused the proposed time")
    WITHDRAW_PROPOSAL = "application.withdraw_proposal", _("Proposed time withdrawn")
    EXPIRE_PROPOSAL = "application.expire_proposal", _("Proposed time not answered by the deadline")
    ASK_CLARIFICATION = "application.ask_clarification", _("Question sent to the citizen")
    ANSWER_CLARIFICATION = (
        "application.answer_clarification",
        _("Citizen answered the question"),
    )
    WITHDRAW_CLARIFICATION = "application.withdraw_clarification", _("Question withdrawn")
    EXPIRE_CLARIFICATION = (
        "application.expire_clarification",
        _("Question not answered by the deadline"),
    )
    CORRECT = "application.correct", _("Corrected by the citizen")
    READ_CORRECTION = "application.read_correction", _("Correction of the citizen read")
    SHOW_COMMENT = "application.show_comment", _("Comment of the citizen shown to the official")
    HIDE_COMMENT = "application.hide_comment", _("Comment of the citizen not shown to the official")
    CHECK_AUTHORITY = "application.check_authority", _("Authority of the applicant checked")
    WITHDRAW_AUTHORITY_CHECK = (
        "application.withdraw_authority_check",
        _("Check of the applicant’s authority taken back"),
    )
    REQUEST_MOVE = "application.request_move", _("Citizen asked to move the reception")
    REFUSE_MOVE = "application.refuse_move", _("Request to move the reception refused")
    WITHDRAW_MOVE = "application.withdraw_move", _("Citizen withdrew the request to move")
    EXPIRE_MOVE = "application.expire_move", _("Request to move not answered in time")
    REMIND_TO_ANSWER = "application.remind_to_answer", _("Citizen reminded to answer")
    ANSWER_IN_WRITING = "application.answer_in_writing", _("Answered in writing")
    EXTEND_TERM = "application.extend_term", _("Term for the decision extended")
    DECLINE = "application.decline", _("Application declined")
    END_CONSIDERATION = "application.end_consideration", _("Consideration ended by the head")
    CANCEL_BY_AGENCY = "application.cancel_by_agency", _("Reception cancelled by the agency")
    ALARM = "application.alarm", _("Agency reminded to decide")
    ALARM_OVERDUE = "application.alarm_overdue", _("Agency told that its term has passed")
    LAPSE = "application.lapse", _("Not considered in time")
    COMPLETE = "application.complete", _("Reception took place")
    NOTE_CITIZEN_ABSENT = (
        "application.note_citizen_absent",
        _("Reception did not take place: citizen absent"),
    )
    NOTE_AGENCY_ABSENT = (
        "application.note_agency_absent",
        _("Reception did not take place because of the agency"),
    )
    SAVE_ANSWER = "application.save_answer", _("Draft of the answer saved")
    SEND_ANSWER = "application.send_answer", _("Answer sent to the citizen")
    RATE = "application.rate", _("Rated by the citizen")
    OBJECT = "application.object", _("Citizen objected to what was recorded")
    ANSWER_OBJECTION = "application.answer_objection", _("Objection answered")
    TAKE_OVER = (
        "application.take_over",
        _("Case that a centre had filed taken into the account of its person"),
    )
    TAKE_CASE = "application.take", _("Taken by a moderator")
    HAND_OVER = "application.hand_over", _("Handed over to a colleague")
    GIVE_BACK = "application.give_back", _("Given back to all moderators")
    SET_REGISTRATION = "application.set_registration", _("Registration number written")
    ADD_NOTE = "application.add_note", _("Internal note added")
    OPEN_ANSWER_TASK = "application.open_answer_task", _("The question needs consideration")
    DROP_ANSWER_TASK = "application.drop_answer_task", _("No answer is to come: record corrected")
    ASSIGN_ANSWER_TASK = (
        "application.assign_answer_task",
        _("Person responsible for the answer named"),
    )
    EXTEND_ANSWER_TERM = "application.extend_answer_term", _("Term for the answer extended")
    PASS_ON = "application.pass_on", _("Question passed on to another body")
    ALARM_ANSWER = "application.alarm_answer", _("Agency told that the answer is overdue")
    ASK_DEVICE_CHECK = "application.ask_device_check", _("Citizen asked to check the equipment")
    SEND_LETTER_AGAIN = "application.send_letter_again", _("Letter sent again")
    OPEN_FOR_HELP = "application.opened_for_help", _("Opened by the help desk: both facts fitted")
    GIVE_SLIP = "application.slip_given", _("Slip with a new code for the status given")
    SEND_SLIP = "application.slip_sent", _("Slip sent to the person by email or SMS")
    DELETE_DOCUMENTS = (
        "application.documents_deleted",
        _("Documents deleted: the retention period ended"),
    )
    REVEAL_PASSWORD = "reception.reveal_password", _("Citizen viewed the conference password")
    REVEAL_PASSWORD_TO_MODERATOR = (
        "reception.reveal_password_to_moderator",
        _("Moderator viewed the conference password"),
    )
    OPEN_ROOM = "reception.open_room", _("Room opened by the agency")
    ADMIT = "reception.admit", _("Let into the room")
    REFUSE_ENTRY = "reception.refuse_entry", _("Not let into the room, or sent out of it")
    SWITCH_CONFERENCE = (
        "reception.switch_conference",
        _("Reception switched to another video conference"),
    )
    END_ROOM = "reception.end_room", _("Room closed by the agency")
    INVITE_GUEST = "reception.invite_guest", _("Guest invited to the room")
    ACCEPT_INVITATION = "reception.accept_invitation", _("Guest opened the link to the room")
    REFUSE_BROWSER = (
        "reception.refuse_browser",
        _("Another browser came with the link of a guest and was refused"),
    )
    WITHDRAW_INVITATION = "reception.withdraw_invitation", _("Access of a guest withdrawn")
    ASK_SIGNATURE = "reception.ask_signature", _("Citizen asked to sign a document")
    WITHDRAW_SIGNATURE_REQUEST = (
        "reception.withdraw_signature_request",
        _("Citizen no longer asked to sign a document"),
    )
    DECLINE_SIGNATURE = "reception.decline_signature", _("Citizen declined to sign a document")
    SIGN_DOCUMENT = "reception.sign_document", _("Document signed by the citizen with KEP")
    OBJECT_TO_GUEST = "reception.object_to_guest", _("The citizen objected to a guest")

    SIGN_IN = "citizen.sign_in", _("Citizen signed in")
    SIGN_IN_AT_PLACE = (
        "citizen.sign_in_at_place",
        _("Citizen signed in at a self-service place with their phone"),
    )
    STEP_UP = "citizen.step_up", _("Citizen proved who they are once more")
    SIGN_OUT = "citizen.sign_out", _("Citizen signed out")
    SIGN_OUT_ELSEWHERE = "citizen.sign_out_elsewhere", _("Citizen signed out on other devices")
    END_SESSIONS = "citizen.end_sessions", _("The citizen’s sessions were ended")
    SIGN_IN_CASE = "citizen.sign_in_case", _("Sign-in that only staff can sort out")
    REGISTER = "citizen.register", _("Citizen registered")
    CHANGE_USER_TYPE = "citizen.change_user_type", _("Citizen acts for somebody else than before")
    ACCEPT_TERMS = "citizen.accept_terms", _("Citizen accepted a text")
    BIND_CREDENTIAL = "citizen.bind_means", _("Citizen added a way to sign in")
    UNBIND_CREDENTIAL = "citizen.unbind_means", _("Citizen removed a way to sign in")
    CONFIRM_ADDRESS = "citizen.confirm_address", _("Citizen confirmed an address for letters")
    CHOOSE_REMINDERS = "citizen.choose_reminders", _("Citizen chose how to be reminded")
    MAKE_FEED = "citizen.make_feed", _("Citizen made an address for their calendar")
    END_FEED = "citizen.end_feed", _("Citizen ended the address for their calendar")
    JOIN_QUEUE = "citizen.queue_joined", _("Citizen waits for a free time of an official")
    CHANGE_QUEUE = "citizen.queue_changed", _("Citizen changed when a free time suits them")
    LEAVE_QUEUE = "citizen.queue_left", _("Citizen waits for a free time no more")
    OFFER_TIME = "citizen.time_offered", _("A free time was offered to the citizen")
    TAKE_OFFERED_TIME = "citizen.offer_taken", _("Citizen took the time that was offered")
    DECLINE_OFFERED_TIME = "citizen.offer_declined", _("Citizen declined the time that was offered")
    EXPIRE_OFFERED_TIME = "citizen.offer_expired", _("Offered time not answered in time")
    WITHDRAW_OFFERED_TIME = "citizen.offer_withdrawn", _("Offered time withdrawn by the agency")
    END_WAITING = "citizen.waiting_ended", _("Waiting for a free time ended by itself")
    COPY_OWN_DATA = "citizen.own_data_copied", _("Citizen took a copy of their own data")
    ASK_ERASURE = "citizen.erasure_asked", _("Citizen asked that their data be erased")
    TAKE_ERASURE_BACK = (
        "citizen.erasure_taken_back",
        _("Citizen no longer asks that their data be erased"),
    )
    ERASE = "citizen.erased", _("Account erased at the citizen’s request")
    ERASE_APPLICATION = (
        "application.erased",
        _("Content erased: the person has left, the retention period ended"),
    )
    MAKE_MAILBOX = "citizen.mailbox_made", _("Official mailbox created")
    CONNECT_OFFICIAL = "official.connect", _("Official connected with a user")
    DISCONNECT_OFFICIAL = "official.disconnect", _("Official disconnected from a user")
    SET_SECOND_FACTOR = "user.second_factor_set", _("Second factor set up")
    USE_RECOVERY_CODE = "user.recovery_code_used", _("Recovery code used")
    MAKE_RECOVERY_CODES = "user.recovery_codes_made", _("New recovery codes made")
    RESET_SECOND_FACTOR = "user.second_factor_reset", _("Second factor reset")
    MISS_FACTS = "user.facts_missed", _("Facts told to the help desk did not fit")
    GIVE_RIGHT = "user.right_given", _("Right to moderate an agency given")
    TAKE_RIGHT = "user.right_taken", _("Right to moderate an agency taken away")
    MAKE_STAFF_FEED = "user.feed_made", _("Address for a calendar made")
    END_STAFF_FEED = "user.feed_ended", _("Address for a calendar ended")
    NAME_SUBSTITUTE = "official.substitute_named", _("Substitute of an official named")
    WITHDRAW_SUBSTITUTE = (
        "official.substitute_withdrawn",
        _("Substitute of an official withdrawn"),
    )
    CHANGE_REFUSAL_REASONS = (
        "agency.refusal_reasons_changed",
        _("List of reasons for refusal changed"),
    )
    PAUSE_RECEPTIONS = "agency.receptions_paused", _("Receptions paused")
    RESUME_RECEPTIONS = "agency.receptions_resumed", _("Receptions resumed")
    FLAG_LOOKS = "agency.looks_flagged", _("Unusually many cases opened by one member of staff")
    REVIEW_LOOKS = "agency.looks_reviewed", _("Unusual looks at cases looked into by the head")
    CHANGE_LETTER_TEXT = "agency.letter_text_changed", _("Text of a letter changed")
    SET_TERM = "agency.term_set", _("Term of an agency set")
    REQUEST_ACCESS = "centre.access_requested", _("Access requested by a centre")
    REFUSE_ACCESS = "centre.access_refused", _("Access of a centre refused")
    GRANT_ACCESS = "centre.granted", _("Access given to a centre")
    CHANGE_CENTRE = "centre.changed", _("Details of a centre changed")
    ALLOW_HELP = "centre.help_allowed", _("What a centre may do for people changed")
    PUBLISH_MANDATE_TEXT = "mandate.text_published", _("Text of the consent to help published")
    SUSPEND_CENTRE = "centre.suspended", _("Access of a centre suspended")
    RESUME_CENTRE = "centre.resumed", _("Access of a centre given back")
    RECORD_DECISION = "centre.decision_recorded", _("Decision of the founding body recorded")
    END_DECISION = "centre.decision_ended", _("Function of a centre switched off")
    INVITE_MEMBER = "centre.member_invited", _("Person invited to a centre")
    WITHDRAW_MEMBER_INVITATION = (
        "centre.invitation_withdrawn",
        _("Invitation to a centre withdrawn"),
    )
    JOIN_CENTRE = "centre.member_joined", _("Person joined a centre")
    CHANGE_MEMBER_ROLE = "centre.role_changed", _("Role in a centre changed")
    BLOCK_MEMBER = "centre.member_blocked", _("Person blocked in a centre")
    UNBLOCK_MEMBER = "centre.member_unblocked", _("Person unblocked in a centre")
    END_MEMBER = "centre.member_ended", _("Work of a person in a centre ended")
    RECORD_TRAINING = "centre.training_recorded", _("Training of a person recorded")
    START_TEST = "centre.test_started", _("Test of a person begun")
    FINISH_TEST = "centre.test_finished", _("Test of a person finished")
    ALLOW_TEST = "centre.test_allowed", _("Test of a person allowed once more")
    MAKE_WORKPLACE = "centre.workplace_made", _("Workplace of a centre added")
    RENAME_WORKPLACE = "centre.workplace_renamed", _("Workplace of a centre renamed")
    PAUSE_WORKPLACE = "centre.workplace_paused", _("Workplace of a centre paused")
    RESUME_WORKPLACE = "centre.workplace_resumed", _("Workplace of a centre works again")
    REVOKE_WORKPLACE = "centre.workplace_revoked", _("Workplace of a centre removed")
    SET_CENTRE_HOURS = "centre.hours_set", _("Hours of a centre set")
    ARRIVE_AT_CENTRE = "application.arrived_at_centre", _("The citizen came to the centre")
    WITHDRAW_ARRIVAL = "application.arrival_withdrawn", _("Arrival at the centre taken back")
    OPEN_AT_SEAT = "application.seat_opened", _("Code for the room at a seat of the centre made")
    ENTER_AT_SEAT = "application.seat_entered", _("Room opened at a seat of the centre")
    CLOSE_AT_SEAT = (
        "application.seat_closed",
        _("Way into the room from the seat of the centre ended"),
    )
    SET_SEAT_SIGN_LANGUAGE = "centre.seat_sign_language", _("Help in sign language at a place set")
    MAKE_PAIRING_CODE = "centre.pairing_code_made", _("Code to connect the browser of a place made")
    PAIR_BROWSER = "centre.browser_paired", _("Browser of a place connected")
    UNPAIR_BROWSER = "centre.browser_unpaired", _("Browser of a place disconnected")
    REFUSE_PLACE_BROWSER = (
        "centre.browser_refused",
        _("Another browser posed as that of a place and was refused"),
    )
    REPORT_COPIED_BROWSER = (
        "centre.browser_copied",
        _("The key of a place was used from two browsers; both are disconnected"),
    )
    BEGIN_SELF_SERVICE = "centre.self_service_begun", _("Visitor began at a self-service place")
    END_SELF_SERVICE = (
        "centre.self_service_ended",
        _("Self-service ended, data of the visitor wiped"),
    )
    EXTEND_SELF_SERVICE = "centre.self_service_extended", _("Time at a self-service place extended")
    CALL_FOR_HELP = "centre.help_called", _("Visitor of a place called for help")
    CANCEL_CALL = "centre.help_cancelled", _("Visitor of a place needs no help any more")
    REFUSE_PHONE = "centre.phone_refused", _("Sign-in of a place with a phone refused")
    PROMISE_HELP = "centre.help_promised", _("Staff are on their way to a visitor who called")
    ANSWER_CALL = "centre.help_came", _("Staff came to a visitor who had called")
    HAND_OVER_VISITS = "centre.visits_handed_over", _("Open visits handed over")
    DECLINE_OFFER = (
        "centre.case_disowned",
        _("Person says that a case filed for them is not theirs"),
    )
    EXPORT_STATISTICS = "centre.statistics_exported", _("Statistics of the centre exported")
    BEGIN_TRAINING = "centre.training_begun", _("Training exercise begun")
    FINISH_TRAINING = "centre.training_finished", _("Training exercise finished")
    BEGIN_VISIT = "visit.begun", _("Visit begun")
    MOVE_VISIT = "visit.moved", _("Visit came to another stage")
    NOTE_VISIT_NEED = "visit.need_noted", _("Need of a visit noted")
    DECIDE_VISIT = "visit.decided", _("Way to help in a visit chosen")
    NOTE_VISIT_CALL = "visit.call_noted", _("Telephone call of a visit noted")
    ASK_TO_CONFIRM = (
        "visit.confirmation_asked",
        _("Person asked to confirm the application that was typed for them"),
    )
    END_VISIT = "visit.ended", _("Visit ended")
    IDENTIFY_PERSON = "visit.person_identified", _("Person of a visit named")
    SHOW_TO_PERSON = "visit.shown_to_person", _("Page offered to the phone of the person")
    PRINT_TYPED = "visit.paper_printed", _("Application printed for the person to sign")
    SCAN_TYPED = "visit.paper_scanned", _("Scan of an application signed on paper added")
    RESUME_TYPED = "visit.paper_resumed", _("Visit begun to enter an application signed on paper")
    VIEW_TYPED_SCAN = "visit.paper_viewed", _("Scan of an application signed on paper opened")
    FIND_FAULT = "visit.fault_found", _("Person found a mistake in what was typed for them")
    REFUSE_PERSON_VIEW = "visit.view_refused", _("Page offered to a phone refused there")
    ASK_CONSENT = "mandate.asked", _("Person asked for consent to help")
    SEND_CONSENT_CODE = "mandate.code_sent", _("Code for the consent sent to the person")
    GIVE_CONSENT = "mandate.given", _("Person gave consent to help")
    REFUSE_CONSENT = "mandate.refused", _("Consent to help not given")
    SEAL_MANDATE = "mandate.sealed", _("Consent to help sealed by the administrator")
    REVOKE_MANDATE = "mandate.revoked", _("Consent to help revoked")
    EXPIRE_MANDATE = "mandate.expired", _("Consent to help ended by its time")
    VIEW_CONSENT_SCAN = "mandate.scan_viewed", _("Scan of a consent opened")
    FLAG_PHONE = (
        "centre.phone_flagged",
        _("One phone was given for unusually many people in a day"),
    )
    SEAL_LOOKS = "look.sealed", _("Looks of staff at cases sealed")
    EXPORT_FILE = "export.made", _("Report or list saved as a file")
    EXPORT_EVIDENCE = "citizen.export_evidence", _("Evidence of signatures exported")


class JournalIsAppendOnly(Exception):
    """Somebody tried to change or delete journal rows through the ORM."""


class JournalQuerySet(models.QuerySet["JournalRecord"]):
    """Reads and inserts; the sealer alone fills the chain of rows that have none yet."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise JournalIsAppendOnly

    def delete(self) -> NoReturn:
        raise JournalIsAppendOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise JournalIsAppendOnly

    def seal(self, links: Sequence[Link]) -> int:
        """Give unsealed rows their places in the chain, by one statement.

        Returns:
            How many rows were sealed; those that have a place keep it.
        """
        if not links:
            return 0
        table = connections[self.db].ops.quote_name(self.model._meta.db_table)
        places = ", ".join(["(%s, %s, %s, %s)"] * len(links))
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET sequence = CAST(link.column2 AS bigint),"  # noqa: S608
                " previous_hash = link.column3, hash = link.column4"
                f" FROM (VALUES {places}) AS link"
                " WHERE id = CAST(link.column1 AS bigint) AND sequence IS NULL",
                list(chain.from_iterable(links)),
            )
            sealed: int = cursor.rowcount
        return sealed


class JournalRecord(models.Model):
    """Who did what, to which case, when. No personal values, only pseudonymous ids."""

    class Actor(models.TextChoices):
        CITIZEN = "citizen", _("citizen")
        STAFF = "staff", _("staff")
        SYSTEM = "system", _("system")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    moment = models.DateTimeField(_("moment"))
    act = models.CharField(_("act"), max_length=60)
    actor_kind = models.CharField(_("who"), max_length=16, choices=Actor)
    actor_id = models.CharField(max_length=64, blank=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    subject_version = models.PositiveIntegerField(null=True)
    details = models.JSONField(default=dict)
    sequence = models.PositiveBigIntegerField(null=True, unique=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    objects = JournalQuerySet.as_manager()

    class Meta:
        ordering = ["moment", "pk"]
        verbose_name = _("journal record")
        verbose_name_plural = _("journal")
        permissions = [(AUDIT, "Can read the journal")]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="journal_subject"),
            models.Index(fields=["-moment", "-id"], name="journal_newest"),
            # What few rows have among millions.
            models.Index(fields=["id"], name="journal_unsealed", condition=Q(sequence=None)),
            models.Index(
                fields=["-moment", "-id"],
                name="journal_sign_in_cases",
                condition=Q(act="citizen.sign_in_case"),
            ),
            models.Index(
                fields=["moment"],
                name="journal_sent_again",
                condition=Q(act="application.send_letter_again"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sequence__isnull=True, hash="")
                | (Q(sequence__isnull=False) & ~Q(hash="")),
                name="journal_sealed_has_hash",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.act}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise JournalIsAppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise JournalIsAppendOnly

    @property
    def title(self) -> str:
        """The act in words for staff; of an act that this release does not know, its name."""
        known = self.act in JournalAct.values
        return str(JournalAct(self.act).label) if known else self.act
