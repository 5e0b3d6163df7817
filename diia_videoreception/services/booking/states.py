"""Changing the state of an application: the one place that does, by compare-and-swap."""

from datetime import datetime

from diia_videoreception.errors import WrongState
from diia_videoreception.models import Application, Occupancy
from diia_videoreception.rules import transitions


def change_state(
    application: Application, act: transitions.Act, *, now: datetime, **changes: object
) -> None:
    """Move the application along one edge of the transition table, by compare-and-swap.

    The row of `application` is updated in place with its new state, version and `changes`. A
    final state frees the time.

    Raises:
        WrongState: the table has no such edge, or somebody else acted first.
    """
    try:
        state = transitions.next_state(application.state, act)
    except transitions.IllegalTransition as error:
        raise WrongState from error
    values: dict[str, object] = {
        **changes,
        "state": state,
        "version": application.version + 1,
        "decided_at": now,
    }
    changed = Application.objects.filter(
        pk=application.pk, state=application.state, version=application.version
    ).update(**values)
    if not changed:
        raise WrongState
    for name, value in values.items():
        setattr(application, name, value)
    if not transitions.is_open(state):
        Occupancy.objects.filter(application=application).delete()
