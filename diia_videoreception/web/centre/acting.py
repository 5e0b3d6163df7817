"""How a form of a centre is sent: its service acts, and what it refuses is shown at the form again."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import TypeVar

from django.http import HttpRequest, HttpResponse

from diia_videoreception import errors
from diia_videoreception.web import notices
from diia_videoreception.web.forms import ScreenForm
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import fill, refused_of, show_form_again

F = TypeVar("F", bound=ScreenForm)
ACT = "act"
"""Name of the button that says which form of a page was sent."""
FATAL = (errors.NotFound, errors.Busy, errors.CentreSuspended, errors.MemberBlocked)
"""What is no matter of the form; it becomes a page of its own."""


def sent(
    request: HttpRequest,
    form: F,
    act: Callable[[F], object],
    *,
    here: str,
    notice: str,
    there: str = "",
    at: str | None = None,
    secret: Sequence[str] = (),
    page: Callable[[F, int], HttpResponse] | None = None,
) -> HttpResponse:
    """Do what a form asks for and go on, or show it again with what is wrong.

    Args:
        act: calls the service with what the form holds.
        here: the page of the form.
        notice: what is told on the next page, a key of `notices.TEXTS`; nothing when empty.
        there: the next page; the same when empty.
        at: the field at which a refusal is shown that names none; above the form without one.
        secret: names of fields that are to be typed anew.
        page: shows the form, with a status, to a stranger, for whom no session is begun.
    """
    if form.is_valid():
        try:
            act(form)
        except FATAL:
            raise
        except errors.Incomplete as refusal:
            for name, text in refusal.fields.items():
                form.add_error(name if name in form.fields else None, str(text))
        except errors.ActRefused as refusal:
            form.add_error(at, str(refusal))
        else:
            if notice:
                notices.add(request, notice)
            return SeeOther(there or here)
    if page is not None and request.session.session_key is None:
        return page(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return show_form_again(request, here, form, secret=secret)


def shown(request: HttpRequest, form: F, *, secret: Sequence[str] = ()) -> F:
    """Return the form as it was sent and refused, if this page shows that; else as it is.

    Of several forms on a page it is the one with the same fields, and the same hidden values.

    Args:
        secret: as for `sent`.
    """
    refused = refused_of(request)
    if refused is None or set(refused.values) != set(form.fields) - set(secret):
        return form
    for field in form.hidden_fields():
        if refused.values[field.name] != [field.initial]:
            return form
    return fill(form, refused)


def summary_of(*forms: ScreenForm) -> list[tuple[str, str]]:
    """Return the errors of the forms of a page, as `render_page` wants them."""
    return [error for form in forms if form.is_bound for error in form.error_summary]
