"""What stands around every address that the script of the room calls: trust, sizes, rates, answers.

Refusals have the shape of `integrations.common.problems`, with the status that belongs to them.
"""

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from diia_videoreception import errors
from diia_videoreception.selectors.rooms.seats import Visitor
from diia_videoreception.services.throttling import require_rate
from diia_videoreception.web.errors import json_csrf_failure, json_refusal
from diia_videoreception.web.forms import read_uuid
from diia_videoreception.web.room.pace import is_early
from diia_videoreception.web.room.visitors import Coming, Side, coming, require_access
from integrations.common import bodies
from integrations.common.addresses import client_address

OVERHEAD = 16 * 1024
"""Bytes that the frame of a body may take, and all that one without a file or a signal may."""
MAX_KEY = 64
_UNSTORABLE = re.compile("[\\0\ud800-\udfff]")
POLL = "room_poll"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a script of the room has sent, value by value."""

    data: dict[str, Any]

    def text(self, name: str, *, most: int = MAX_KEY) -> str:
        """Return a text that has to be there.

        Raises:
            Malformed: it is none, is empty or too long.
        """
        value = self.data.get(name)
        if not isinstance(value, str) or not value or len(value) > most:
            raise errors.Malformed
        return value

    def number(self, name: str, *, default: int | None = None) -> int:
        """Return a whole number from 0 on, of at most 15 digits.

        Raises:
            Malformed: it is none.
        """
        value = self.data.get(name, default)
        if type(value) is not int or not 0 <= value < 10**15:
            raise errors.Malformed
        return value

    def uuid(self, name: str) -> uuid.UUID:
        """Somebody's id.

        Raises:
            NotFound: it can be nobody's.
        """
        try:
            return read_uuid(self.text(name))
        except errors.Malformed:
            raise errors.NotFound from None


@dataclass(frozen=True, slots=True)
class Call(Sent):
    """What a script of the room asks, by whom.

    Attributes:
        public_id: Of the reception.
    """

    request: HttpRequest
    side: Side
    visitor: Visitor
    public_id: uuid.UUID

    @property
    def window(self) -> str:
        """The browser window that asks."""
        return self.text("window")


Given = dict[str, Any] | HttpResponse
Answer = Callable[[Call], Given]
OpenAnswer = Callable[[HttpRequest, uuid.UUID, Sent], Given]


class _Csrf(CsrfViewMiddleware):
    """Django's own guard, with an answer that the script can read."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return json_csrf_failure()


_csrf_protect = decorator_from_middleware(_Csrf)


def endpoint(
    scope: str, *, limit: Callable[[], int] = lambda: 0
) -> Callable[[Answer], Callable[..., HttpResponse]]:
    """Make an address for POSTs of the room's script, within the rate of `scope`.

    Args:
        scope: Name of the rate in `conf.RATES`.
        limit: How many bytes a body may have besides OVERHEAD; asked before it is read.
    """

    def decorate(answer: Answer) -> Callable[..., HttpResponse]:
        def admit(request: HttpRequest, side: Side, public_id: uuid.UUID) -> None:
            _require_rate(request, side, public_id, scope)
            # Nothing is read of what nobody has sent.
            _coming(request, side, public_id)

        @wraps(answer)
        def view(request: HttpRequest, side: Side, public_id: uuid.UUID) -> Given:
            found = _coming(request, side, public_id)
            return answer(Call(_data(request), request, side, found.visitor, found.public_id))

        return posted(view, admit=admit, limit=limit)

    return decorate


def open_endpoint(scope: str) -> Callable[[OpenAnswer], Callable[..., HttpResponse]]:
    """Make an address for POSTs of who is nobody yet, counted by where they come from."""

    def decorate(answer: OpenAnswer) -> Callable[..., HttpResponse]:
        def admit(request: HttpRequest, public_id: uuid.UUID) -> None:
            require_rate(scope, f"address {client_address(request)}", now=timezone.now())

        @wraps(answer)
        def view(request: HttpRequest, public_id: uuid.UUID) -> Given:
            return answer(request, public_id, Sent(_data(request)))

        return posted(view, admit=admit)

    return decorate


def posted(
    answer: Callable[..., Given],
    *,
    admit: Callable[..., None],
    limit: Callable[[], int] = lambda: 0,
) -> Callable[..., HttpResponse]:
    """Put trust, size and the shape of refusals around what answers a POST.

    Args:
        answer: Called once the request is known to come from a page of ours.
        admit: Called before anything of it is read; refuses who asks too often or may not ask.
        limit: As for `endpoint`.
    """

    @wraps(answer)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            given = answer(request, *args, **kwargs)
        except errors.ActRefused as error:
            return json_refusal(error)
        return JsonResponse(given) if isinstance(given, dict) else given

    trusted = _csrf_protect(view)

    @sensitive_post_parameters()
    @sensitive_variables()
    @wraps(answer)
    def wrapper(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            response = json_refusal(errors.WrongMethod())
            response.headers["Allow"] = "POST"
        else:
            try:
                admit(request, *args, **kwargs)
                _read_body(request, limit=limit() + OVERHEAD)
            except errors.ActRefused as error:
                response = json_refusal(error)
            else:
                response = cast(HttpResponse, trusted(request, *args, **kwargs))
        patch_cache_control(response, no_store=True, private=True)
        return response

    # The guard is inside, behind the limit of size: looking for the token reads the body.
    return csrf_exempt(transaction.non_atomic_requests(wrapper))


def _coming(request: HttpRequest, side: Side, public_id: uuid.UUID) -> Coming:
    """Return who asks.

    Raises:
        SessionEnded: nobody is signed in.
        GuestAccessEnded: a guest who has none any more, or never had.
    """
    found = coming(request, side, public_id)
    if found is None:
        raise errors.GuestAccessEnded if side is Side.GUEST else errors.SessionEnded
    require_access(found.visitor)
    return found


def _require_rate(request: HttpRequest, side: Side, public_id: uuid.UUID, scope: str) -> None:
    """Count the request, by address where nobody is signed in.

    Polls of a visitor at the pace that they were told cost no count.
    """
    found = coming(request, side, public_id)
    visitor = found.visitor if found else None
    who = visitor.counted_as if visitor else f"address {client_address(request)}"
    if visitor is None or scope != POLL or is_early(who):
        require_rate(scope, who, now=timezone.now())


def _read_body(request: HttpRequest, *, limit: int) -> None:
    try:
        bodies.read_body(request, limit=limit)
    except bodies.BodyTooLarge as error:
        raise errors.RequestTooLarge from error
    except bodies.BodyUnreadable as error:
        raise errors.Malformed from error


def _data(request: HttpRequest) -> dict[str, Any]:
    """Return what was sent: a JSON object, or the fields of a form with a file."""
    if request.content_type == "multipart/form-data":
        data: Any = {name: request.POST[name] for name in request.POST}
        return data if _is_storable(data) else {}
    try:
        data = json.loads(request.body or b"{}")
    except (ValueError, RecursionError, RawPostDataException) as error:
        raise errors.Malformed from error
    if not isinstance(data, dict) or not _is_storable(data):
        raise errors.Malformed
    return data


def _is_storable(value: object) -> bool:
    """Whether every text in it can be kept by a database: no NUL, no half of a character."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str) and _UNSTORABLE.search(one):
            return False
    return True
