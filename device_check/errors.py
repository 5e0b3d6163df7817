"""What can go wrong in a check: each refusal has a stable code and a text for the person."""

from http import HTTPStatus

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class CheckRefused(Exception):
    """A request that is refused; nothing has been written."""

    code = "refused"
    message: str | Promise = _("You cannot do this.")
    status = HTTPStatus.BAD_REQUEST

    def __init__(self, *, code: str = "", retry_after: int | None = None) -> None:
        self.code = code or type(self).code
        self.retry_after = retry_after
        super().__init__(self.code)


class WrongMethod(CheckRefused):
    code = "method_not_allowed"
    status = HTTPStatus.METHOD_NOT_ALLOWED


class NotFound(CheckRefused):
    """The run or the context does not exist, or is not this person's: the answer is the same."""

    code = "not_found"
    message = _("We could not find this.")
    status = HTTPStatus.NOT_FOUND


class RunFinished(CheckRefused):
    code = "run_finished"
    message = _("This check is finished. Start a new one.")
    status = HTTPStatus.CONFLICT


class RunExpired(CheckRefused):
    code = "run_expired"
    message = _("This check was started too long ago. Start a new one.")
    status = HTTPStatus.CONFLICT


class WrongReport(CheckRefused):
    """A step that no page of ours reports: unknown words or impossible numbers."""

    code = "wrong_report"
    message = _("This result cannot be accepted.")


class Unreadable(CheckRefused):
    """The body of the request broke off, or is not what the address takes."""

    code = "unreadable"
    message = _("Some of the data did not arrive. Try again.")


class UnusableFile(CheckRefused):
    """A picture or a sound that cannot be analysed; the code says why."""

    code = "unreadable"
    message = _("We could not use the picture or the sound. Try again.")


class TooLarge(CheckRefused):
    code = "too_large"
    message = _("This is too much at once.")
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class Untrusted(CheckRefused):
    code = "csrf"
    message = _("The page was open for too long. Reload it and try again.")
    status = HTTPStatus.FORBIDDEN


class TooManyRequests(CheckRefused):
    code = "throttled"
    message = _("Too many attempts. Wait a few minutes and try again.")
    status = HTTPStatus.TOO_MANY_REQUESTS
