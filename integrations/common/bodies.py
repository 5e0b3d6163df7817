"""Reading the body of a request once it is known not to be too large."""

from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException, UnreadablePostError

_FORMS = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})


class BodyTooLarge(Exception):
    """It has more bytes, fields or files than are allowed."""


class BodyUnreadable(Exception):
    """It breaks off, or is not what it says to be."""


def read_body(request: HttpRequest, *, limit: int) -> None:
    """Read the whole body, parsed if it is a form.

    Args:
        limit: How many bytes it may say that it has; without a length it has none.

    Raises:
        BodyTooLarge, BodyUnreadable.
    """
    if _announced_length(request) > limit:
        raise BodyTooLarge
    try:
        if request.content_type in _FORMS:
            # Parsed here, once and for all.
            request.POST  # noqa: B018
        else:
            request.body  # noqa: B018
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent) as error:
        raise BodyTooLarge from error
    except (
        MultiPartParserError,
        RawPostDataException,
        SuspiciousOperation,
        UnreadablePostError,
    ) as error:
        raise BodyUnreadable from error


def _announced_length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise BodyUnreadable from None
