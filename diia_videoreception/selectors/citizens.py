"""What a citizen has told about themselves."""

from diia_videoreception.models import Citizen, EmailConfirmation


def address_to_confirm(citizen: Citizen) -> EmailConfirmation | None:
    """The address that waits for its code, if the person has asked for one."""
    return EmailConfirmation.objects.filter(citizen=citizen).first()
