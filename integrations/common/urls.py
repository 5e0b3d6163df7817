"""Which addresses of other machines are good to talk to."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit


def split_url(url: str) -> SplitResult | None:
    """Return the parts of an address that others wrote; None for one that cannot be read."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - an impossible port shows only when it is read
    except ValueError:
        return None
    return parts


def is_safe_url(url: str, *, allow_http_loopback: bool) -> bool:
    """Return whether an address is https, or http on this very machine where that is allowed."""
    parts = split_url(url)
    if parts is None or not parts.hostname or parts.username is not None or parts.fragment:
        return False
    if parts.scheme == "https":
        return True
    return allow_http_loopback and parts.scheme == "http" and is_loopback(parts.hostname)


def is_loopback(host: str | None) -> bool:
    """Return whether a host is this very machine, going by its name alone."""
    if host is None or host == "localhost":
        return host is not None
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
