"""What every refusal is, and those that any request can meet."""

import math
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ActRefused(Exception):
    """An act that the rules do not allow. Nothing has been written."""

    code = "refused"
    message: str | Promise = _("You cannot do this.")
    status = HTTPStatus.CONFLICT
    wait_seconds: int | None = None
    """In how many seconds the same call may succeed, where that is always the same."""

    def retry_after(self, now: datetime) -> int | None:
        """Return in how many seconds the same call may succeed; None when time alone changes nothing."""
        return self.wait_seconds

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.code)

    def __str__(self) -> str:
        # Joined before it is a text: the number may choose the words.
        return str(self.message % self.params if self.params else self.message)


class NotFound(ActRefused):
    """The thing does not exist, or is not this person's: the answer is the same."""

    code = "not_found"
    message = _("We could not find this.")
    status = HTTPStatus.NOT_FOUND


class WrongMethod(ActRefused):
    """A script asks in a way that the address does not know."""

    code = "method_not_allowed"
    status = HTTPStatus.METHOD_NOT_ALLOWED


class Forbidden(ActRefused):
    code = "forbidden"
    message = _("You are not allowed to do this.")
    status = HTTPStatus.FORBIDDEN


class Busy(ActRefused):
    """Too many people want the same thing at once; the same call may succeed in a moment."""

    code = "busy"
    message = _("Many people are booking right now. Try again in a moment.")
    status = HTTPStatus.SERVICE_UNAVAILABLE
    wait_seconds = 1


class Unexpected(ActRefused):
    """An error that nobody foresaw; its number leads to the lines of the log."""

    code = "internal_error"
    message = _("Something went wrong on our side. Try again in a few minutes.")
    status = HTTPStatus.INTERNAL_SERVER_ERROR


class ServicePaused(ActRefused):
    code = "service_paused"
    message = _("Booking is paused for now. Try again later.")


class LimitReached(ActRefused):
    """A limit on open applications or on holds; `until` says when it ends, if it does."""

    code = "limit_reached"
    message = _("You have reached a limit.")
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, *, until: datetime | None = None, **params: object) -> None:
        self.until = until
        super().__init__(**params)

    def retry_after(self, now: datetime) -> int | None:
        if self.until is None:
            return None
        return max(1, math.ceil((self.until - now).total_seconds()))


class TooManyRequests(LimitReached):
    code = "throttled"
    message = _("Too many attempts. Wait a few minutes and try again.")


class CaptchaFailed(ActRefused):
    code = "captcha_failed"
    message = _("Confirm that you are not a robot.")
    status = HTTPStatus.BAD_REQUEST


class ActInProgress(ActRefused):
    """A second click on one button: the first one is not answered yet."""

    code = "act_in_progress"
    message = _("We are already doing this. Wait a moment.")
    wait_seconds = 1


class Incomplete(ActRefused):
    """Something is missing or wrong; `fields` maps names to texts, `codes` to why, where it is known."""

    code = "incomplete"
    message = _("Fill in the missing answers.")
    status = HTTPStatus.BAD_REQUEST

    def __init__(
        self, *, fields: Mapping[str, str | Promise], codes: Mapping[str, str] | None = None
    ) -> None:
        self.fields = fields
        self.codes = codes or {}
        super().__init__()


class RequestTooLarge(ActRefused):
    code = "request_too_large"
    message = _("This is too much at once.")
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class RequestUnreadable(ActRefused):
    """The body of the request broke off or is no form."""

    code = "request_unreadable"
    message = _("Part of the form did not arrive. Go back and send it again.")
    status = HTTPStatus.BAD_REQUEST


class WrongState(ActRefused):
    """Somebody else acted first, or the act does not fit the state of the application."""

    code = "wrong_state"
    message = _("The application has changed since you opened it. Check it again.")


class IdempotencyMismatch(ActRefused):
    code = "idempotency_mismatch"
    message = _("This Idempotency-Key was used for another request.")
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class IdempotencyInProgress(ActRefused):
    code = "idempotency_in_progress"
    message = _("The first request with this Idempotency-Key is still being answered.")
