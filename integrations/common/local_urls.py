"""Addresses on this portal that a browser brings along, to go back to."""

from typing import Final

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from integrations.common.urls import split_url

MAX_URL: Final = 2000
"""Characters of the longest address that browsers and proxies let through for sure."""


def local_url(url: object) -> str:
    """Give the address if it lies on this portal and is not too long, else an empty string."""
    if (
        isinstance(url, str)
        and len(url) <= MAX_URL
        and url.startswith("/")
        and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    ):
        return url
    return ""


def page_of(request: HttpRequest) -> str:
    """Return the page a person looks at: the one asked for, or the one whose form was sent."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    referer = split_url(request.headers.get("Referer", ""))
    if referer and referer.netloc == request.get_host():
        return local_url(referer._replace(scheme="", netloc="", fragment="").geturl())
    return ""
