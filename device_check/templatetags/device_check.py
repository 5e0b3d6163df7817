"""`{% device_check %}`: the whole check as a part of somebody else's page."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token

from device_check import errors
from device_check.web.page import check_context
from integrations.common.local_urls import local_url

register = template.Library()


@register.inclusion_tag("device_check/block.html", takes_context=True)
def device_check(context: template.Context, /, **options: str | None) -> dict[str, Any]:
    """Show the check as a part of a page: {% device_check context=application next="/cabinet/" %}.

    The page needs the request in its template context, and `page.DEVICES` in its
    Permissions-Policy if it has one. `context` is what the check is for, none by default and for None; one that
    is not the person's makes it a check for none. `next` is where the result leads.
    """
    request: HttpRequest = context["request"]
    unknown = options.keys() - {"context", "next"}
    if unknown:
        raise template.TemplateSyntaxError(f"device_check takes no {', '.join(sorted(unknown))}")
    wanted, next_url = str(options.get("context") or ""), local_url(options.get("next"))
    # The script takes the token from the page and sends it in a header.
    values = {"request": request, "csrf_token": get_token(request)}
    try:
        return values | check_context(request, context=wanted, next_url=next_url)
    except errors.NotFound:
        return values | check_context(request, next_url=next_url)
