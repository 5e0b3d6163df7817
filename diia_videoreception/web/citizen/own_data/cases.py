"""What the copy tells of drafts and applications: answers, documents, decisions, and who looked."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from diia_videoreception.models import Application, Document, Draft, Need, Representation
from diia_videoreception.selectors.own_data import Case, OwnData
from diia_videoreception.web.citizen.cabinet.timeline import TITLES
from diia_videoreception.web.citizen.own_data.facts import Coded, CopyPart, Entry, Fact, coded


def case_parts(data: OwnData) -> list[CopyPart]:
    """Return the unfinished application and all that were filed."""
    return [
        CopyPart(
            "drafts",
            _("Unfinished application"),
            _("So that you can go on with what you have begun."),
            [_draft(data.draft)] if data.draft else [],
        ),
        CopyPart(
            "applications", _("Applications"), why_cases(), [_case(one) for one in data.cases]
        ),
    ]


def why_cases() -> str:
    return _("So that the agency can prepare the reception, answer you and prove what it decided.")


def _draft(one: Draft) -> Entry:
    return [
        Fact("topic", _("Summary of the question"), one.topic),
        Fact("phone", _("Contact phone"), one.phone),
        Fact("email", _("Email"), one.email),
        Fact("needs", _("What you need during the reception"), _needs(one.needs)),
        Fact("companion", _("Who will be with you"), one.companion),
        Fact("represented_name", _("For whom"), one.represented_name),
        Fact("created_at", _("Created"), one.created_at),
        Fact("updated_at", _("Changed"), one.updated_at),
        _documents(one.documents.all()),
    ]


def _case(case: Case) -> Entry:
    one = case.application
    return [
        *_basics(one),
        *_asked(one),
        *_decided(one),
        _documents(one.documents.all()),
        *_exchanged(one),
        *_afterwards(one),
        Fact(
            "messages",
            _("What you wrote in the room"),
            entries=[
                [
                    Fact("text", _("Text"), message.text),
                    Fact("created_at", _("When"), message.created_at),
                ]
                for message in case.messages
            ],
        ),
        Fact(
            "history",
            _("What happened"),
            entries=[
                [
                    Fact("act", _("What"), Coded(record.act, TITLES[record.act])),
                    Fact("moment", _("When"), record.moment),
                ]
                for record in case.history
                if record.act in TITLES
            ],
        ),
        Fact(
            "looks",
            _("Who looked at your application"),
            entries=[
                [
                    Fact("role", _("Who"), Coded(look.seen.role, look.seen.role.label)),
                    Fact("post", _("Job title"), look.seen.post),
                    Fact("what", _("What"), Coded(look.seen.what, look.seen.what.label)),
                    Fact("moment", _("When"), look.seen.moment),
                ]
                for look in case.looks
            ],
        ),
    ]


def _basics(one: Application) -> Entry:
    return [
        Fact("number", _("Number"), one.number),
        Fact("state", _("State"), coded(one, "state")),
        Fact("agency", _("Agency"), one.official.unit.agency.name),
        Fact("official", _("Official"), one.official.full_name),
        Fact("post", _("Job title"), one.official.post),
        Fact("start", _("Start"), one.start),
        Fact("end", _("End"), one.end),
        Fact("requested_start", _("Requested time"), one.requested_start),
        Fact("channel", _("Channel"), coded(one, "channel")),
        Fact("centre", _("Centre"), one.centre.name if one.centre else ""),
        Fact("prior", _("Previous application"), one.prior.number if one.prior else ""),
        Fact("submitted_at", _("Submitted"), one.submitted_at),
        Fact("registration_number", _("Registration number"), one.registration_number),
    ]


def _asked(one: Application) -> Entry:
    represented: Representation | None = getattr(one, "representation", None)
    return [
        Fact("topic", _("Summary of the question"), one.topic),
        Fact("phone", _("Contact phone"), one.phone),
        Fact("email", _("Email for letters"), one.letters_address),
        Fact("needs", _("What you need during the reception"), _needs(one.needs)),
        Fact("companion", _("Who will be with you"), one.companion),
        Fact("claims_priority", _("Priority claimed"), one.claims_priority),
        Fact(
            "representation",
            _("For whom"),
            entries=[_representation(represented)] if represented else [],
        ),
    ]


def _representation(one: Representation) -> Entry:
    return [
        Fact("kind", _("Kind"), coded(one, "kind")),
        Fact("name", _("Name"), one.name),
        Fact("born", _("Year of birth"), one.born),
        Fact("document", _("Document"), one.document),
        Fact("number", _("Number"), one.number),
        Fact("dated", _("Date"), one.dated),
        Fact("until", _("Valid until"), one.until),
        Fact("checked_at", _("Checked"), one.checked_at),
    ]


def _decided(one: Application) -> Entry:
    signature = getattr(one, "signature", None)
    return [
        Fact("decided_at", _("Decided"), one.decided_at),
        Fact("reason", _("Reason"), one.reason),
        Fact("legal_ground", _("Legal ground"), one.legal_ground),
        Fact("whom_to_ask", _("Whom to ask"), one.whom_to_ask),
        Fact("written_answer", _("Answer in writing"), one.written_answer),
        Fact("outgoing_number", _("Outgoing number"), one.outgoing_number),
        Fact("signed_at", _("You signed"), signature.signed_at if signature else None),
        Fact("signer", _("Signed by"), signature.signer if signature else ""),
        Fact(
            "signed_sha256",
            _("SHA-256 of what you signed"),
            signature.manifest_sha256 if signature else "",
        ),
    ]


def _documents(documents: Iterable[Document]) -> Fact:
    return Fact(
        "documents",
        _("Documents"),
        entries=[
            [
                Fact("name", _("Name"), one.name),
                Fact("media_type", _("Kind"), one.media_type),
                Fact("bytes", _("Size, bytes"), one.size),
                Fact("sha256", "SHA-256", one.sha256),
                Fact("added_at", _("Added"), one.created_at),
                Fact("is_replaced", _("Replaced"), one.replaced_by_id is not None),
            ]
            for one in documents
        ],
    )


def _exchanged(one: Application) -> Entry:
    return [
        Fact(
            "questions",
            _("Questions of the agency"),
            entries=[
                [
                    Fact("question", _("Question"), row.question),
                    Fact("asked_at", _("When"), row.asked_at),
                    Fact("answer", _("Your answer"), row.answer),
                    Fact("ended_at", _("Ended"), row.ended_at),
                ]
                for row in one.clarifications.all()
            ],
        ),
        Fact(
            "corrections",
            _("Your corrections"),
            entries=[
                [
                    Fact("changed", _("What"), sorted(row.became)),
                    Fact(
                        "was",
                        _("It was:"),
                        [str(row.was.get(key, "")) for key in sorted(row.became)],
                    ),
                    Fact(
                        "became",
                        _("It became:"),
                        [str(row.became[key]) for key in sorted(row.became)],
                    ),
                    Fact("made_at", _("When"), row.made_at),
                ]
                for row in one.corrections.all()
                if row.made_at is not None
            ],
        ),
        Fact(
            "proposed_times",
            _("Times that the agency proposed"),
            entries=[
                [
                    Fact("start", _("Proposed time"), row.start),
                    Fact("reason", _("Reason"), row.reason),
                    Fact("made_at", _("When"), row.made_at),
                    Fact("answer", _("Your answer"), coded(row, "answer")),
                    Fact("wishes", _("Wishes"), row.wishes),
                ]
                for row in one.proposals.all()
            ],
        ),
        Fact(
            "move_requests",
            _("Your requests for another time"),
            entries=[
                [
                    Fact("reason", _("Reason"), row.reason),
                    Fact("wished", _("Wished times"), row.wished),
                    Fact("made_at", _("When"), row.made_at),
                    Fact("answer", _("Answer of the agency"), coded(row, "answer")),
                    Fact("words", _("Reason of the refusal"), row.words),
                ]
                for row in one.move_requests.all()
            ],
        ),
    ]


def _afterwards(one: Application) -> Entry:
    answer = getattr(one, "answer", None)
    sent = answer if answer and answer.sent_at else None
    objection = getattr(one, "objection", None)
    rating = getattr(one, "rating", None)
    task = getattr(one, "answer_task", None)
    return [
        Fact("answer", _("Answer of the official"), sent.text if sent else ""),
        Fact("answer_number", _("Number of the answer"), sent.number if sent else ""),
        Fact("answered_at", _("Answered"), sent.sent_at if sent else None),
        Fact("answer_due", _("Answer due"), task.due if task else None),
        Fact("passed_to", _("Passed on to"), task.passed_to if task else ""),
        Fact("objection", _("Your objection"), objection.text if objection else ""),
        Fact(
            "objection_answer", _("Answer to your objection"), objection.answer if objection else ""
        ),
        Fact("stars", _("Your rating, of 5"), rating.stars if rating else None),
        Fact("rating_words", _("Words of your rating"), rating.words if rating else ""),
    ]


def _needs(values: Iterable[str]) -> list[Coded]:
    return [Coded(one, Need(one).label) for one in values if one in Need.values]
