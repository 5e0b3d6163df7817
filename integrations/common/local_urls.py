"""Addresses on this portal that a browser brings along, to go back to."""

from typing import Final

from django.utils.http import url_has_allowed_host_and_scheme

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
