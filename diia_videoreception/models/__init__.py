"""The tables of the booking domain."""

from diia_videoreception.models.accreditation import (
    CentreAccreditation,
    CentreTestAttempt,
    CentreTestVersion,
)
from diia_videoreception.models.agencies import (
    Agency,
    AgencyModerator,
    LevelOfAssurance,
    Official,
    Unit,
)
from diia_videoreception.models.answer_signatures import AnswerSignature
from diia_videoreception.models.answers import Answer, AnswerTask, Rating
from diia_videoreception.models.applications import (
    Application,
    ApplicationNumber,
    Draft,
    Need,
    Reception,
)
from diia_videoreception.models.assignments import CaseAssignment
from diia_videoreception.models.calendar_feeds import CalendarFeed
from diia_videoreception.models.centre_figures import SelfServiceUse, VisitRating
from diia_videoreception.models.centres import (
    Centre,
    CentreAccessRequest,
    CentreDecision,
    CentreHours,
    CentreInvitation,
    CentreMember,
    CentreWorkplace,
)
from diia_videoreception.models.citizens import (
    Citizen,
    CitizenSession,
    ConfirmationCode,
    ConsentAcceptance,
    ConsentText,
    EmailConfirmation,
    HandOver,
    PortalAccount,
    Service,
    SpentToken,
)
from diia_videoreception.models.clarifications import Clarification
from diia_videoreception.models.closings import Closing
from diia_videoreception.models.corrections import Correction
from diia_videoreception.models.declined_offers import DeclinedOffer
from diia_videoreception.models.documents import Document
from diia_videoreception.models.exports import Export
from diia_videoreception.models.idempotency import IdempotentAnswer
from diia_videoreception.models.identity import (
    ApplicationSignature,
    Challenge,
    Evidence,
    Purpose,
    SignatureRequest,
    SignInCredential,
    StaffKey,
)
from diia_videoreception.models.journal import JournalAct, JournalIsAppendOnly, JournalRecord
from diia_videoreception.models.kiosk import PairedBrowser, PhoneSignIn, VisitorSession
from diia_videoreception.models.letter_texts import LetterText
from diia_videoreception.models.letters import AgencyNews, Letter
from diia_videoreception.models.limits import RequestCounter, SpentProof
from diia_videoreception.models.looks import Look
from diia_videoreception.models.mailboxes import OfficialMailbox
from diia_videoreception.models.mandates import (
    ConsentEvidence,
    HelpedPerson,
    Mandate,
    MandateCode,
    MandateNumber,
    MandateScope,
    MandateText,
)
from diia_videoreception.models.move_requests import MoveRequest
from diia_videoreception.models.notes import CaseNote
from diia_videoreception.models.objections import Objection
from diia_videoreception.models.occupancy import HoldUse, Occupancy
from diia_videoreception.models.pauses import ReceptionPause
from diia_videoreception.models.person_views import PersonView
from diia_videoreception.models.presence import CasePresence
from diia_videoreception.models.proposals import DayPart, Proposal
from diia_videoreception.models.refusal_reasons import RefusalReason
from diia_videoreception.models.registrations import RegistrationClaim
from diia_videoreception.models.reminders import Reminder, ReminderChoice
from diia_videoreception.models.representations import Representation
from diia_videoreception.models.rooms import (
    Attendance,
    Participant,
    Room,
    RoomInvitation,
    RoomMessage,
    Signal,
)
from diia_videoreception.models.schedules import (
    Absence,
    Holiday,
    ScheduleException,
    ScheduleRule,
)
from diia_videoreception.models.seat_entries import SeatEntry
from diia_videoreception.models.slips import Slip
from diia_videoreception.models.substitutes import OfficialSubstitute
from diia_videoreception.models.terms import Term, TermExtension
from diia_videoreception.models.trials import ConferenceTrial
from diia_videoreception.models.typed import TypedCode, TypedDraft, TypedPaper
from diia_videoreception.models.unusual_looks import UnusualLooks
from diia_videoreception.models.visits import CentreVisit, VisitCall, VisitPhrase
from diia_videoreception.models.waiting import WaitingEntry, WaitingOffer

__all__ = [
    "Absence",
    "Agency",
    "AgencyModerator",
    "AgencyNews",
    "Answer",
    "AnswerSignature",
    "AnswerTask",
    "Application",
    "ApplicationNumber",
    "ApplicationSignature",
    "Attendance",
    "CalendarFeed",
    "CaseAssignment",
    "CaseNote",
    "CasePresence",
    "Centre",
    "CentreAccessRequest",
    "CentreAccreditation",
    "CentreDecision",
    "CentreHours",
    "CentreInvitation",
    "CentreMember",
    "CentreTestAttempt",
    "CentreTestVersion",
    "CentreVisit",
    "CentreWorkplace",
    "Challenge",
    "Citizen",
    "CitizenSession",
    "Clarification",
    "Closing",
    "ConferenceTrial",
    "ConfirmationCode",
    "ConsentAcceptance",
    "ConsentEvidence",
    "ConsentText",
    "Correction",
    "DayPart",
    "DeclinedOffer",
    "Document",
    "Draft",
    "EmailConfirmation",
    "Evidence",
    "Export",
    "HandOver",
    "HelpedPerson",
    "HoldUse",
    "Holiday",
    "IdempotentAnswer",
    "JournalAct",
    "JournalIsAppendOnly",
    "JournalRecord",
    "Letter",
    "LetterText",
    "LevelOfAssurance",
    "Look",
    "Mandate",
    "MandateCode",
    "MandateNumber",
    "MandateScope",
    "MandateText",
    "MoveRequest",
    "Need",
    "Objection",
    "Occupancy",
    "Official",
    "OfficialMailbox",
    "OfficialSubstitute",
    "PairedBrowser",
    "Participant",
    "PersonView",
    "PhoneSignIn",
    "PortalAccount",
    "Proposal",
    "Purpose",
    "Rating",
    "Reception",
    "ReceptionPause",
    "RefusalReason",
    "RegistrationClaim",
    "Reminder",
    "ReminderChoice",
    "Representation",
    "RequestCounter",
    "Room",
    "RoomInvitation",
    "RoomMessage",
    "ScheduleException",
    "ScheduleRule",
    "SeatEntry",
    "SelfServiceUse",
    "Service",
    "SignInCredential",
    "Signal",
    "SignatureRequest",
    "Slip",
    "SpentProof",
    "SpentToken",
    "StaffKey",
    "Term",
    "TermExtension",
    "TypedCode",
    "TypedDraft",
    "TypedPaper",
    "Unit",
    "UnusualLooks",
    "VisitCall",
    "VisitPhrase",
    "VisitRating",
    "VisitorSession",
    "WaitingEntry",
    "WaitingOffer",
]
