"""Where our screens of the admin are, and to whom the menu shows them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
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
