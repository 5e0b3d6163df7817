"""What a citizen has typed: saved at any time, with or without a held time (B-62)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from diia_videoreception.conf import app_settings
from diia_videoreception.errors import AlreadySubmitted, DraftChanged, NotFound, ShownDraftChanged
from diia_videoreception.models import Application, Citizen, Draft, Need
from diia_videoreception.models.representations import MAX_NUMBER
from diia_videoreception.rules import displaced, merging, representation
from diia_videoreception.rules.displaced import Displaced
from diia_videoreception.rules.merging import Known, Value
from diia_videoreception.rules.phones import PhoneError, normalise_phone
from diia_videoreception.rules.representation import OnBehalf, kind_of
from diia_videoreception.rules.texts import clean_line, clean_text
from diia_videoreception.services.transactions import act, lock_citizen

ANSWERS = (
    "topic",
    "phone",
    "email",
    "needs",
    "companion",
    "claims_priority",
    "prior_number",
    *representation.ANSWERS,
)
_NEVER_BESIDE = {"on_behalf", "ground_number"}
"""One is chosen, not written; the other is kept encrypted alone."""
MAX_TOPIC = 20_000
"""What is kept of a text that is far too long, in characters; filing allows fewer."""


@dataclass(frozen=True, slots=True)
class DraftAnswers:
    """The answers as typed; not yet checked, so that nothing is lost. Kept out of `repr`."""

    topic: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    needs: list[str] = field(default_factory=list, repr=False)
    companion: str = field(default="", repr=False)
    claims_priority: bool = field(default=False, repr=False)
    prior_number: str = field(default="", repr=False)
    on_behalf: str = field(default=OnBehalf.SELF.value, repr=False)
    represented_name: str = field(default="", repr=False)
    represented_born: str = field(default="", repr=False)
    ground_document: str = field(default="", repr=False)
    ground_number: str = field(default="", repr=False)
    ground_date: str = field(default="", repr=False)
    ground_until: str = field(default="", repr=False)


@act
def open_draft(*, citizen: Citizen, now: datetime) -> Draft:
    """Give the citizen's draft, made with what is known of the person when there is none (B-67)."""
    draft, _created = Draft.objects.get_or_create(
        citizen=citizen,
        defaults={
            "phone": citizen.phone,
            "email": citizen.email,
            "created_at": now,
            "updated_at": now,
        },
    )
    return draft


def blank_draft(citizen: Citizen) -> Draft:
    """Return what `open_draft` would make, without making it: the form shows it (B-67)."""
    return Draft(citizen=citizen, phone=citizen.phone, email=citizen.email)


def values_of(draft: Draft) -> dict[str, Value]:
    """Return the answers of a draft by name."""
    return {name: getattr(draft, name) for name in ANSWERS}


def version_of(draft: Draft) -> str:
    """Return the version that whoever reads the draft sends back with what they change or file."""
    return merging.version_of(_filed_values(draft))


def require_as_read(draft: Draft, version: str | None) -> None:
    """Check that the draft is still what was read; to be called under the citizen's lock.

    Args:
        version: what `version_of` gave for it; None of whoever does not say what they had read.

    Raises:
        ShownDraftChanged: answers, documents, a text beside or the address for letters differ.
    """
    changed = merging.changed_since(version, _filed_values(draft)) if version is not None else []
    if changed:
        raise ShownDraftChanged(fields=changed)


def _filed_values(draft: Draft) -> dict[str, Value]:
    """Return all that is filed with a draft, or lost by filing it: what is shown before."""
    documents = draft.documents.order_by("pk") if draft.pk else ()
    return values_of(draft) | {
        "documents": [str(document.public_id) for document in documents],
        "other_texts": [f"{name} {draft.other_texts[name]}" for name in sorted(draft.other_texts)],
        "letters_address": draft.citizen.letters_address,
    }


@act
def save_answers(
    *,
    citizen: Citizen,
    answers: DraftAnswers,
    now: datetime,
    token: UUID | None = None,
    by_program: bool = False,
) -> Draft:
    """Keep what was typed, cut to what the columns hold, complete or not.

    For senders that do not say what they had read: their answers replace all others. A summary that
    gives way is kept beside, unless the new one goes on from it; so is any text of a person that gives
    way to a program.

    Args:
        token: of the draft that was typed into, where the browser knows it. An unknown one is that
            of a draft that has been cleaned away: the answers go into a new one.
        by_program: Whether a program sends, not a person.

    Raises:
        DraftChanged: as many texts as can be are kept beside an answer already.
        AlreadySubmitted: the draft was filed meanwhile; nothing of it comes to life again.
        NotFound: it is another person's, who was signed in here before.
    """
    draft = _draft_to_write(citizen, token=token, now=now)
    stored, sent = values_of(draft), cleaned(answers)
    draft.tabs = merging.tabs_without(draft.tabs, [n for n in sent if sent[n] != stored[n]])
    # A person replaces short answers knowingly; a program does not know that they are there.
    names = sent if by_program else ["topic"]
    beside = {name: _displaced(draft, name) for name in names if _is_lost(draft, name, sent[name])}
    _store(draft, sent, beside=beside, by_program=by_program, now=now)
    return draft


@dataclass(frozen=True, slots=True)
class SavedAnswers:
    """A draft with answers merged into it; `version` is what the sender has seen of it by now.

    `conflicts` names the answers of which two texts are kept, `others` those that somebody else has
    changed and the sender has not.
    """

    draft: Draft
    version: str
    conflicts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@act
def merge_answers(
    *,
    citizen: Citizen,
    answers: DraftAnswers,
    known: Known,
    now: datetime,
    token: UUID | None = None,
    only: Collection[str] = ANSWERS,
    keep_both: bool = True,
) -> SavedAnswers:
    """Keep what the sender has changed since they read the draft, and leave the rest as it is.

    Where somebody else changed the same answer meanwhile, theirs stays and the sent text is kept
    beside it, for the person to choose; of ticks both are kept.

    Args:
        only: names of the answers that were sent.
        keep_both: False for programs, which keep their text themselves: nothing is stored then.

    Raises:
        DraftChanged: somebody else changed the same answers and `keep_both` is False, or as many
            texts as can be are kept beside them already.
        AlreadySubmitted, NotFound: as `save_answers`.
    """
    draft = _draft_to_write(citizen, token=token, now=now)
    sent = {name: value for name, value in cleaned(answers).items() if name in only}
    if token is not None and token != draft.token:
        # What was read is cleaned away: all that the sender has is newer than the empty draft.
        known = replace(known, version=version_of(draft))
    before = values_of(draft)
    merged = merging.merge(before, sent, known, draft.tabs)
    aside = dict(merged.set_aside)
    others = [n for n, value in sent.items() if merged.values[n] != value and n not in aside]
    if aside and not keep_both:
        raise DraftChanged(fields=sorted(aside))
    values = merged.values
    if isinstance(ticks := aside.pop("needs", None), list):
        both = {*ticks, *values["needs"]} if isinstance(values["needs"], list) else {*ticks}
        values["needs"] = [need for need in Need.values if need in both]
    if aside.pop("claims_priority", False):
        values["claims_priority"] = True
    for name in _NEVER_BESIDE & aside.keys():
        values[name] = _fuller(values[name], aside.pop(name))
    if known.tab:
        wrote = [name for name in sent if before[name] != values[name] == sent[name]]
        draft.tabs = merging.tabs_after(draft.tabs, known, wrote)
    beside = {
        name: Displaced(text=str(text), tab=known.tab, by_program=not keep_both)
        for name, text in aside.items()
        if text
    }
    _store(draft, values, beside=beside, by_program=not keep_both, now=now)
    return SavedAnswers(draft, merged.version, tuple(aside), tuple(others))


@act
def choose_text(*, citizen: Citizen, name: str, take: bool, now: datetime, key: str = "") -> None:
    """Settle what becomes of a text beside an answer; where there is none such, nothing changes.

    Args:
        take: the text becomes the answer; else it goes.
        key: of the text, as `displaced.key_of` gives it; without it, the newest.
    """
    lock_citizen(citizen)
    draft = Draft.objects.filter(citizen=citizen).first()
    if draft is None or name not in draft.other_texts:
        return
    texts = draft.other_texts[name]
    chosen = [one for one in texts if not key or displaced.key_of(one["text"]) == key][-1:]
    if not chosen:
        return
    draft.other_texts[name] = [one for one in texts if one != chosen[0]]
    if not draft.other_texts[name]:
        del draft.other_texts[name]
    if take:
        setattr(draft, name, chosen[0]["text"])
        _note_writer(draft, [name], by_program=chosen[0]["by_program"])
    draft.updated_at = now
    draft.save()


@act
def go_on_from(*, citizen: Citizen, number: str, now: datetime) -> Draft:
    """Begin a draft with the number of the previous application, or put it into the one there is."""
    draft = _draft_to_write(citizen, token=None, now=now)
    draft.prior_number = number
    draft.tabs = merging.tabs_without(draft.tabs, ["prior_number"])
    _note_writer(draft, ["prior_number"], by_program=False)
    draft.updated_at = now
    draft.save()
    return draft


def _draft_to_write(citizen: Citizen, *, token: UUID | None, now: datetime) -> Draft:
    lock_citizen(citizen)
    if token is not None:
        require_own_draft(citizen=citizen, token=token)
    return open_draft(citizen=citizen, now=now)


def _is_lost(draft: Draft, name: str, sent: Value) -> bool:
    """Return whether what is stored would be nowhere any more: it is text, typed, and not in what is sent.

    Of what programs wrote only the summary is kept: it alone is long to write.
    """
    stored, known = (
        getattr(draft, name),
        {"phone": draft.citizen.phone, "email": draft.citizen.email},
    )
    if not isinstance(stored, str) or not isinstance(sent, str):
        return False
    if name in _NEVER_BESIDE or not stored or stored == known.get(name) or stored in sent:
        return False
    return name == "topic" or name not in draft.by_programs


def _displaced(draft: Draft, name: str) -> Displaced:
    return Displaced(text=getattr(draft, name), tab="", by_program=name in draft.by_programs)


def _note_writer(draft: Draft, names: Collection[str], *, by_program: bool) -> None:
    others = {*draft.by_programs} - {*names}
    draft.by_programs = sorted(others | {*names} if by_program else others)


def _store(
    draft: Draft,
    values: Mapping[str, Value],
    *,
    beside: Mapping[str, Displaced],
    by_program: bool,
    now: datetime,
) -> None:
    """Store answers, and the texts that give way beside them.

    Raises:
        DraftChanged: a person's text would be lost: nothing is stored, and the sender keeps theirs.
    """
    kept = {name: displaced.keep(draft.other_texts.get(name, ()), t) for name, t in beside.items()}
    full = sorted(name for name, texts in kept.items() if texts is None)
    if full:
        raise DraftChanged(fields=full)
    changed = [name for name, value in values.items() if getattr(draft, name) != value]
    _note_writer(draft, changed, by_program=by_program)
    for name, value in values.items():
        setattr(draft, name, value)
    both = {
        name: [one for one in texts or () if one["text"] != getattr(draft, name)]
        for name, texts in (draft.other_texts | kept).items()
    }
    draft.other_texts = {name: texts for name, texts in both.items() if texts}
    draft.updated_at = now
    draft.save()


def cleaned(answers: DraftAnswers) -> dict[str, Value]:
    """Return the answers as they are stored: same words, no hidden characters, cut to the columns.

    Whoever names a companion needs room for one, ticked or not.
    """
    companion = _cut("companion", clean_line(answers.companion))
    needs = {*answers.needs, Need.COMPANION} if companion else set(answers.needs)
    return {
        "topic": clean_text(answers.topic)[:MAX_TOPIC],
        "phone": _cut("phone", _short_phone(clean_line(answers.phone))),
        "email": _cut("email", clean_line(answers.email)),
        "needs": [need for need in Need.values if need in needs],
        "companion": companion,
        "claims_priority": answers.claims_priority,
        "prior_number": _cut("prior_number", clean_line(answers.prior_number)),
        "on_behalf": kind_of(answers.on_behalf).value,
        "represented_name": _cut("represented_name", clean_line(answers.represented_name)),
        "represented_born": _cut("represented_born", clean_line(answers.represented_born)),
        "ground_document": _cut("ground_document", clean_line(answers.ground_document)),
        "ground_number": clean_line(answers.ground_number)[:MAX_NUMBER],
        "ground_date": _cut("ground_date", _short_day(clean_line(answers.ground_date))),
        "ground_until": _cut("ground_until", _short_day(clean_line(answers.ground_until))),
    }


def _fuller(stored: Value, sent: Value) -> Value:
    """Choose between two answers of which none is kept beside: what is stored, unless it says nothing."""
    return sent if stored in {OnBehalf.SELF.value, ""} else stored


def _cut(name: str, value: str) -> str:
    return value[: getattr(Draft._meta.get_field(name), "max_length", None)]


def _short_day(typed: str) -> str:
    """Write a day as fields for dates read it; what is none stays as typed."""
    day = representation.day_of(typed)
    return day.isoformat() if day else typed


def _short_phone(typed: str) -> str:
    """Write a phone as a number, whatever stands between its digits; what is none stays as typed."""
    try:
        return normalise_phone(typed, region=app_settings.default_country)
    except PhoneError:
        return typed


def require_own_draft(*, citizen: Citizen, token: UUID) -> None:
    """Check that a token is not of a filed draft nor of another person's.

    Raises:
        AlreadySubmitted, NotFound: as `save_answers` says.
    """
    application = Application.objects.filter(draft_token=token).first()
    if application is not None and application.citizen_id == citizen.pk:
        raise AlreadySubmitted(public_id=application.public_id)
    foreign = Draft.objects.filter(token=token).exclude(citizen=citizen)
    if application is not None or foreign.exists():
        raise NotFound
