"""What all views of the API share, whatever the portal's own REST_FRAMEWORK says."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.decorators import method_decorator
from rest_framework.exceptions import ParseError
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from diia_videoreception.api import errors
from diia_videoreception.api.authentication import AccessTokenAuthentication, IsCitizen
from diia_videoreception.errors import NotFound
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services import idempotency
from diia_videoreception.services.idempotency import StoredResponse
from diia_videoreception.services.throttling import require_rate, sender

HEADER = "Idempotency-Key"
SAFE = ("GET", "HEAD", "OPTIONS")
REPEATABLE_FROM = 500
RETRY_LATER = {408, 429}


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class JSON(JSONParser):
    """JSON that is nested deeper than the reader follows is malformed, no error of the server."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError from error


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class View(APIView):
    """A public view of the API; a service is one transaction, hence no ATOMIC_REQUESTS.

    Every request is counted, by citizen or by address, before anybody asks whether it is allowed:
    a read at the rate of `read_scope`, a write at that of `throttle_scope`.
    """

    read_scope = "api_read"
    throttle_scope = "api_write"

    authentication_classes = [AccessTokenAuthentication]
    permission_classes: list[Any] = []
    renderer_classes = [JSONRenderer]
    parser_classes: list[Any] = [JSON]
    throttle_classes: list[Any] = []
    versioning_class = None

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response]:
        return errors.handle

    def perform_authentication(self, request: Request) -> None:
        super().perform_authentication(request)
        actor = request.auth if isinstance(request.auth, SignedIn) else None
        self.count(request, sender(request._request, actor))

    def count(self, request: Request, who: str) -> None:
        """Count the request; raises `TooManyRequests`."""
        scope = self.read_scope if request.method in SAFE else self.throttle_scope
        require_rate(scope, who, now=timezone.now())

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if "Authorization" in request.headers:
            response.headers["Cache-Control"] = "no-store, private"
        return response

    def paginated(self, rows: Any, serializer: Any, **context: object) -> Response:
        """Return one page of rows: {"count", "next", "previous", "results"}."""
        pages = Pages()
        page: list[Any] | None = pages.paginate_queryset(rows, self.request, view=self)
        return pages.get_paginated_response(serializer(page, many=True, context=context).data)


class CitizenView(View):
    """A view for signed-in citizens; writes may carry an Idempotency-Key."""

    permission_classes = [IsCitizen]
    is_repeatable = True
    """Whether the answer to a write may be kept for repetitions."""

    @property
    def actor(self) -> SignedIn:
        if not isinstance(self.request.auth, SignedIn):
            raise NotFound
        return self.request.auth

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self._key = ""
        try:
            response = super().dispatch(request, *args, **kwargs)
        except BaseException:
            if self._key:
                idempotency.abandon(citizen=self.actor.citizen, key=self._key)
            raise
        if self._key:
            self._keep(response)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        key = request.headers.get(HEADER, "")
        if not key or request.method in SAFE or not self.is_repeatable:
            return
        self.require_size(request)
        if len(key) > idempotency.KEY_LENGTH or not key.isascii() or not key.isprintable():
            raise ParseError
        earlier = idempotency.begin(
            citizen=self.actor.citizen, key=key, request=_essence(request), now=timezone.now()
        )
        if earlier is not None:
            raise Repeated(earlier)
        self._key = key

    def require_size(self, request: Request) -> None:
        """Refuse what is too large by its announced length, before anything is read."""

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Repeated):
            return _answer_again(exc.answer)
        return super().handle_exception(exc)

    def _keep(self, response: HttpResponseBase) -> None:
        citizen, key = self.actor.citizen, self._key
        if response.status_code >= REPEATABLE_FROM or response.status_code in RETRY_LATER:
            idempotency.abandon(citizen=citizen, key=key)
            return
        content = response.render().content if isinstance(response, Response) else b""
        idempotency.finish(
            citizen=citizen, key=key, answer=StoredResponse(response.status_code, content.decode())
        )


def _essence(request: Request) -> bytes:
    """Return what makes two requests the same; of an upload the content, whatever the form around it."""
    is_form = (request.content_type or "").startswith("multipart/")
    body = _form_hash(request) if is_form else request._request.body
    return b"\0".join(((request.method or "").encode(), request.get_full_path().encode(), body))


def _form_hash(request: Request) -> bytes:
    digest = hashlib.sha256()
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(f"\0{name}\0{file.name}\0{file.size}\0".encode(errors="replace"))
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    for name, texts in sorted(request.POST.lists()):
        digest.update(repr((name, texts)).encode(errors="replace"))
    return digest.digest()


class Repeated(Exception):
    """The request was answered before."""

    def __init__(self, answer: StoredResponse) -> None:
        self.answer = answer
        super().__init__()


def _answer_again(answer: StoredResponse) -> Response:
    body = json.loads(answer.body) if answer.body else None
    return Response(body, status=answer.status, headers={"Idempotency-Replayed": "true"})
