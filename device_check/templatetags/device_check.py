"""`{% device_check %}`: the whole check as a part of somebody else's page."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token

from device_check import errors
from device_check.web.page import check_context

register = template.Library()


@register.inclusion_tag("device_check/block.html", takes_context=True)
def device_check(
    page: template.Context,
    context: str = "",
    next: str = "",  # noqa: A002  (named as in the page's address)
) -> dict[str, Any]:
    """Shows the check, for the given application or whatever the host's contexts are.

    The page needs the request in its template context, `device_check/check.css`, and these of
    `page.DEVICES` in its Permissions-Policy, if it has one. A context that is not the person's
    makes it a check for no context.
    """
    request: HttpRequest = page["request"]
    # The script sends the token in a header and takes it from the cookie or the page.
    values = {"request": request, "csrf_token": get_token(request)}
    try:
        return values | check_context(request, context=context, next_url=next)
    except errors.NotFound:
        return values | check_context(request, next_url=next)
