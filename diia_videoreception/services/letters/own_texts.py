"""Putting letters into an agency's own words, and back: who heads it does, each time a new version."""

from datetime import datetime
from urllib.parse import urlsplit

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import Incomplete, NotFound, WrongState
from diia_videoreception.models import Agency, JournalAct, Letter, LetterText
from diia_videoreception.rules.letter_placeholders import WordedKind
from diia_videoreception.rules.letter_texts import (
    MAX_NOTE,
    MAX_PLACEHOLDERS,
    MAX_SMS,
    MAX_SUBJECT,
    MAX_TEXT,
    Fault,
    LetterWords,
    Place,
    TextProblem,
    problems_of,
)
from diia_videoreception.rules.own_addresses import own_domains
from diia_videoreception.rules.text_messages import most_of_one, segments, units
from diia_videoreception.rules.texts import clean_line, clean_text
from diia_videoreception.selectors.access import StaffUser, agencies_headed_by
from diia_videoreception.selectors.letter_texts import versions_of
from diia_videoreception.services import journal
from diia_videoreception.services.letters.queueing_for_staff import queue_text_trial
from diia_videoreception.services.letters.rendering.blocks import Wording
from diia_videoreception.services.letters.rendering.own_words import write
from diia_videoreception.services.letters.rendering.text_messages import longest_text
from diia_videoreception.services.letters.rendering.trials import invented_values
from diia_videoreception.services.transactions import act, locked


def typed_words(
    kind: WordedKind, language: str, *, subject: str, text: str, sms: str = ""
) -> LetterWords:
    """Return typed words without hidden characters, as they would be saved."""
    return LetterWords(kind, language, clean_line(subject), clean_text(text), clean_line(sms))


def try_words(words: LetterWords, agency: Agency, *, now: datetime) -> Wording:
    """Return how a letter in these words would read, with invented data.

    Raises:
        Incomplete: something has to be mended; each problem stands at its field, with its line.
    """
    problems = problems_of(words, hosts=own_hosts(agency))
    wording = None
    if not problems:
        with translation.override(words.language):
            values = invented_values(agency, now=now)
        wording = write(words.subject, words.text, values, language=words.language)
        if len(wording.subject) > MAX_SUBJECT:
            problems = [TextProblem(Fault.TOO_LONG, place=Place.SUBJECT)]
        longest = longest_text(words.sms, agency, words.language)
        if segments(longest) > 1:
            problems.append(TextProblem(Fault.MANY_SEGMENTS, found=longest, place=Place.SMS))
    if problems or wording is None:
        raise Incomplete(fields=_in_words(problems), codes=_codes(problems))
    return wording


@act
def save_text(
    agency_id: int,
    words: LetterWords,
    *,
    note: str,
    seen_version: int,
    staff: StaffUser,
    now: datetime,
) -> LetterText:
    """Put a kind of letter into the agency's own words; letters that are written already stay as they are.

    Args:
        note: What was changed, for colleagues.
        seen_version: The version that whoever writes has seen last, 0 for none.

    Raises:
        NotFound: the agency is not theirs to write for.
        WrongState: somebody else has saved a version meanwhile.
        Incomplete: as `try_words`, or the note is too long.
    """
    agency = _locked_agency(agency_id, staff)
    if len(clean_line(note)) > MAX_NOTE:
        raise Incomplete(
            fields={"note": _("Use at most %(most)s characters.") % {"most": MAX_NOTE}}
        )
    try_words(words, agency, now=now)
    return _add(agency, words, note=clean_line(note), seen=seen_version, staff=staff, now=now)


@act
def restore_standard(
    agency_id: int,
    kind: WordedKind,
    language: str,
    *,
    seen_version: int,
    staff: StaffUser,
    now: datetime,
) -> LetterText:
    """Go back to the portal's words; doing it twice changes nothing more.

    Raises:
        NotFound, WrongState: as `save_text`.
    """
    agency = _locked_agency(agency_id, staff)
    latest = versions_of(agency, kind, language).first()
    if latest is not None and latest.is_standard:
        return latest
    words = LetterWords(kind, language, "", "")
    return _add(agency, words, note="", seen=seen_version, staff=staff, now=now)


@act
def restore_version(
    agency_id: int,
    kind: WordedKind,
    language: str,
    *,
    number: int,
    seen_version: int,
    staff: StaffUser,
    now: datetime,
) -> LetterText:
    """Put the words of an earlier version in force again, as a new version.

    Args:
        number: Of the earlier version; 0 for the portal's own words.

    Raises:
        NotFound: the agency is not theirs to write for, or there was no such version.
        WrongState: somebody else has saved a version meanwhile.
        Incomplete: as `try_words`: today it would not be saved.
    """
    agency = _locked_agency(agency_id, staff)
    found = versions_of(agency, kind, language).filter(version=number).first()
    if found is None and number:
        raise NotFound
    if found is None or found.is_standard:
        return restore_standard(
            agency_id, kind, language, seen_version=seen_version, staff=staff, now=now
        )
    words = LetterWords(kind, language, found.subject, found.text, found.sms)
    try_words(words, agency, now=now)
    note = _("Version %(number)s again") % {"number": number}
    return _add(agency, words, note=note, seen=seen_version, staff=staff, now=now)


def send_trial(text: LetterText, *, staff: AbstractBaseUser, now: datetime) -> Letter:
    """Send whoever asks a letter in these words with invented data, to their own address.

    Raises:
        NotFound: the agency is not theirs to write for.
        Incomplete: their account has no address.
    """
    if not agencies_headed_by(staff).filter(pk=text.agency_id).exists() or text.is_standard:
        raise NotFound
    letter = _queue_trial(text, staff, now=now)
    if letter is None:
        raise Incomplete(fields={"": _("Your account has no email address.")})
    return letter


@act
def _queue_trial(text: LetterText, staff: AbstractBaseUser, *, now: datetime) -> Letter | None:
    return queue_text_trial(text, staff, now=now)


def own_hosts(agency: Agency) -> frozenset[str]:
    """Return where letters may lead: to the portal, and to the agency by the domain of its mail."""
    return own_domains(urlsplit(app_settings.base_url).hostname or "", agency.email)


def _locked_agency(agency_id: int, staff: StaffUser) -> Agency:
    if not agencies_headed_by(staff).filter(pk=agency_id).exists():
        raise NotFound
    return locked(Agency.objects.filter(pk=agency_id)).get()


def _add(
    agency: Agency, words: LetterWords, *, note: str, seen: int, staff: StaffUser, now: datetime
) -> LetterText:
    versions = versions_of(agency, words.kind, words.language)
    latest = versions.aggregate(latest=Max("version"))["latest"] or 0
    if latest != seen:
        raise WrongState
    saved = LetterText.objects.create(
        agency=agency,
        kind=words.kind,
        language=words.language,
        version=latest + 1,
        subject=words.subject,
        text=words.text,
        sms=words.sms,
        note=note,
        author_id=staff.pk,
        created_at=now,
    )
    if not agency.has_letter_texts:
        Agency.objects.filter(pk=agency.pk).update(has_letter_texts=True)
    journal.record(
        JournalAct.CHANGE_LETTER_TEXT,
        subject=agency,
        staff_id=staff.pk,
        now=now,
        details={
            "kind": words.kind.value,
            "language": words.language,
            "version": saved.version,
            "standard": saved.is_standard,
        },
    )
    return saved


# --- Problems in words ------------------------------------------------------------------------------


def _in_words(problems: list[TextProblem]) -> dict[str, str]:
    fields: dict[str, list[str]] = {}
    for problem in problems:
        fields.setdefault(problem.place.value, []).append(_told(problem))
    return {name: "\n".join(texts) for name, texts in fields.items()}


def _codes(problems: list[TextProblem]) -> dict[str, str]:
    return {one.place.value: one.fault.value for one in problems}


_MOST = {Place.SUBJECT: MAX_SUBJECT, Place.TEXT: MAX_TEXT, Place.SMS: MAX_SMS}


def _told(problem: TextProblem) -> str:
    told = _sentence(problem)
    if problem.line:
        return _("Line %(number)s: %(text)s") % {"number": problem.line, "text": told}
    return told


def _sentence(problem: TextProblem) -> str:
    match problem.fault:
        case Fault.EMPTY:
            return _("Write something here.")
        case Fault.TOO_LONG:
            most = _MOST[problem.place]
            return _("Use at most %(most)s characters, with what is filled in.") % {"most": most}
        case Fault.TOO_MANY:
            return _("Use at most %(most)s variables.") % {"most": MAX_PLACEHOLDERS}
        case Fault.UNKNOWN if problem.suggestion:
            return _("There is no variable %(found)s. Did you mean %(suggestion)s?") % {
                "found": problem.found,
                "suggestion": problem.suggestion,
            }
        case Fault.UNKNOWN:
            return _("There is no variable %(found)s.") % {"found": problem.found}
        case Fault.NOT_HERE:
            return _("%(found)s cannot be used here.") % {"found": problem.found}
        case Fault.NOT_ALONE:
            return _("%(found)s must stand on a line of its own.") % {"found": problem.found}
        case Fault.STRAY_BRACE:
            return _("A curly bracket is without its other half.")
        case Fault.FOREIGN_ADDRESS:
            return _(
                "%(found)s leads away from the portal. Letters may only have addresses of the portal "
                "and of the agency."
            ) % {"found": problem.found}
        case Fault.MANY_SEGMENTS:
            return _(
                "With the longest date the SMS would have %(length)s characters. At most "
                "%(most)s go into one message."
            ) % {"length": units(problem.found), "most": most_of_one(problem.found)}
        case Fault.MISSING:
            return _("%(found)s is missing. This letter cannot do without it.") % {
                "found": problem.found
            }
