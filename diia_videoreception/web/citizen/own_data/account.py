"""What the copy tells of the account: who, how they sign in, what they agreed to, how they are told."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from diia_videoreception.models import (
    CitizenSession,
    ConsentAcceptance,
    Evidence,
    Letter,
    Mandate,
    SignInCredential,
    WaitingEntry,
)
from diia_videoreception.selectors.assistance.mandates import read_text
from diia_videoreception.selectors.own_data import OwnData
from diia_videoreception.web.citizen.own_data.facts import Coded, CopyPart, Entry, Fact, coded
from diia_videoreception.web.citizen.profile.words import way_in_words
from diia_videoreception.wording import weekday_name


def account_parts(data: OwnData) -> list[CopyPart]:
    """Return the parts of the copy that are not about an application."""
    return [
        CopyPart("account", _("Who you are"), why_account(), [_account(data)], is_list=False),
        CopyPart("notifications", _("How we tell you"), why_told(), [_told(data)], is_list=False),
        CopyPart(
            "sign_in_methods",
            _("Sign-in methods"),
            why_signed_in(),
            [_method(one) for one in data.credentials],
        ),
        CopyPart(
            "sign_ins", _("Sign-ins"), why_signed_in(), [_sign_in(one) for one in data.sign_ins]
        ),
        CopyPart(
            "evidence",
            _("Proofs of sign-ins and signatures"),
            _("They prove in a dispute that it was you. They are kept encrypted."),
            [_evidence(one) for one in data.evidence],
        ),
        CopyPart("consents", _("Terms"), why_consents(), [_consent(one) for one in data.consents]),
        CopyPart(
            "consents_to_help",
            _("Consents to help"),
            _("By these consents people of centres may book and add documents for you."),
            [_mandate(one, data) for one in data.mandates],
        ),
        CopyPart(
            "queues",
            _("Waiting for a free time"),
            _("So that we can offer you a time of the official when one becomes free."),
            [_queue(one) for one in data.queues],
        ),
    ]


def letters_part(data: OwnData) -> CopyPart:
    """Return what was sent to the person, and where to."""
    return CopyPart(
        "letters",
        _("Letters"),
        _("So that you and the agency can see what you were told and when."),
        [_letter(one) for one in data.letters],
    )


def why_account() -> str:
    return _("So that the agency knows who asks for the reception, and nobody else acts for you.")


def why_told() -> str:
    return _("So that we can tell you about decisions and remind you of receptions.")


def why_signed_in() -> str:
    return _("So that only you get into the account, and you notice a sign-in that was not yours.")


def why_consents() -> str:
    return _("So that it is known what you agreed to, in which edition and when.")


def _account(data: OwnData) -> Entry:
    citizen = data.citizen
    return [
        Fact("last_name", _("Last name"), citizen.last_name),
        Fact("first_name", _("First name"), citizen.first_name),
        Fact("patronymic", _("Patronymic"), citizen.patronymic),
        Fact("identifier_kind", _("Kind of number"), coded(citizen, "identifier_kind")),
        Fact("identifier", _("Number"), citizen.identifier),
        Fact("user_type", _("Type of user"), coded(citizen, "user_type")),
        Fact("organisation", _("Organisation"), citizen.organisation),
        Fact("organisation_code", _("EDRPOU"), citizen.edrpou),
        Fact("phone", _("Phone"), citizen.phone),
        Fact("created_at", _("Account created"), citizen.created_at),
        Fact(
            "portal_accounts",
            _("Known to the portal"),
            entries=[
                [
                    Fact("provider", _("Portal"), one.provider),
                    Fact("seen_at", _("Since"), one.seen_at),
                ]
                for one in data.portal_accounts
            ],
        ),
    ]


def _told(data: OwnData) -> Entry:
    citizen, mailbox, chosen = data.citizen, data.mailbox, data.reminders
    waiting = data.waiting_address
    return [
        Fact("email", _("Email for letters"), citizen.email),
        Fact("email_confirmed_at", _("Email confirmed"), citizen.email_confirmed_at),
        Fact("email_waiting", _("Email not confirmed yet"), waiting.address if waiting else ""),
        Fact("mailbox", _("Official mailbox"), mailbox.address if mailbox else ""),
        Fact(
            "mailbox_state", _("State of the mailbox"), coded(mailbox, "state") if mailbox else None
        ),
        Fact("remind_by_email", _("Reminders by letter"), chosen.by_email),
        Fact("remind_by_sms", _("Reminders by SMS"), chosen.by_sms),
        Fact("remind_day_before", _("24 hours before the reception"), chosen.day_before),
        Fact("remind_hour_before", _("1 hour before the reception"), chosen.hour_before),
        Fact(
            "calendar_created_at",
            _("Address for the calendar made"),
            data.calendar.created_at if data.calendar else None,
        ),
        Fact(
            "calendar_used_at",
            _("A calendar read it last"),
            data.calendar.used_at if data.calendar else None,
        ),
    ]


def _method(one: SignInCredential) -> Entry:
    return [
        Fact("kind", _("Kind"), coded(one, "kind")),
        Fact("issuer", _("Issued by"), one.label),
        Fact("level", _("Level"), coded(one, "level")),
        Fact("valid_until", _("Valid until"), one.valid_until),
        Fact("added_at", pgettext("way to sign in", "Added"), one.bound_at),
        Fact("last_used_at", _("Last used"), one.last_used_at),
        Fact("removed_at", _("Removed"), one.unbound_at),
    ]


def _sign_in(one: CitizenSession) -> Entry:
    return [
        Fact("started_at", _("Time of the sign-in"), one.started_at),
        Fact("method", _("How"), Coded(one.method, way_in_words(one))),
        Fact("level", _("Level"), coded(one, "level")),
        Fact("browser", _("Browser"), one.browser),
        Fact("ended_at", _("Signed out"), one.ended_at),
    ]


def _evidence(one: Evidence) -> Entry:
    return [
        Fact("purpose", _("For what"), coded(one, "purpose")),
        Fact("level", _("Level"), coded(one, "level")),
        Fact("created_at", _("Created"), one.created_at),
        Fact("keep_until", _("Kept until"), one.keep_until),
    ]


def _consent(one: ConsentAcceptance) -> Entry:
    text = one.text
    return [
        Fact("service", _("Service"), text.service),
        Fact("edition", _("Edition"), text.version),
        Fact("language", _("Language"), text.language),
        Fact("published_at", _("Published"), text.published_at),
        Fact("accepted_at", _("You agreed"), one.accepted_at),
        Fact("text_sha256", _("SHA-256 of the text"), text.sha256),
    ]


def _mandate(one: Mandate, data: OwnData) -> Entry:
    # What was said under the number of somebody is not shown to its owner.
    is_own = one.person_id == data.citizen.pk
    return [
        Fact("reference", _("Number"), one.reference),
        Fact("centre", _("Centre"), one.centre.name),
        Fact(
            "scopes",
            _("What for"),
            [Coded(scope.scope, scope.get_scope_display()) for scope in one.scopes.all()],
        ),
        Fact("method", _("How it was given"), coded(one, "method")),
        Fact("term", _("Until when"), coded(one, "term")),
        Fact("state", _("State"), coded(one, "state")),
        Fact("phone", _("Phone"), one.phone if is_own else ""),
        Fact("given_at", _("Given"), one.sealed_at),
        Fact("expires_at", _("Valid until"), one.expires_at),
        Fact("ended_at", _("Ended"), one.ended_at),
        Fact("text", _("What you were read"), read_text(one) if is_own else ""),
    ]


def _queue(one: WaitingEntry) -> Entry:
    return [
        Fact("official", _("Official"), one.official.full_name),
        Fact("agency", _("Agency"), one.official.agency.name),
        Fact("state", _("State"), coded(one, "state")),
        Fact(
            "weekdays",
            _("Which days suit you"),
            [Coded(day, weekday_name(int(day) - 1)) for day in one.weekdays],
        ),
        Fact("phone", _("Phone for SMS"), one.phone),
        Fact("joined_at", _("Joined"), one.created_at),
        Fact("ended_at", _("Ended"), one.ended_at),
        Fact(
            "offers",
            _("Offered times"),
            entries=[
                [
                    Fact("start", _("Time"), offer.start),
                    Fact("deadline", _("Answer by"), offer.deadline),
                    Fact("answer", _("Answer"), coded(offer, "answer")),
                ]
                for offer in one.offers.all()
            ],
        ),
    ]


def _letter(one: Letter) -> Entry:
    return [
        Fact("kind", _("Letter"), coded(one, "kind")),
        Fact("application", _("Application"), one.application.number if one.application else ""),
        Fact("state", _("State"), coded(one, "state")),
        Fact("address", _("Email"), one.address),
        Fact("phone", _("Phone"), one.phone),
        Fact("created_at", _("Created"), one.created_at),
        Fact("sent_at", _("Sent"), one.sent_at),
    ]


def parts_in_order(data: OwnData, cases: Sequence[CopyPart]) -> list[CopyPart]:
    """Return all parts of the copy in reading order."""
    return [*account_parts(data), *cases, letters_part(data)]
