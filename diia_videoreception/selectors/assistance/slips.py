"""Applications that were made in a centre, as their slips and the page of the status show them."""

import uuid

from django.db.models import QuerySet

from diia_videoreception.models import Application, Centre, Citizen


def made_in_centres() -> QuerySet[Application]:
    made = Application.objects.filter(centre__isnull=False)
    return made.select_related(
        "agency", "centre", "clarification", "mandate", "official__unit__agency"
    )


def made_by(citizen: Citizen, public_id: uuid.UUID) -> Application | None:
    """Return the citizen's own application, if it was made in a centre."""
    return made_in_centres().filter(citizen=citizen, public_id=public_id).first()


def made_in(centre: Centre, public_id: uuid.UUID) -> Application | None:
    """Return an application that was made in this centre."""
    return made_in_centres().filter(centre=centre, public_id=public_id).first()
