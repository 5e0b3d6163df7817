"""What id.gov.ua and BankID have in common: the browser's way there and our own way behind it.

Both speak something like OAuth 2.0 (identity rule C.6): `state` goes along with the browser, the
code is exchanged by our server, and neither secret nor code nor token is ever logged.
"""

import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode, urlsplit

from integrations.common.fetching import AnswerTooLarge, FetchFailed, FetchLimits, fetch
from integrations.common.options import CA_FILE, HTTPS, SECONDS, TEXT, Options
from integrations.identity.base import IdentityError
from integrations.identity.encoding import decode_json
from integrations.identity.reasons import SignInRefusal

logger = logging.getLogger(__name__)

Pairs = Sequence[tuple[str, str]]


_KNOWN_ERRORS: Final[Mapping[str, SignInRefusal]] = {
    "access_denied": SignInRefusal.CANCELLED,
    "temporarily_unavailable": SignInRefusal.UNAVAILABLE,
    "server_error": SignInRefusal.UNAVAILABLE,
    "invalid_grant": SignInRefusal.CODE_REFUSED,
    "invalid_token": SignInRefusal.CODE_REFUSED,
    "invalid_request": SignInRefusal.MISCONFIGURED,
    "invalid_client": SignInRefusal.MISCONFIGURED,
    "invalid_cert": SignInRefusal.MISCONFIGURED,
    "unauthorized_client": SignInRefusal.MISCONFIGURED,
    "invalid_data": SignInRefusal.BAD_ANSWER,
}
NONCE: Final = re.compile(r"[A-Za-z0-9_-]{16,128}")
_ERROR: Final = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_CODE: Final = re.compile(r"[\x21-\x7e]{1,1024}")
_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,4096}")
_SECONDS: Final = re.compile(r"[0-9]{1,10}")
_SUCCESS: Final = range(200, 300)
_REDIRECT: Final = range(300, 400)
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOptions(Options):
    """Options that both services share; ValueError names every wrong one.

    Attributes:
        client_id: Our name at the service.
        client_secret: The secret that goes with it.
        base_url: Address of the service without a slash at the end.
        connect_timeout: Longest wait for a connection, seconds.
        read_timeout: Longest silence, seconds.
        total_timeout: Longest duration of one answer, seconds.
        ca_file: Certificates (PEM) of the only authorities that may speak for the service; empty for
            those that everybody trusts.
        allow_http_loopback: Lets the addresses be plain http on this machine: demonstration only.
    """

    client_id: str = field(metadata=TEXT)
    client_secret: str = field(repr=False, metadata=TEXT)
    base_url: str = field(metadata=HTTPS)
    connect_timeout: float = field(default=3.0, metadata=SECONDS)
    read_timeout: float = field(default=10.0, metadata=SECONDS)
    total_timeout: float = field(default=20.0, metadata=SECONDS)
    ca_file: str = field(default="", metadata=CA_FILE)
    allow_http_loopback: bool = False

    def limits(self, max_bytes: int) -> FetchLimits:
        """Give the limits of one request."""
        return FetchLimits(self.connect_timeout, self.read_timeout, self.total_timeout, max_bytes)


@dataclass(frozen=True, slots=True)
class Reply:
    """JSON from the service, with an error of HTTP or without."""

    status: int
    value: object = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether the status says success."""
        return self.status in _SUCCESS

    @property
    def members(self) -> Mapping[str, object]:
        """The members of the object.

        Raises:
            IdentityError: `bad_answer`: it is no object.
        """
        if not isinstance(self.value, dict):
            raise IdentityError(SignInRefusal.BAD_ANSWER, "object")
        return self.value


class BackChannel:
    """Requests from our server to the service, by its own name and nobody else's.

    Args:
        options: Where and within which limits.
        max_bytes: Largest answer.
    """

    def __init__(self, options: ServiceOptions, *, max_bytes: int) -> None:
        self._name = options.name
        self._base_url = options.base_url.rstrip("/")
        self._limits = options.limits(max_bytes)
        self._ca_file = options.ca_file

    def get(self, path: str) -> Reply:
        """Get a document.

        Raises:
            IdentityError: `unavailable` or `bad_answer`.
        """
        return self._ask("GET", path, None, {})

    def post(
        self,
        path: str,
        *,
        query: str = "",
        form: str | None = None,
        members: Mapping[str, object] | None = None,
        token: str = "",
    ) -> Reply:
        """Post a form or JSON.

        Args:
            path: Below the address of the service.
            query: Parameters in the address, encoded.
            form: Parameters in the body, encoded.
            members: A JSON body instead.
            token: Bearer token for the Authorization header.

        Raises:
            IdentityError: `unavailable` or `bad_answer`.
        """
        headers: dict[str, str] = {}
        body = b""
        if form is not None:
            body = form.encode("ascii")
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        elif members is not None:
            body = json.dumps(members).encode("ascii")
            headers["Content-Type"] = "application/json"
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return self._ask("POST", f"{path}?{query}" if query else path, body, headers)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Reply:
        headers["Accept"] = "application/json"
        where = path.partition("?")[0]
        try:
            answer = fetch(
                method,
                self._base_url + path,
                limits=self._limits,
                body=body,
                headers=headers,
                ca_file=self._ca_file,
            )
        except AnswerTooLarge:
            logger.warning("%s %s: the answer is too large", self._name, where)
            raise IdentityError(SignInRefusal.BAD_ANSWER, "size") from None
        except FetchFailed as error:
            logger.warning("%s %s: %s", self._name, where, error)
            raise IdentityError(SignInRefusal.UNAVAILABLE) from None
        if answer.status >= _SERVER_ERROR or answer.status == _TOO_MANY:
            logger.warning("%s %s: status %d", self._name, where, answer.status)
            raise IdentityError(SignInRefusal.UNAVAILABLE, "status")
        if answer.status in _REDIRECT:
            logger.warning("%s %s: status %d", self._name, where, answer.status)
            raise IdentityError(SignInRefusal.BAD_ANSWER, "redirect")
        try:
            return Reply(answer.status, decode_json(answer.body))
        except ValueError:
            logger.warning("%s %s: status %d, no JSON", self._name, where, answer.status)
            raise IdentityError(SignInRefusal.BAD_ANSWER, "json") from None


def authorize_url(url: str, parameters: Pairs) -> str:
    """Give the address to send the browser to."""
    return f"{url}?{urlencode(parameters)}"


def require_start(nonce: str, return_url: str, *, allow_http: bool) -> None:
    """Check what goes along with the browser.

    Raises:
        ValueError: The nonce is not 16 to 128 letters of base64url.
        IdentityError: The return address, which carries the answer back, is not https where plain
            http is not allowed (`insecure_return`).
    """
    if not NONCE.fullmatch(nonce):
        raise ValueError("the nonce is not 16 to 128 letters of base64url")
    target = urlsplit(return_url)
    schemes = ("https", "http") if allow_http else ("https",)
    if target.scheme not in schemes or not target.hostname:
        logger.error(
            "Nobody can sign in: the portal takes its own address for plain http. Behind a proxy "
            "that speaks https, set SECURE_PROXY_SSL_HEADER."
        )
        raise IdentityError(SignInRefusal.INSECURE_RETURN)


def read_code(answer: Mapping[str, str]) -> str:
    """Take the code from what the browser brought back.

    Raises:
        IdentityError: The service sent the person back with an error, or without a code.
    """
    if "error" in answer:
        raise refusal(answer["error"])
    code = answer.get("code", "")
    if not _CODE.fullmatch(code):
        raise IdentityError(SignInRefusal.BAD_ANSWER, "code")
    return code


def refusal(error: object) -> IdentityError:
    """Translate an error of the service: a word of RFC 6749, a number, or its own text."""
    if isinstance(error, bool) or not isinstance(error, str | int):
        return IdentityError(SignInRefusal.BAD_ANSWER, "error")
    code = str(error).lower()
    # A text of the service may repeat anything, so only what looks like a code is logged.
    if _ERROR.fullmatch(code):
        logger.warning("The service refuses with error %s", code)
    return IdentityError(_KNOWN_ERRORS.get(code, SignInRefusal.REFUSED), "error")


def require_success(reply: Reply) -> Mapping[str, object]:
    """Give the members of an answer that tells no error; some tell one with status 200.

    Raises:
        IdentityError: The service refuses.
    """
    members = reply.members
    if members.get("error") is not None:
        raise refusal(members["error"])
    if not reply.ok:
        raise IdentityError(SignInRefusal.REFUSED, "status")
    return members


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What the code was exchanged for."""

    value: str = field(repr=False)
    user_id: str = field(default="", repr=False)


def read_token(members: Mapping[str, object]) -> AccessToken:
    """Check the answer to the code: a bearer token that has not run out yet.

    Raises:
        IdentityError: `bad_answer` with the name of the member.
    """
    token = members.get("access_token")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise IdentityError(SignInRefusal.BAD_ANSWER, "access_token")
    kind = members.get("token_type", "bearer")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise IdentityError(SignInRefusal.BAD_ANSWER, "token_type")
    seconds = str(members.get("expires_in", "1"))
    if not _SECONDS.fullmatch(seconds) or not int(seconds):
        raise IdentityError(SignInRefusal.BAD_ANSWER, "expires_in")
    return AccessToken(token)


def with_user(token: AccessToken, user_id: object) -> AccessToken:
    """Add the number that the service gave the person for this session.

    Raises:
        IdentityError: `bad_answer`: there is none.
    """
    text = str(user_id) if isinstance(user_id, str | int) else ""
    if not _CODE.fullmatch(text):
        raise IdentityError(SignInRefusal.BAD_ANSWER, "user_id")
    return replace(token, user_id=text)
