"""The seat of a centre from which a citizen speaks: whether it can be had at a time, whoever else may be free."""

import uuid

from diia_videoreception import errors
from diia_videoreception.models import Application, CentreWorkplace
from diia_videoreception.rules.slots import Interval
from diia_videoreception.selectors.booking.centre_seats import is_seat_open, open_seat


def chosen_seat(public_id: uuid.UUID | None) -> CentreWorkplace | None:
    """Return the seat that somebody wants to sit at; None for who wants none.

    Raises:
        SeatUnavailable: it does not work now, or there is none.
    """
    if public_id is None:
        return None
    seat = open_seat(public_id)
    if seat is None:
        raise errors.SeatUnavailable
    return seat


def require_seat(seat: CentreWorkplace, slot: Interval) -> None:
    """Check under the lock of a seat that it may be chosen and that its hours hold a time.

    Raises:
        SeatUnavailable: it was paused or removed, or the centre suspended.
        SeatClosed: it has other hours.
    """
    if seat.state != CentreWorkplace.State.WORKING or not seat.centre.is_active:
        raise errors.SeatUnavailable
    if not is_seat_open(seat, slot):
        raise errors.SeatClosed


def require_seat_open(application: Application, slot: Interval) -> None:
    """Check that the seat of a reception, where it has one, is open when it is to take place.

    A seat that is paused keeps what it has: somebody sees to it before.

    Raises:
        SeatClosed: it has other hours.
    """
    seat = application.seat
    if seat is not None and not is_seat_open(seat, slot):
        raise errors.SeatClosed
