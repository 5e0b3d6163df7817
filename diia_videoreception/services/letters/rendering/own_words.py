"""Letters in an agency's own words: the portal fills in what is known, and each part that a letter needs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from django.utils.translation import gettext as _

from diia_videoreception.models import Letter, LetterText
from diia_videoreception.rules.letter_placeholders import (
    NEEDS,
    OF_SMS,
    PARTS,
    Placeholder,
    WordedKind,
)
from diia_videoreception.rules.letter_texts import Lines, Points, filled, parts_of
from diia_videoreception.services.letters.rendering import about_applications
from diia_videoreception.services.letters.rendering.blocks import (
    Block,
    Items,
    Link,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import ApplicationContext
from diia_videoreception.services.letters.rendering.equipment import how_to_check
from diia_videoreception.services.letters.rendering.parts import (
    free_times,
    how_to_cancel,
    how_to_complain,
    how_to_connect,
    order_details,
    reception_details,
    refusal_details,
    time_may_change,
    which_reception,
)
from diia_videoreception.wording import clock_and_zone, phone


@dataclass(frozen=True, slots=True)
class LetterValues:
    """What own words can be filled with, a field for each placeholder; no model stands behind them.

    Attributes:
        short_time: The time as subjects have it.
    """

    person: str = ""
    time: str = ""
    short_time: str = ""
    earlier_time: str = ""
    number: str = ""
    official: str = ""
    post: str = ""
    agency: str = ""
    agency_phone: str = ""
    opens_at: str = ""
    details: tuple[Block, ...] = ()
    time_may_change: tuple[Block, ...] = ()
    connection: tuple[Block, ...] = ()
    check: tuple[Block, ...] = ()
    cancelling: tuple[Block, ...] = ()
    reason: tuple[Block, ...] = ()
    complaint: tuple[Block, ...] = ()
    free_times: tuple[Block, ...] = ()
    link: tuple[Block, ...] = ()
    content: tuple[Block, ...] = ()

    @property
    def within_lines(self) -> Mapping[Placeholder, str]:
        """What stands within a line, by placeholder."""
        return {one: getattr(self, one.value) for one in Placeholder if one not in PARTS | OF_SMS}

    def part(self, placeholder: Placeholder) -> tuple[Block, ...]:
        """Return the blocks that fill a line of their own."""
        blocks: tuple[Block, ...] = getattr(self, placeholder.value)
        return blocks


_PARTS: Mapping[Placeholder, Callable[[ApplicationContext], Iterable[Block]]] = MappingProxyType(
    {
        Placeholder.DETAILS: lambda context: [_details(context)],
        Placeholder.TIME_MAY_CHANGE: lambda context: [time_may_change()],
        Placeholder.CONNECTION: lambda context: [*_access(context), *how_to_connect(context)],
        Placeholder.CHECK: how_to_check,
        Placeholder.CANCELLING: how_to_cancel,
        Placeholder.REASON: lambda context: [refusal_details(context)],
        Placeholder.COMPLAINT: how_to_complain,
        Placeholder.FREE_TIMES: free_times,
        Placeholder.LINK: lambda context: [Link(_("Open the application"), context.case_url)],
    }
)


def in_own_words(own: LetterText, context: ApplicationContext, usual: Wording) -> Wording:
    """Write a letter in the agency's words.

    Raises:
        KeyError: the words name something that such a letter has not.
    """
    values = replace(values_of(context), content=tuple(usual.blocks))
    words = write(own.subject, own.text, values, language=own.language)
    # That another time is confirmed than was asked for must not be overlooked.
    is_confirmed = own.kind == Letter.Kind.CONFIRMATION
    other_time = about_applications.another_time_than_asked(context) if is_confirmed else ()
    return replace(words, title=usual.title, blocks=[*other_time, *words.blocks])


def write(subject: str, text: str, values: LetterValues, *, language: str) -> Wording:
    """Fill in a subject and a text; its title is the subject.

    Raises:
        KeyError: a placeholder is none of the list.
    """
    within = values.within_lines
    in_subject = {**within, Placeholder.TIME: values.short_time}
    blocks: list[Block] = []
    for part in parts_of(text, language):
        match part:
            case Lines():
                blocks.append(Paragraph(filled(part.text, within, language=language)))
            case Points():
                points = [filled(point, within, language=language) for point in part.points]
                blocks.append(Items(points))
            case _:
                blocks += values.part(part.placeholder)
    title = filled(subject, in_subject, language=language)
    return Wording(subject=title, title=title, blocks=blocks)


def values_of(context: ApplicationContext) -> LetterValues:
    """Return what a letter about an application can be filled with."""
    application = context.application
    allowed = NEEDS[WordedKind(context.letter.kind)].allowed
    parts = {one.value: tuple(part(context)) for one, part in _PARTS.items() if one in allowed}
    return LetterValues(
        person=application.citizen.full_name,
        time=context.long(context.start),
        short_time=context.short(context.start),
        earlier_time=context.long(context.old_start) if context.old_start else "",
        number=application.number,
        official=context.official.full_name,
        post=context.official.post,
        agency=context.agency.name,
        agency_phone=phone(context.agency.phone) if context.agency.phone else "",
        opens_at=clock_and_zone(context.room_opens_at, context.agency.time_zone),
        **parts,
    )


def _details(context: ApplicationContext) -> Block:
    match context.letter.kind:
        case Letter.Kind.RECEIPT:
            return order_details(context)
        case Letter.Kind.CONFIRMATION | Letter.Kind.MOVED:
            return reception_details(context)
        case _:
            return which_reception(context, _("The time you chose"))


def _access(context: ApplicationContext) -> Iterable[Block]:
    if context.letter.kind == Letter.Kind.MOVED:
        yield Paragraph(about_applications.what_becomes_of_the_access(context))
