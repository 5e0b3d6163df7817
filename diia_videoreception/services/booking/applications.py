"""Filing and cancelling an application (A-38 to A-51)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language

from diia_videoreception import errors
from diia_videoreception.conf import app_settings
from diia_videoreception.models import (
    AgencyNews,
    Application,
    ApplicationNumber,
    Centre,
    CentreMember,
    Citizen,
    Draft,
    HoldUse,
    JournalAct,
    Letter,
    Mandate,
    Occupancy,
    SpentProof,
)
from diia_videoreception.rules import numbers
from diia_videoreception.rules.phones import normalise_phone
from diia_videoreception.rules.transitions import Act
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.holds import live_hold
from diia_videoreception.selectors.booking.standing import Consent, standing_of
from diia_videoreception.selectors.booking.terms import decision_passes_at
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking import completeness, holds, occupancy
from diia_videoreception.services.booking.drafts import require_as_read
from diia_videoreception.services.booking.holds import ShownTime
from diia_videoreception.services.booking.occupancy import OfficialTime
from diia_videoreception.services.booking.representing import name_represented
from diia_videoreception.services.booking.states import change_state
from diia_videoreception.services.proofs_of_work import spent_on
from diia_videoreception.services.transactions import (
    lock_staying_citizen,
    locking_act,
    next_of_year,
)
from diia_videoreception.wording import long_moment_and_zone


def submit(
    *,
    actor: SignedIn,
    draft_token: uuid.UUID,
    captcha: str,
    channel: Application.Channel,
    now: datetime,
    shown: ShownTime | None = None,
    version: str | None = None,
    centre: Centre | None = None,
) -> Application:
    """File the draft for the time the citizen holds; filing the same draft again gives the same application.

    A time that was held when the lead time ended may still be filed while the hold lasts (A-32). The
    proof is spent before the act begins, but not on a draft that cannot be filed as it is.

    Args:
        shown: the time for which the citizen files, as they saw it; without it, whatever is held.
        version: of the draft, as they saw it (`drafts.version_of`); without it, whatever is stored.
        centre: where the citizen is, at a place of a centre; goes with its channel.

    Raises:
        CaptchaFailed: the proof is missing, false, old or used (A-48).
        ActInProgress: the draft is being filed with this proof.
        Incomplete: something is missing or wrong, with a text per field.
        HoldExpired: no time is held any more; the draft stays.
        HoldMoved: another time is held than the `shown` one.
        ShownDraftChanged: the draft, its documents or the address for letters are not as shown.
        PriorNumberUnknown, PriorNumberOtherOfficial: see A-42.
        OwnTimeTaken: another official receives the citizen at this time.
        NotFound: there is no such draft of this citizen.
        and what `holds.require_bookable` and `holds.require_open_limits` raise.
    """
    citizen = actor.citizen
    seen = _Seen(shown, version)
    try:
        ready = _require_ready(citizen, _draft(citizen, draft_token), seen, now=now)
        own = occupancy.own_reception_at(citizen, ready.hold.time, now=now)
        if own is not None:
            raise errors.OwnTimeTaken(**occupancy.params_of(own))
    except errors.ActRefused:
        # Nothing is locked yet: a first click may have filed the draft while this one looked.
        filed = _filed(citizen, draft_token)
        if filed is None:
            raise
        return filed
    target = str(draft_token)
    try:
        with spent_on(SpentProof.Act.SUBMIT, target, citizen=citizen, payload=captcha, now=now):
            # Asked for before the locks.
            number = take_number(ready.hold, now=now)
            filing = _Filing(number, channel, centre)
            return _submit(actor, draft_token, seen, filing, now=now)
    except (errors.ActInProgress, errors.CaptchaFailed):
        # A second click on the same button: the first one may have filed the draft meanwhile.
        filed = _filed(citizen, draft_token)
        if filed is None:
            raise
        return filed


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the citizen saw before filing, as far as it is known: the held time, and the draft."""

    time: ShownTime | None
    version: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class GivenHelp:
    """Who typed an application for the person, by which consent, and how the person confirmed it.

    Attributes:
        confirmed_at: when, if that was before it is filed.
        proof: what else the journal says of it: hashes of a signed paper and of what stood there.
    """

    mandate: Mandate
    member: CentreMember
    confirmed_with: Application.Confirmation
    entered: dict[str, object] = field(repr=False)
    confirmed_at: datetime | None = None
    proof: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Filing:
    """What is settled before an application is filed."""

    number: str
    channel: Application.Channel
    centre: Centre | None
    help: GivenHelp | None = None


def file_confirmed(
    actor: SignedIn, draft_token: uuid.UUID, given: GivenHelp, *, number: str, now: datetime
) -> Application:
    """File what a centre has typed and its person has confirmed, inside the act that took their word.

    Raises:
        Incomplete, HoldExpired, PriorNumberUnknown, PriorNumberOtherOfficial, OwnTimeTaken, NotFound and what
        `holds.require_bookable` and `holds.require_open_limits` raise: as `submit`.
    """
    filing = _Filing(number, Application.Channel.INTERMEDIARY, given.mandate.centre, given)
    return _submit(actor, draft_token, _Seen(None, None), filing, now=now)


@locking_act
def _submit(
    actor: SignedIn,
    draft_token: uuid.UUID,
    seen: _Seen,
    filing: _Filing,
    *,
    now: datetime,
) -> Application:
    """File the draft; what was found before the locks is looked at again."""
    citizen = actor.citizen
    lock_staying_citizen(citizen)
    # Locked, so that no document is attached between its hand-over and the end of the draft.
    draft = _draft(citizen, draft_token, locked=True)
    filed = _filed(citizen, draft_token) if draft is None else None
    if filed is not None:
        return filed
    ready = _require_ready(citizen, draft, seen, now=now)
    # The seat is had already, and nothing more is asked of it.
    resource = OfficialTime(ready.hold.official_id)
    occupancy.lock_all([resource])
    standing = standing_of(citizen, now=now)
    occupancy.require_citizen_free(citizen, ready.hold.time, own_times=standing.own_times, now=now)
    consent = holds.require_bookable(resource.official, actor, standing, now=now)
    holds.require_open_limits(standing, resource.official)
    application = _create(actor, ready, filing, consent=consent, now=now)
    told: dict[str, object] = _told(filing.help) if filing.help else {}
    if ready.hold.seat is not None:
        told["seat"] = str(ready.hold.seat.public_id)
    journal.record(JournalAct.SUBMIT, subject=application, citizen=citizen, now=now, details=told)
    letters.queue(Letter.Kind.RECEIPT, application=application, now=now)
    letters.notify_agency(application, AgencyNews.Kind.NEW, now=now)
    return application


@dataclass(frozen=True, slots=True)
class _Ready:
    """A draft that lacks nothing, and the time it is for."""

    draft: Draft
    hold: Occupancy
    phone: str = field(repr=False)
    prior: Application | None


def _filed(citizen: Citizen, draft_token: uuid.UUID) -> Application | None:
    return Application.objects.filter(citizen=citizen, draft_token=draft_token).first()


def _draft(citizen: Citizen, token: uuid.UUID, *, locked: bool = False) -> Draft | None:
    drafts = Draft.objects.select_related("citizen").filter(citizen=citizen, token=token)
    return (drafts.select_for_update(of=("self",)) if locked else drafts).first()


def _require_ready(citizen: Citizen, draft: Draft | None, seen: _Seen, *, now: datetime) -> _Ready:
    """Check that the citizen's draft is as it was shown and can be filed.

    Raises:
        NotFound, HoldMoved, ShownDraftChanged, Incomplete, HoldExpired, PriorNumberUnknown,
        PriorNumberOtherOfficial
    """
    if draft is None:
        raise errors.NotFound
    hold = live_hold(citizen, now=now)
    if hold is not None:
        holds.require_as_shown(hold, seen.time)
    require_as_read(draft, seen.version)
    official_id = hold.official_id if hold else None
    completeness.require_complete(draft, official_id=official_id, now=now)
    if hold is None:
        raise errors.HoldExpired
    prior = completeness.prior_application(draft)
    phone = normalise_phone(draft.phone, region=app_settings.default_country)
    return _Ready(draft, hold, phone, prior)


def _create(
    actor: SignedIn,
    ready: _Ready,
    filing: _Filing,
    *,
    consent: Consent,
    now: datetime,
) -> Application:
    citizen, draft, hold = actor.citizen, ready.draft, ready.hold
    application = Application.objects.create(
        number=filing.number,
        citizen=citizen,
        official=hold.official,
        agency=hold.official.agency,
        start=hold.start,
        end=hold.end,
        requested_start=hold.start,
        seat=hold.seat,
        topic=draft.topic,
        phone=ready.phone,
        needs=draft.needs,
        companion=draft.companion,
        claims_priority=draft.claims_priority,
        letters_address=citizen.letters_address,
        prior=ready.prior,
        consent_id=consent.pk,
        level=actor.level.value,
        method=actor.method,
        channel=filing.channel,
        centre=filing.centre,
        **_columns(filing.help, now=now),
        language=get_language() or settings.LANGUAGE_CODE,
        draft_token=draft.token,
        submitted_at=now,
        # Under the lock of the official: who sets the agency's first term waits for it, or has set it.
        decide_by=decision_passes_at(hold.official.agency, submitted_at=now),
    )
    represented = completeness.represented_in(draft, now=now)
    if represented is None:
        draft.documents.update(draft=None, application=application, proves_authority=False)
        # Nobody need ask for what is known not to be there.
        application._state.fields_cache["representation"] = None
    else:
        draft.documents.update(draft=None, application=application)
        name_represented(application, represented)
    draft.delete()
    occupancy.change(
        hold, kind=Occupancy.Kind.APPLICATION, application=application, expires_at=None
    )
    HoldUse.objects.filter(token=hold.token).update(outcome=HoldUse.Outcome.USED)
    if not citizen.phone:
        Citizen.objects.filter(pk=citizen.pk).update(phone=ready.phone)
    return application


def _columns(given: GivenHelp | None, *, now: datetime) -> dict[str, Any]:
    if given is None:
        return {}
    return {
        "mandate": given.mandate,
        "entered_by": given.member,
        "confirmed_at": given.confirmed_at or now,
        "confirmed_with": given.confirmed_with,
        "entered": given.entered,
    }


def _told(given: GivenHelp) -> dict[str, object]:
    return {
        "mandate": given.mandate.reference,
        "centre": str(given.mandate.centre.public_id),
        "entered_by": str(given.member.public_id),
        "confirmed_with": given.confirmed_with.value,
        **given.proof,
    }


def take_number(hold: Occupancy, *, now: datetime) -> str:
    """Take the number of an application before the act that files it, in a statement of its own."""
    year = now.astimezone(ZoneInfo(hold.official.agency.time_zone)).year
    return numbers.format_number(year, next_of_year(ApplicationNumber, year))


@locking_act
def cancel(
    *, actor: SignedIn, public_id: uuid.UUID, now: datetime, shown: datetime | None = None
) -> Application:
    """Cancel the citizen's own application and free its time (C14).

    Cancelling what is cancelled already gives it back unchanged.

    Args:
        shown: the beginning of the reception as the citizen saw it; without it, whenever it is.

    Raises:
        NotFound: it is not this citizen's.
        ReceptionMoved: it begins at another time than the `shown` one.
        TooLateToCancel: the reception has begun.
        WrongState: it was decided otherwise meanwhile.
    """
    found = Application.objects.filter(citizen=actor.citizen, public_id=public_id).first()
    if found is None:
        raise errors.NotFound
    occupancy.lock_all(occupancy.resources_of(found))
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related(
            "official__unit__agency",
            "official__user",
            "citizen",
            "reception",
            "clarification",
            "representation",
        )
        .get(pk=found.pk)
    )
    if application.state == Application.State.CANCELLED:
        return application
    if shown is not None and application.start != shown:
        zone = application.official.agency.time_zone
        raise errors.ReceptionMoved(time=long_moment_and_zone(application.start, zone))
    if application.start <= now:
        raise errors.TooLateToCancel
    was_confirmed = application.state == Application.State.CONFIRMED
    change_state(application, Act.CANCEL_BY_CITIZEN, now=now)
    journal.record(JournalAct.CANCEL, subject=application, citizen=actor.citizen, now=now)
    letters.queue(
        Letter.Kind.CANCELLED,
        application=application,
        now=now,
        facts={"by": Letter.Party.CITIZEN.value, "calendar": was_confirmed},
    )
    letters.notify_agency(application, AgencyNews.Kind.CANCELLED, now=now)
    if was_confirmed:
        letters.notify_official(Letter.Kind.OFFICIAL_CANCELLED, application, now=now)
    return application
