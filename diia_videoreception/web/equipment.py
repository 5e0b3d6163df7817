"""What the device check asks its host: whose browser this is, and which applications are theirs.

DEVICE_CHECK = {
    "SUBJECT": "diia_videoreception.web.equipment.subject_of",
    "MAY_USE_CONTEXT": "diia_videoreception.web.equipment.may_use_context",
}
"""

import uuid

from django.http import HttpRequest

from diia_videoreception.selectors.booking.applications import application_of
from diia_videoreception.web.middleware import signed_in_citizen


def subject_of(request: HttpRequest) -> str:
    """Return the public id of the signed-in citizen; "" for a guest."""
    actor = signed_in_citizen(request)
    return str(actor.citizen.public_id) if actor else ""


def may_use_context(request: HttpRequest, context: str) -> bool:
    """Return whether the context is the public id of one of the citizen's own applications."""
    actor = signed_in_citizen(request)
    if actor is None:
        return False
    try:
        public_id = uuid.UUID(context)
    except ValueError:
        return False
    # A UUID can be written in several ways; results are found by one.
    return str(public_id) == context and application_of(actor.citizen, public_id) is not None
