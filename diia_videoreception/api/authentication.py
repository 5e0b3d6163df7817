"""Who calls the API: a citizen, by an access token of the portal."""

import logging

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.accounts.sessions import sign_in_by_access_token
from diia_videoreception.services.throttling import require_rate, sender
from integrations.identity.base import IdentityError

logger = logging.getLogger(__name__)

SCHEME = "Bearer"


class AccessTokenAuthentication(BaseAuthentication):
    """Sets `request.auth` to a `SignedIn`; `request.user` stays anonymous: a citizen is no host user."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, SignedIn] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != SCHEME.lower().encode():
            return None
        try:
            (token,) = parts[1:]
            return AnonymousUser(), sign_in_by_access_token(token.decode(), now=timezone.now())
        except (ValueError, IdentityError) as error:
            # Who tries on and on is slowed down, and fills no log.
            address = sender(request._request, None)
            require_rate("token", address, now=timezone.now())
            # Which check failed is in the log only.
            if isinstance(error, IdentityError):
                logger.warning("Access token refused: %s %s", error.reason, error.detail)
            raise AuthenticationFailed(code="token_refused") from error

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


class IsCitizen(BasePermission):
    """Lets only signed-in citizens through."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, SignedIn)


class AccessTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = AccessTokenAuthentication
    name = "accessToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
