"""Addresses that the API does not have: a program gets JSON, not the portal's page."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from diia_videoreception.api.base import View
from diia_videoreception.errors import NotFound
from diia_videoreception.services.throttling import sender


@extend_schema(exclude=True)
class Unknown(View):
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.count(request, sender(request._request, None))
        raise NotFound
