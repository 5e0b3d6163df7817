"""Requests of citizens to move a confirmed reception: the open one, the last one, how many there were."""

import uuid
from datetime import datetime

from django.db.models import FilteredRelation, Q, QuerySet

from diia_videoreception.models import Application, Citizen, MoveRequest
from diia_videoreception.rules.move_requests import DAY, request_deadline
from diia_videoreception.rules.transitions import Act, acts_from, fits_proposal, fits_request
from diia_videoreception.selectors.booking.proposals import is_proposed


def with_last_request(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Read the newest request of each application along with it, as `last_request`."""
    last = FilteredRelation("move_requests", condition=Q(move_requests__is_last=True))
    joined = rows.annotate(last_request=last)  # type: ignore[no-redef]
    return joined.select_related("last_request")  # type: ignore[misc]


def open_request(application: Application, *, now: datetime) -> MoveRequest | None:
    """Return the request that waits for the agency's answer, looked up anew."""
    return MoveRequest.objects.open(now).filter(application=application).first()


def requests_of(citizen: Citizen, public_id: uuid.UUID) -> QuerySet[MoveRequest]:
    """Return what the citizen has asked for about one of their applications."""
    return MoveRequest.objects.filter(
        application__citizen=citizen, application__public_id=public_id
    )


def asked_lately(citizen: Citizen, *, now: datetime) -> list[datetime]:
    """Return when the citizen has asked within a day, for whichever reception."""
    lately = MoveRequest.objects.filter(application__citizen=citizen, made_at__gt=now - DAY)
    return list(lately.values_list("made_at", flat=True))


def is_requested(application: Application, *, now: datetime) -> bool:
    """Return whether the citizen asks for another time, of what was read `with_last_request`."""
    request = application.last_request
    return request is not None and request.is_open(now)


def may_ask_until(application: Application, *, now: datetime) -> datetime | None:
    """Return until when the citizen may ask for another time; None where they may not now.

    Args:
        application: As `applications_of` gives it.
    """
    act = Act.REQUEST_MOVE
    fits = (
        act in acts_from(application.state)
        and fits_proposal(act, is_open=is_proposed(application, now=now))
        and fits_request(act, is_open=is_requested(application, now=now))
    )
    until = request_deadline(application.start)
    return until if fits and now < until else None


def asks_to_move(now: datetime) -> Q:
    """Describe applications whose citizens ask for another time and wait for an answer."""
    return Q(pk__in=MoveRequest.objects.open(now).values("application"))
