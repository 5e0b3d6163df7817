"""Everything that is kept of one person, as their own copy gives it: a fixed number of statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diia_videoreception.models import (
    Application,
    CalendarFeed,
    Citizen,
    CitizenSession,
    ConsentAcceptance,
    Draft,
    EmailConfirmation,
    Evidence,
    JournalRecord,
    Letter,
    Mandate,
    OfficialMailbox,
    PortalAccount,
    ReminderChoice,
    RoomMessage,
    SignInCredential,
    WaitingEntry,
)
from diia_videoreception.selectors.accounts.citizens import (
    address_to_confirm,
    mailbox_of,
    reminder_choice_of,
)
from diia_videoreception.selectors.assistance.mandates import mandates_of
from diia_videoreception.selectors.booking.applications import letters_of
from diia_videoreception.selectors.booking.looks import LookAtCase, looks_at_cases_of

MOST = 1000
"""Rows of one kind in a copy, the newest: more than anybody has, and an end to what a copy costs."""


@dataclass(frozen=True, slots=True)
class Case:
    """An application with what happened to it, who looked at it, and what the person wrote in its room."""

    application: Application
    history: Sequence[JournalRecord]
    looks: Sequence[LookAtCase]
    messages: Sequence[RoomMessage]


@dataclass(frozen=True, slots=True)
class OwnData:
    """All that is kept of a person.

    Attributes:
        is_whole: Whether every row is in it; False where there were more than `MOST` of a kind.
    """

    citizen: Citizen
    waiting_address: EmailConfirmation | None
    mailbox: OfficialMailbox | None
    reminders: ReminderChoice
    calendar: CalendarFeed | None
    portal_accounts: Sequence[PortalAccount]
    credentials: Sequence[SignInCredential]
    sign_ins: Sequence[CitizenSession]
    consents: Sequence[ConsentAcceptance]
    mandates: Sequence[Mandate]
    queues: Sequence[WaitingEntry]
    evidence: Sequence[Evidence]
    draft: Draft | None
    cases: Sequence[Case]
    letters: Sequence[Letter]
    is_whole: bool


def own_data_of(citizen: Citizen) -> OwnData:
    """Return what is kept of a person; no row of anybody else, and no name of staff but the official's."""
    cases = _cases_of(citizen)
    sign_ins = list(
        CitizenSession.objects.filter(citizen=citizen)
        .select_related("credential")
        .order_by("-started_at", "-pk")[:MOST]
    )
    letters = list(letters_of(citizen)[:MOST])
    evidence = Evidence.objects.filter(citizen=citizen).defer("archive_encrypted")
    kept = list(evidence[:MOST])
    mandates = list(mandates_of(citizen)[:MOST])
    return OwnData(
        citizen=citizen,
        waiting_address=address_to_confirm(citizen),
        mailbox=mailbox_of(citizen),
        reminders=reminder_choice_of(citizen),
        calendar=CalendarFeed.objects.filter(citizen=citizen).first(),
        portal_accounts=list(citizen.portal_accounts.order_by("pk")[:MOST]),
        credentials=list(citizen.credentials.order_by("bound_at", "pk")[:MOST]),
        sign_ins=sign_ins,
        consents=list(
            citizen.consents.select_related("text").order_by("-accepted_at", "-pk")[:MOST]
        ),
        mandates=mandates,
        queues=list(
            WaitingEntry.objects.filter(citizen=citizen)
            .select_related("official__unit__agency")
            .prefetch_related("offers")
            .order_by("-created_at", "-pk")[:MOST]
        ),
        evidence=kept,
        draft=Draft.objects.filter(citizen=citizen).prefetch_related("documents").first(),
        cases=cases,
        letters=letters,
        is_whole=all(len(rows) < MOST for rows in (cases, sign_ins, letters, kept, mandates)),
    )


def _cases_of(citizen: Citizen) -> list[Case]:
    applications = list(
        Application.objects.filter(citizen=citizen)
        .select_related(
            "official__unit__agency",
            "answer",
            "answer_task",
            "objection",
            "rating",
            "representation",
            "signature",
            "prior",
            "centre",
        )
        .prefetch_related(
            "documents", "clarifications", "corrections", "proposals", "move_requests"
        )[:MOST]
    )
    history = _history_of(applications)
    looks: Mapping[int, list[LookAtCase]] = defaultdict(list)
    for look in looks_at_cases_of(citizen, most=MOST):
        looks[look.application.pk].append(look)
    messages: Mapping[int, list[RoomMessage]] = defaultdict(list)
    own = RoomMessage.objects.filter(
        room__application__citizen=citizen, sender__citizen=citizen, room__tidied_at__isnull=False
    )
    for message in own.select_related("room").order_by("created_at", "pk")[:MOST]:
        messages[message.room.application_id].append(message)
    return [
        Case(one, history[str(one.public_id)], looks[one.pk], messages[one.pk])
        for one in applications
    ]


def _history_of(applications: Sequence[Application]) -> Mapping[str, list[JournalRecord]]:
    found: Mapping[str, list[JournalRecord]] = defaultdict(list)
    records = JournalRecord.objects.filter(
        subject_kind="application", subject_id__in=[str(one.public_id) for one in applications]
    )
    for record in records.order_by("moment", "pk"):
        found[record.subject_id].append(record)
    return found
