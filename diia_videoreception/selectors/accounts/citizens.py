"""What a citizen has told about themselves."""

from diia_videoreception.models import (
    Citizen,
    EmailConfirmation,
    OfficialMailbox,
    ReminderChoice,
)


def address_to_confirm(citizen: Citizen) -> EmailConfirmation | None:
    """Return the address that waits for its code, if the person has asked for one."""
    return EmailConfirmation.objects.filter(citizen=citizen).first()


def mailbox_of(citizen: Citizen) -> OfficialMailbox | None:
    """Return the citizen's official mailbox, also while it is being made (A-15)."""
    return OfficialMailbox.objects.filter(citizen=citizen).first()


def reminder_choice_of(citizen: Citizen) -> ReminderChoice:
    """Return how the citizen wants to be reminded; of who has not chosen, what holds for everybody."""
    found = ReminderChoice.objects.filter(citizen=citizen).first()
    return found or ReminderChoice(citizen=citizen)
