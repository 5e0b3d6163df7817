"""Which client a request is from, as far as its address tells."""

from ipaddress import IPv6Address, ip_address

from django.http import HttpRequest
from rest_framework.settings import api_settings

_NETWORK = (1 << 128) - (1 << 64)
"""A customer of a provider has a /64 at least: all its addresses count as one."""


def client_address(request: HttpRequest) -> str:
    """Return whose requests are counted together: an IPv4 address, or the /64 of an IPv6 one.

    X-Forwarded-For is believed only from as many proxies as REST_FRAMEWORK["NUM_PROXIES"] says;
    without that setting it is not read at all.
    """
    address = request.META.get("REMOTE_ADDR", "")
    proxies = api_settings.NUM_PROXIES or 0
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if proxies and forwarded:
        hops = forwarded.split(",")
        address = hops[-min(proxies, len(hops))]
    return _network(address.strip())


def _network(text: str) -> str:
    try:
        # Some proxies add the port: "192.0.2.1:4711", "[2001:db8::1]:4711".
        bare = text[1:].partition("]")[0] if text.startswith("[") else text
        address = ip_address(bare if bare.count(":") != 1 else bare.partition(":")[0])
    except ValueError:
        return "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) & _NETWORK)}/64"
