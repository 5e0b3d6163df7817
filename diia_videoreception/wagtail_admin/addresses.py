"""Where our screens of the admin are, and to whom the menu shows them."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.functional import cached_property
from wagtail.admin.menu import MenuItem


class OurAddresses:
    """Addresses of a viewset below `videoreception/`, named `videoreception_…`."""

    name: str

    @cached_property
    def url_prefix(self) -> str:
        return f"videoreception/{self.name}"

    @cached_property
    def url_namespace(self) -> str:
        return f"videoreception_{self.name}"


def shown_to(rule: Callable[[Any], bool]) -> type[MenuItem]:
    """Return the item of a menu that those staff see of whom the rule is true."""

    class RuledMenuItem(MenuItem):
        def is_shown(self, request: HttpRequest) -> bool:
            return rule(request.user)

    return RuledMenuItem


def key_asked(request: HttpRequest, name: str) -> int | None:
    """Return the key that an address names; none where nothing is chosen.

    Raises:
        Http404: it cannot be a key.
    """
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 19):
        raise Http404
    return int(text)
