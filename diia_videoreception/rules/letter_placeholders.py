"""What own words of an agency's letters may have filled in, letter by letter, and what they must not lack."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Placeholder(StrEnum):
    """What can be filled in; the value is the field of the values that fill it."""

    PERSON = "person"
    TIME = "time"
    EARLIER_TIME = "earlier_time"
    NUMBER = "number"
    OFFICIAL = "official"
    POST = "post"
    AGENCY = "agency"
    AGENCY_PHONE = "agency_phone"
    OPENS_AT = "opens_at"
    DETAILS = "details"
    TIME_MAY_CHANGE = "time_may_change"
    CONNECTION = "connection"
    CHECK = "check"
    CANCELLING = "cancelling"
    REASON = "reason"
    COMPLAINT = "complaint"
    FREE_TIMES = "free_times"
    LINK = "link"
    CONTENT = "content"
    UNTIL = "until"
    ADDRESS = "address"


PARTS = frozenset(
    {
        Placeholder.DETAILS,
        Placeholder.TIME_MAY_CHANGE,
        Placeholder.CONNECTION,
        Placeholder.CHECK,
        Placeholder.CANCELLING,
        Placeholder.REASON,
        Placeholder.COMPLAINT,
        Placeholder.FREE_TIMES,
        Placeholder.LINK,
        Placeholder.CONTENT,
    }
)
"""What fills a line of its own: several blocks of the letter, or none where there is nothing to say."""

OF_SMS = frozenset({Placeholder.UNTIL, Placeholder.ADDRESS})
"""What only text messages have filled in."""

NAMES: Mapping[str, Mapping[Placeholder, str]] = MappingProxyType(
    {
        "uk": MappingProxyType(
            {
                Placeholder.PERSON: "кому",
                Placeholder.TIME: "час_прийому",
                Placeholder.EARLIER_TIME: "попередній_час",
                Placeholder.NUMBER: "номер_заявки",
                Placeholder.OFFICIAL: "посадова_особа",
                Placeholder.POST: "посада",
                Placeholder.AGENCY: "установа",
                Placeholder.AGENCY_PHONE: "телефон_установи",
                Placeholder.OPENS_AT: "кімната_відкриється",
                Placeholder.DETAILS: "подробиці",
                Placeholder.TIME_MAY_CHANGE: "час_може_змінитися",
                Placeholder.CONNECTION: "як_під_єднатися",
                Placeholder.CHECK: "перевірка_обладнання",
                Placeholder.CANCELLING: "як_скасувати",
                Placeholder.REASON: "причина",
                Placeholder.COMPLAINT: "як_оскаржити",
                Placeholder.FREE_TIMES: "вільний_час",
                Placeholder.LINK: "посилання_на_заявку",
                Placeholder.CONTENT: "зміст_листа",
                Placeholder.UNTIL: "до_якого_дня",
                Placeholder.ADDRESS: "адреса_порталу",
            }
        ),
        "en": MappingProxyType({one: str(one.value) for one in Placeholder}),
    }
)
"""What editors type between braces, by the language of the letter."""


class WordedKind(StrEnum):
    """Kinds of letters that an agency may put into its own words; values of `Letter.Kind`."""

    RECEIPT = "receipt"
    ACCEPTED = "accepted"
    CONFIRMATION = "confirmation"
    MOVED = "moved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    REASSIGNED = "reassigned"
    PROPOSAL = "proposal"
    PROPOSAL_WITHDRAWN = "proposal_withdrawn"
    CLARIFICATION = "clarification"
    CLARIFICATION_WITHDRAWN = "clarification_withdrawn"
    MOVE_REFUSED = "move_refused"
    MOVE_UNANSWERED = "move_unanswered"
    TERM_EXTENDED = "term_extended"
    SWITCHED = "switched"
    WRITTEN_ANSWER = "written_answer"
    NOT_CONSIDERED = "not_considered"
    GUEST_INVITED = "guest_invited"
    REMINDER = "reminder"
    CHECK_DEVICE = "check_device"
    ANSWER = "answer"
    ANSWER_TO_COME = "answer_to_come"
    PASSED_ON = "passed_on"
    NOT_HELD = "not_held"
    OBJECTION_ANSWERED = "objection_answered"


P = Placeholder
_ALWAYS = frozenset(
    {P.PERSON, P.TIME, P.NUMBER, P.OFFICIAL, P.POST, P.AGENCY, P.AGENCY_PHONE, P.LINK}
)
_TIME, _NUMBER = frozenset({P.TIME, P.DETAILS}), frozenset({P.NUMBER, P.DETAILS})


@dataclass(frozen=True, slots=True)
class Needs:
    """What a letter may have filled in, and what must not be missing from it.

    Attributes:
        allowed: Everything that is known when such a letter is written.
        required: Of each of these sets one at least has to stand in the text.
    """

    allowed: frozenset[Placeholder]
    required: tuple[frozenset[Placeholder], ...]


def _needs(*required: frozenset[Placeholder] | Placeholder, more: frozenset[Placeholder]) -> Needs:
    sets = tuple(frozenset({one}) if isinstance(one, Placeholder) else one for one in required)
    return Needs(_ALWAYS.union(more, *sets), sets)


_DETAILS = frozenset({P.DETAILS})
COMPOSED: Mapping[WordedKind, Needs] = MappingProxyType(
    {
        # Everything that was ordered, and that the time may change.
        WordedKind.RECEIPT: _needs(P.DETAILS, P.TIME_MAY_CHANGE, more=_DETAILS),
        # The final time, how to connect and how to check the equipment.
        WordedKind.CONFIRMATION: _needs(
            _TIME, _NUMBER, P.CONNECTION, P.CHECK, P.CANCELLING, more=frozenset({P.OPENS_AT})
        ),
        WordedKind.MOVED: _needs(
            P.EARLIER_TIME, _TIME, _NUMBER, P.CONNECTION, P.CANCELLING, more=frozenset({P.OPENS_AT})
        ),
        # The reason with its legal ground, and to whom one can complain (B-71).
        WordedKind.DECLINED: _needs(_NUMBER, P.REASON, P.COMPLAINT, more=_DETAILS),
        WordedKind.CANCELLED: _needs(_TIME, _NUMBER, P.REASON, P.COMPLAINT, more=_DETAILS),
        WordedKind.LAPSED: _needs(_TIME, _NUMBER, P.COMPLAINT, more=frozenset({P.FREE_TIMES})),
    }
)
"""Letters that an agency composes of parts; of the others the portal fills in the content as a whole."""

NEEDS: Mapping[WordedKind, Needs] = MappingProxyType(
    {
        # What such a letter tells is the portal's, as a whole: a question, a deadline, how to answer.
        **{kind: _needs(P.CONTENT, more=frozenset()) for kind in WordedKind},
        **COMPOSED,
    }
)

_SMS, _UNTIL = Needs(frozenset({P.TIME, P.ADDRESS}), (frozenset({P.TIME}),)), frozenset({P.UNTIL})
_SMS_UNTIL = Needs(_SMS.allowed | _UNTIL, (*_SMS.required, _UNTIL))
SMS_NEEDS: Mapping[WordedKind, Needs] = MappingProxyType(
    {
        WordedKind.ACCEPTED: _SMS,
        WordedKind.CONFIRMATION: _SMS,
        WordedKind.MOVED: _SMS,
        WordedKind.CANCELLED: _SMS,
        WordedKind.DECLINED: _SMS,
        WordedKind.WRITTEN_ANSWER: _SMS,
        WordedKind.NOT_CONSIDERED: _SMS,
        WordedKind.LAPSED: _SMS,
        WordedKind.MOVE_REFUSED: _SMS,
        WordedKind.MOVE_UNANSWERED: _SMS,
        WordedKind.PROPOSAL: _SMS_UNTIL,
        WordedKind.CLARIFICATION: _SMS_UNTIL,
        WordedKind.TERM_EXTENDED: _SMS_UNTIL,
        WordedKind.ANSWER_TO_COME: _SMS,
        WordedKind.PASSED_ON: _SMS,
        WordedKind.REMINDER: _SMS,
    }
)
"""The same of text messages: when, until when, and where; never who or about what."""


def names_of(language: str) -> Mapping[Placeholder, str]:
    """Return how placeholders are called in letters of a language; in English where it has no names."""
    return NAMES.get(language.partition("-")[0], NAMES["en"])
