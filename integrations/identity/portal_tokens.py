"""Sign-in with tokens of the portal: hand-over in the browser, access for programs.

Neither is accepted in the other's place. Whoever calls keeps the `jti` of a hand-over until
`expires_at`, so that it works once, and asks the revocation list for the `jti` of an access token.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from integrations.common.options import HTTPS, HTTPS_IF_ANY, TEXT, Options, judged
from integrations.identity.base import (
    Access,
    Button,
    HandOverClaims,
    HandOverProvider,
    IdentityError,
    gettext_noop,
)
from integrations.identity.jwks import KeySet, LocalKeySet
from integrations.identity.jwt import moment, read
from integrations.identity.oauth import NONCE, require_start
from integrations.identity.portal_claims import identity_of
from integrations.identity.reasons import SignInRefusal
from integrations.identity.remote_keys import RemoteKeySet


@dataclass(frozen=True, slots=True)
class TokenKind:
    """What makes one kind of token unusable in the place of the other."""

    typ: str
    audience_suffix: str
    max_lifetime: timedelta

    def audience(self, base: str) -> str:
        """Give the value of `aud` for a portal whose configured audience is `base`."""
        return base + self.audience_suffix


HANDOVER: Final = TokenKind("diia-vr-handover+jwt", "/handover", timedelta(minutes=2))
ACCESS: Final = TokenKind("at+jwt", "/access", timedelta(minutes=10))


def _key_set_problem(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, Mapping):
        return "must be a key set"
    try:
        LocalKeySet(value)
    except ValueError as error:
        return str(error)
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalTokensOptions(Options):
    """Options of the provider; ValueError names every wrong one.

    Attributes:
        issuer: Exact value of `iss`.
        audience: Our name at the portal; `aud` is it with `/handover` or `/access` behind.
        authorize_url: Page of the portal that signs the person in and sends the hand-over back.
        jwks_url: Where the portal publishes its keys; this or `jwks`.
        jwks: The portal's key set itself.
        description: One sentence below the label, a msgid or the portal's own words.
        sign_out_url: Page where the person signs out of the portal too; offered after signing out.
        allow_http_loopback: Lets the addresses be plain http on this machine: demonstration only.
    """

    issuer: str = field(metadata=TEXT)
    audience: str = field(metadata=TEXT)
    authorize_url: str = field(metadata=HTTPS)
    jwks_url: str | None = field(default=None, metadata=HTTPS_IF_ANY)
    jwks: Mapping[str, object] | None = field(default=None, metadata=judged(_key_set_problem))
    name: str = "portal"
    label: str = gettext_noop("Portal account")
    description: str = gettext_noop("Sign in as you usually do on this portal.")
    sign_out_url: str = field(default="", metadata=HTTPS_IF_ANY)
    allow_http_loopback: bool = False

    def conflicts(self) -> Iterator[str]:
        """See `Options.conflicts`."""
        if (self.jwks is None) == (self.jwks_url is None):
            yield "jwks, jwks_url: give exactly one of them"


class PortalTokens(HandOverProvider):
    """The provider that reads the two kinds of tokens."""

    Options = PortalTokensOptions

    def __init__(self, options: PortalTokensOptions, *, keys: KeySet | None = None) -> None:
        """Take its keys from the options, unless the caller shares a key set of its own."""
        super().__init__(options)
        self._options = options
        self.needs_https = not options.allow_http_loopback
        self.sign_out_url = options.sign_out_url
        self._keys = keys or _key_set(options)

    @property
    def buttons(self) -> Sequence[Button]:
        """See `IdentityProvider.buttons`."""
        return (Button("", self._options.label, self._options.description, icon="person"),)

    def start(self, *, nonce: str, return_url: str) -> str:
        """See `HandOverProvider.start`; adds `nonce` and `return_url` to the portal's address.

        Raises:
            ValueError, IdentityError: See `require_start`.
        """
        require_start(nonce, return_url, allow_http=self._options.allow_http_loopback)
        parts = urlsplit(self._options.authorize_url)
        query = parse_qsl(parts.query, keep_blank_values=True)
        query += [("nonce", nonce), ("return_url", return_url)]
        return urlunsplit(parts._replace(query=urlencode(query)))

    def check(self) -> list[str]:
        """See `Provider.check`."""
        problems = self._keys.problems()
        if self._options.allow_http_loopback:
            problems.append(
                gettext_noop(
                    "The connection to the portal does not use TLS: for demonstration only."
                )
            )
        return problems

    def read_handover(self, token: str, now: datetime) -> HandOverClaims:
        """See `HandOverProvider.read_handover`."""
        claims = self._read(token, HANDOVER, now)
        return HandOverClaims(
            identity=identity_of(claims, provider=self.name, now=now),
            jti=str(claims["jti"]),
            expires_at=moment(claims, "exp"),
            nonce=_nonce(claims),
        )

    def read_access(self, token: str, now: datetime) -> Access:
        """See `HandOverProvider.read_access`."""
        claims = self._read(token, ACCESS, now)
        return Access(
            identity=identity_of(claims, provider=self.name, now=now),
            jti=str(claims["jti"]),
            issued_at=moment(claims, "iat"),
            expires_at=moment(claims, "exp"),
        )

    def _read(self, token: str, kind: TokenKind, now: datetime) -> Mapping[str, object]:
        return read(
            token,
            keys=self._keys,
            typ=kind.typ,
            issuer=self._options.issuer,
            audience=kind.audience(self._options.audience),
            max_lifetime=kind.max_lifetime,
            now=now,
        )


def _key_set(options: PortalTokensOptions) -> KeySet:
    if options.jwks is not None:
        return LocalKeySet(options.jwks)
    if options.jwks_url is None:
        raise ValueError("jwks, jwks_url: give exactly one of them")
    return RemoteKeySet(options.jwks_url, allow_http_loopback=options.allow_http_loopback)


def _nonce(claims: Mapping[str, object]) -> str | None:
    nonce = claims.get("nonce")
    if nonce is None:
        return None
    if not isinstance(nonce, str) or not NONCE.fullmatch(nonce):
        raise IdentityError(SignInRefusal.BAD_CLAIM, "nonce")
    return nonce
