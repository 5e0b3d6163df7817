"""What a citizen corrects before the decision: what was filed stays beside it, what was signed stays signed.

What they type and add meanwhile is theirs alone until they send it (`correction_documents`).
"""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception import errors
from diia_videoreception.conf import app_settings
from diia_videoreception.models import (
    AgencyNews,
    Application,
    ApplicationSignature,
    Correction,
    Document,
    JournalAct,
    Representation,
)
from diia_videoreception.rules.corrections import ADDRESS, ANSWERS, day_limit_until
from diia_videoreception.rules.phones import normalise_phone
from diia_videoreception.rules.transitions import Act
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.corrections import (
    corrected_lately,
    may_correct,
    replaceable_documents,
    unsent_documents,
)
from diia_videoreception.services import journal, letters
from diia_videoreception.services.booking.completeness import require_answers
from diia_videoreception.services.booking.drafts import DraftAnswers, cleaned
from diia_videoreception.services.booking.moderation import lock_case
from diia_videoreception.services.booking.states import change_state
from diia_videoreception.services.transactions import lock_citizen, locked, locking_act
from diia_videoreception.wording import short_moment_and_zone

MAX_REPLACED_KEPT = 100
"""So many ticks are kept of a correction that is not sent; an application has fewer documents."""


@locking_act
def keep_typed(
    *,
    actor: SignedIn,
    public_id: uuid.UUID,
    answers: DraftAnswers,
    replaced: Collection[uuid.UUID] = (),
    own_address: bool = False,
    now: datetime,
) -> Correction:
    """Keep what the citizen has typed, while it can be corrected; nobody else sees it.

    Raises:
        NotFound, CorrectionClosed: as `correct`.
    """
    application = lock_own(actor, public_id, now=now)
    typed = {name: value for name, value in cleaned(answers).items() if name in ANSWERS}
    correction = open_correction(application)
    correction.typed = typed | {
        "replaced": [str(one) for one in replaced][:MAX_REPLACED_KEPT],
        "own_address": own_address,
    }
    correction.save(update_fields=["typed"])
    return correction


@locking_act
def correct(
    *,
    actor: SignedIn,
    public_id: uuid.UUID,
    answers: DraftAnswers,
    only: Collection[str] = ANSWERS,
    replaced: Collection[uuid.UUID] = (),
    own_address: bool = False,
    version: int | None = None,
    now: datetime,
) -> Application:
    """Correct the citizen's undecided application; the agency is told, and reads before it decides.

    Sending the same once more gives the application back unchanged.

    Args:
        answers: How they shall be from now on.
        only: Names of those that were sent; the others stay.
        replaced: Documents in whose place come those that were added to the correction.
        own_address: Whether letters go to the confirmed address of the account from now on.
        version: Of the application as the citizen saw it; without it, whatever stands.

    Raises:
        NotFound: it is not this citizen's.
        CorrectionClosed: it is decided, or its time has come.
        CorrectionOutdated: something has changed since the citizen looked.
        Incomplete: an answer is missing or wrong, nothing has changed, or a document goes without another.
        TooManyFiles: there would be more documents than can be filed.
        CorrectionLimitDay: it was corrected too often.
    """
    application = lock_own(actor, public_id, now=now)
    changes = _changes(application, answers, only=only, own_address=own_address)
    correction = open_correction(application)
    added = list(unsent_documents(correction))
    gone = _replaced(application, replaced, added)
    if not (changes or added):
        return _again_or_refused(application, correction, version)
    if version is not None and version != application.version:
        raise errors.CorrectionOutdated
    until = day_limit_until(corrected_lately(application, now=now), now)
    if until is not None:
        zone = application.official.agency.time_zone
        raise errors.CorrectionLimitDay(until=until, moment=short_moment_and_zone(until, zone))
    correction.was = {name: getattr(application, name) for name in changes}
    correction.became, correction.typed = dict(changes), {}
    _write(application, correction, changes, added, gone, now=now)
    details = {"answers": [*changes], "documents": len(added), "replaced": len(gone)}
    journal.record(
        JournalAct.CORRECT, subject=application, citizen=actor.citizen, now=now, details=details
    )
    letters.notify_agency(application, AgencyNews.Kind.CORRECTED, now=now)
    return application


@locking_act
def mark_read(
    *, moderator: AbstractBaseUser, public_id: uuid.UUID, version: int, now: datetime
) -> Application:
    """Note that a moderator has read what the citizen corrected: the case is marked no more.

    Marking what is read already changes nothing.

    Raises:
        NotFound: the application is not of the moderator's agencies.
        WrongState: it has changed since the moderator looked.
    """
    application = lock_case(moderator, public_id, version, now=now)
    if application.corrected_at is None:
        return application
    application.corrected_at = None
    application.save(update_fields=["corrected_at"])
    journal.record(JournalAct.READ_CORRECTION, subject=application, staff_id=moderator.pk, now=now)
    return application


def lock_own(actor: SignedIn, public_id: uuid.UUID, *, now: datetime) -> Application:
    """Lock the citizen and their application, which can be corrected now.

    Raises:
        NotFound, CorrectionClosed: as `correct`.
    """
    lock_citizen(actor.citizen)
    own = Application.objects.filter(citizen=actor.citizen, public_id=public_id)
    # The moderator who decides at this moment holds the same row.
    application = (
        locked(own).select_related("official__unit__agency", "citizen", "clarification").first()
    )
    if application is None:
        raise errors.NotFound
    if not may_correct(application, now=now):
        raise errors.CorrectionClosed
    return application


def open_correction(application: Application) -> Correction:
    """Return the correction of a locked application that is not sent, a new one where there is none."""
    correction, _created = Correction.objects.get_or_create(application=application, made_at=None)
    return correction


def _changes(
    application: Application,
    answers: DraftAnswers,
    *,
    only: Collection[str],
    own_address: bool,
) -> Mapping[str, object]:
    """Return the answers that differ, by name and in reading order.

    Raises:
        Incomplete: one of them cannot be filed.
    """
    sent = {name: cleaned(answers)[name] for name in ANSWERS if name in only}
    require_answers({name: str(sent[name]) for name in ("topic", "phone") if name in sent})
    if "phone" in sent:
        sent["phone"] = normalise_phone(str(sent["phone"]), region=app_settings.default_country)
    changes: dict[str, object] = {
        name: value for name, value in sent.items() if value != getattr(application, name)
    }
    address = application.citizen.letters_address
    if own_address and address and address != application.letters_address:
        changes[ADDRESS] = address
    return changes


def _again_or_refused(
    application: Application, correction: Correction, version: int | None
) -> Application:
    """Return the application, where a second click sent what the first has corrected.

    Raises:
        Incomplete: nothing was corrected.
    """
    last = Correction.objects.sent().filter(application=application).order_by("-pk").first()
    is_again = last is not None and last.version == application.version
    if is_again and version is not None and version < application.version:
        correction.delete()
        return application
    nothing = _("You have not changed anything. Correct the application or add a document.")
    raise errors.Incomplete(fields={"main": nothing}, codes={"main": "nothing_corrected"})


def _replaced(
    application: Application, wanted: Collection[uuid.UUID], added: Collection[Document]
) -> list[Document]:
    """Return the documents that others replace.

    Raises:
        Incomplete: there are fewer of the others.
        TooManyFiles: what would stand is more than can be filed.
    """
    standing = list(replaceable_documents(application))
    gone = [one for one in standing if one.public_id in set(wanted)]
    if len(gone) > len(added):
        missing = _("Add the documents that come instead of those you replace.")
        raise errors.Incomplete(
            fields={"documents": missing}, codes={"documents": "replacement_missing"}
        )
    most = app_settings.upload_limits.files
    if added and len(standing) - len(gone) + len(added) > most:
        raise errors.TooManyFiles(limit=most)
    return gone


def _write(
    application: Application,
    correction: Correction,
    changes: Mapping[str, object],
    added: Collection[Document],
    gone: Collection[Document],
    *,
    now: datetime,
) -> None:
    change_state(application, Act.CORRECT, now=now, corrected_at=now)
    for name, value in changes.items():
        setattr(application, name, value)
    # What lists search through is written along.
    application.save(update_fields=list(changes))
    correction.made_at, correction.version = now, application.version
    signed = ApplicationSignature.objects.filter(application=application)
    correction.is_after_signature = signed.exists()
    correction.save()
    Document.objects.filter(pk__in=[one.pk for one in added]).update(application=application)
    Document.objects.filter(pk__in=[one.pk for one in gone]).update(replaced_by=correction)
    if any(one.proves_authority for one in gone):
        # What staff have looked at is not what stands there now.
        own = Representation.objects.filter(application=application)
        own.update(checked_at=None, checked_by=None)
