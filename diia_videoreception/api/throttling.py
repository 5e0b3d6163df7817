"""Slows clients down: by citizen when there is one, else by address (decision 14)."""

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from diia_videoreception.conf import app_settings
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.selectors.actors import SignedIn

READ, WRITE = "api_read", "api_write"
SAFE = ("GET", "HEAD", "OPTIONS")


class CitizenThrottle(SimpleRateThrottle):
    """Reads share one budget; a write has that of the view's `throttle_scope`."""

    def __init__(self) -> None:
        self.scope = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        self.scope = READ if request.method in SAFE else getattr(view, "throttle_scope", WRITE)
        self.rate = app_settings.rate(self.scope)
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return bool(super().allow_request(request, view))

    def get_cache_key(self, request: Request, view: APIView) -> str:
        actor = request.auth
        if isinstance(actor, SignedIn):
            who = f"citizen {actor.citizen.pk}"
        else:
            who = f"address {self.get_ident(request)}"
        # Cache keys name nobody (decision 10).
        return f"diia_videoreception:throttle:{self.scope}:{lookup_hash('throttle', who)}"
