"""Erasing what is kept of a person at their own request: asked for, taken back, done after some days.

What an agency has to keep stays with its applications, without the person's account, until the agency's
time of keeping is over; then it goes, too. The journal keeps pseudonymous ids alone.
"""

import logging
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from django.db.models import Exists, OuterRef

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import ErasureHindered
from diia_videoreception.models import (
    Agency,
    Answer,
    AnswerSignature,
    AnswerTask,
    Application,
    ApplicationSignature,
    CalendarFeed,
    Citizen,
    CitizenSession,
    Clarification,
    Correction,
    Document,
    EmailConfirmation,
    Evidence,
    HoldUse,
    IdempotentAnswer,
    JournalAct,
    Letter,
    Mandate,
    MoveRequest,
    Objection,
    PortalAccount,
    Proposal,
    Rating,
    ReminderChoice,
    Room,
    SignInCredential,
    WaitingEntry,
)
from diia_videoreception.personal_data import encrypt, lookup_hash
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.erasing import hindrances_to_erasing
from diia_videoreception.services import journal
from diia_videoreception.services.accounts.sessions import require_fresh
from diia_videoreception.services.booking.leaving import leave
from diia_videoreception.services.booking.retention import closed_long_ago
from diia_videoreception.services.transactions import act, lock_citizen
from integrations.common.failures import isolated, traceback_without_message

logger = logging.getLogger(__name__)

BATCH = 100
ERASED = "—"
"""What stands where the database wants a text and nothing is left to say."""


class _Erase(Protocol):
    def __call__(self, key: int, *, now: datetime) -> int: ...


@act
def ask_to_erase(*, actor: SignedIn, now: datetime) -> datetime:
    """Ask that all goes that need not be kept; the held time, the draft, reminders and other sessions go at once.

    Asking again changes nothing, also from another tab at the same moment.

    Returns:
        From when it is erased; until then it can be taken back.

    Raises:
        AuthenticationTooOld: the person proved who they are too long ago.
        ErasureHindered: a reception, an answer or a consent has to be ended first.
    """
    require_fresh(actor, now=now)
    citizen = actor.citizen
    asked = lock_citizen(citizen).erasure_due
    if asked is not None:
        return asked
    if hindrances_to_erasing(citizen, now=now):
        raise ErasureHindered
    due = now + app_settings.erasure_wait
    Citizen.objects.filter(pk=citizen.pk).update(erasure_due=due, signed_out_at=now)
    leave(citizen, since=citizen.created_at, until=now, now=now)
    ReminderChoice.objects.filter(citizen=citizen).delete()
    CalendarFeed.objects.filter(citizen=citizen).delete()
    EmailConfirmation.objects.filter(citizen=citizen).delete()
    others = CitizenSession.objects.live(now).filter(citizen=citizen)
    others.exclude(pk=actor.session.pk if actor.session else 0).update(ended_at=now)
    journal.record(JournalAct.ASK_ERASURE, subject=citizen, citizen=citizen, now=now)
    return due


@act
def take_erasure_back(*, actor: SignedIn, now: datetime) -> bool:
    """Keep the account after all; tells whether anything was asked for. What went at once stays gone."""
    citizen = actor.citizen
    if lock_citizen(citizen).erasure_due is None:
        return False
    Citizen.objects.filter(pk=citizen.pk).update(erasure_due=None)
    journal.record(JournalAct.TAKE_ERASURE_BACK, subject=citizen, citizen=citizen, now=now)
    return True


def erase_due(*, now: datetime) -> int:
    """Erase whose days are over, and what agencies need not keep of the erased any longer.

    Returns:
        How many accounts and applications were erased; at most 100 of each in one run.
    """
    due = Citizen.objects.filter(erasure_due__lte=now).order_by("pk")
    done = 0
    for key in list(due.values_list("pk", flat=True)[:BATCH]):
        done += _tried(_erase_account, key, now=now)
    for key in _over(now):
        done += _tried(_erase_application, key, now=now)
    return done


def _tried(erase: "_Erase", key: int, *, now: datetime) -> int:
    erased = 0
    with isolated() as one:
        erased = erase(key, now=now)
    if one.error is not None:
        logger.error("Data could not be erased: %s", traceback_without_message(one.error))
    return erased


@act
def _erase_account(key: int, *, now: datetime) -> int:
    """Make the account nobody's; waits while something is to come for the person after all."""
    citizen = Citizen.objects.get(pk=key)
    due = lock_citizen(citizen).erasure_due
    if due is None or due > now or hindrances_to_erasing(citizen, now=now):
        return 0
    leave(citizen, since=citizen.created_at, until=now, now=now)
    for model in (
        CitizenSession, SignInCredential, PortalAccount, ReminderChoice, CalendarFeed,
        EmailConfirmation, IdempotentAnswer, HoldUse, WaitingEntry,
    ):  # fmt: skip
        model._default_manager.filter(citizen=citizen).delete()
    letters = Letter.objects.filter(citizen=citizen)
    letters.filter(application=None).delete()
    # They stay with their case, as letters in the account; where they were sent goes.
    letters.exclude(copy_of=None).delete()
    letters.update(state=Letter.State.CABINET_ONLY, address="", phone="", mailbox=None)
    Application.objects.filter(citizen=citizen).update(letters_address="")
    _forget_who(citizen, now=now)
    _forget_name(citizen)
    kept = citizen.applications.count()
    journal.record(JournalAct.ERASE, subject=citizen, now=now, details={"kept": kept})
    return 1


def _forget_who(citizen: Citizen, *, now: datetime) -> None:
    """Take the number away: no sign-in finds the row again, and who comes back gets an account of their own."""
    token = secrets.token_urlsafe(32)
    kind = Citizen.IdentifierKind.ERASED
    Citizen.objects.filter(pk=citizen.pk).update(
        identifier_kind=kind,
        identifier_hash=lookup_hash(kind, token),
        identifier_encrypted=encrypt(token),
        number_hash="",
        unzr_hash="",
        user_type=Citizen.UserType.PERSON,
        edrpou="",
        organisation="",
        email="",
        email_confirmed_at=None,
        phone="",
        signed_out_at=now,
        erasure_due=None,
        erased_at=now,
    )


def _forget_name(citizen: Citizen) -> None:
    """Take the name away once no application and no consent has to say whose it is."""
    kept = Application.objects.filter(citizen=citizen).exclude(topic="")
    if kept.exists() or Mandate.objects.filter(person=citizen).exists():
        return
    row = Citizen.objects.get(pk=citizen.pk)
    row.last_name = row.first_name = row.patronymic = ""
    row.save(update_fields=["last_name", "first_name", "patronymic", "search_text"])


def _over(now: datetime) -> Iterator[int]:
    """Yield what is kept of the erased though its agency's time of keeping is over.

    Looked for from the erased, who are few, and not from all that was decided long ago. Documents go first, by
    `retention`: what they belong to cannot go before them.
    """
    kept = Application.objects.filter(citizen__erased_at__isnull=False).exclude(topic="")
    for agency in Agency.objects.filter(
        pk__in=set(kept.order_by().values_list("agency", flat=True).distinct()),
        document_days__isnull=False,
    ):
        rows = (
            closed_long_ago(agency, now)
            .filter(pk__in=kept.values("pk"))
            .exclude(Exists(Document.objects.filter(application=OuterRef("pk"))))
            .exclude(Exists(Document.objects.filter(answer_signature__application=OuterRef("pk"))))
        )
        yield from list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


@act
def _erase_application(key: int, *, now: datetime) -> int:
    """Leave of an application its number, times and state: what statistics count."""
    owner = Citizen.objects.get(applications=key)
    lock_citizen(owner)
    row = Application.objects.select_for_update(of=("self",), no_key=True).get(pk=key)
    if not row.topic:
        return 0
    for model in (
        Answer, AnswerSignature, Clarification, Correction, Letter, MoveRequest, Objection, Proposal, Rating, Room,
    ):  # fmt: skip
        model._default_manager.filter(application=row).delete()
    signatures = ApplicationSignature.objects.filter(application=row)
    proofs = list(signatures.values_list("evidence", flat=True))
    signatures.delete()
    Evidence.objects.filter(pk__in=proofs).delete()
    AnswerTask.objects.filter(application=row).update(reason="")
    row.topic = row.phone = row.letters_address = row.companion = ""
    row.needs, row.claims_priority, row.entered = [], False, {}
    for name in ("reason", "legal_ground", "written_answer"):
        if getattr(row, name):
            setattr(row, name, ERASED)
    row.whom_to_ask = ""
    row.save()
    _forget_name(owner)
    journal.record(JournalAct.ERASE_APPLICATION, subject=row, now=now)
    return 1
