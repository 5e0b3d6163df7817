"""How a citizen wants to be reminded of receptions."""

from dataclasses import asdict, dataclass
from datetime import datetime

from diia_videoreception.models import JournalAct, ReminderChoice
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services import journal
from diia_videoreception.services.transactions import act, lock_citizen


@dataclass(frozen=True, slots=True)
class ChosenReminders:
    """Every answer of the screen; each combination may be chosen, also none at all."""

    by_email: bool
    by_sms: bool
    day_before: bool
    hour_before: bool


@act
def choose_reminders(*, actor: SignedIn, chosen: ChosenReminders, now: datetime) -> ReminderChoice:
    """Keep what the citizen has chosen; it counts from the next reminder on."""
    lock_citizen(actor.citizen)
    choice, _is_new = ReminderChoice.objects.update_or_create(
        citizen=actor.citizen, defaults=asdict(chosen)
    )
    journal.record(
        JournalAct.CHOOSE_REMINDERS,
        subject=actor.citizen,
        citizen=actor.citizen,
        now=now,
        details=asdict(chosen),
    )
    return choice
