"""Sign-in through id.gov.ua, the state's broker (ІСЕІ): КЕП, Дія.Підпис, MobileID, BankID (B-26).

Like OAuth 2.0, with its own ways (identity notes A1): numbers come as texts, errors with status
200, our certificate is encoded twice, and `error` "0" means success at the end of the session.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal
from urllib.parse import quote, urlencode

from integrations.common.levels import Level
from integrations.common.options import checked, list_of, some_of
from integrations.identity.base import Button, IdentityError, Proof, RedirectProvider, gettext_noop
from integrations.identity.id_gov_ua_person import AUTH_TYPES, FIELDS, LEVELS, read_person
from integrations.identity.oauth import (
    AccessToken,
    BackChannel,
    Pairs,
    Reply,
    authorize_url,
    read_code,
    read_token,
    require_start,
    require_success,
    with_user,
)
from integrations.identity.reasons import SignInRefusal
from integrations.identity.sealed import (
    SealedAnswers,
    SealedOptions,
    evidence_of,
    members_of,
    require_signer,
)
from integrations.kep.answer import OpenedAnswer

logger = logging.getLogger(__name__)

_MAX_BYTES: Final = 1024 * 1024
_ANY: Final = "any"
_SIGNER: Final = r"[0-9]{8}|[0-9a-f]{64}"
_BUTTONS: Final = {
    _ANY: Button(
        _ANY,
        "id.gov.ua",
        gettext_noop("The state’s sign-in service: electronic signature, Diia or bank"),
        icon="key",
    ),
    "dig_sign": Button(
        "dig_sign",
        gettext_noop("Electronic signature through id.gov.ua"),
        gettext_noop("You go to id.gov.ua and come back, if you prefer not to sign here"),
        icon="key",
    ),
    "diia_id": Button(
        "diia_id",
        gettext_noop("Diia.Signature"),
        gettext_noop("Confirm the sign-in in the app on your phone"),
        icon="phone",
    ),
    "mobile_id": Button(
        "mobile_id",
        gettext_noop("MobileID"),
        gettext_noop("A signature on the SIM card of your mobile operator"),
        icon="sim",
    ),
    "bank_id": Button(
        "bank_id",
        gettext_noop("BankID through id.gov.ua"),
        gettext_noop("Using your bank’s app or website"),
        icon="agency",
    ),
}


def _are_levels(value: object) -> bool:
    known = list(Level)
    return isinstance(value, Mapping) and all(
        way in LEVELS and level in known for way, level in value.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IdGovUaOptions(SealedOptions):
    """Options of the provider; ValueError names every wrong one. See also `SealedOptions`.

    Attributes:
        auth_types: The ways that the portal is registered for, each a button: `dig_sign`,
            `diia_id`, `mobile_id`, `bank_id`; `any` leaves the choice to id.gov.ua.
        levels: Level by `auth_type`, with `+qscd` for keys on a secure device; replaces the
            defaults one by one. What is not named is low.
        cert_encoding: How often our certificate is URL-encoded.
        token_in_body: Whether id.gov.ua takes parameters in the body of a POST; else they travel
            in the address, as most of its clients do.
        signers: Who answers: ЄДРПОУ of the organisation, or SHA-256 fingerprints of certificates. An
            answer has to be signed inside by one of them, or come from one by static key agreement.
        accept_unsigned: Believes answers of anybody who knows our certificate, so that only TLS
            stands between the person and somebody else's account; a signature that is there still
            has to be one of `signers`, where they are named.
        plain_answers: Asks for answers without encryption: demonstration only.
    """

    base_url: str = "https://id.gov.ua"
    name: str = "id_gov_ua"
    label: str = "id.gov.ua"
    auth_types: Sequence[str] = field(
        default=("dig_sign", "diia_id", "mobile_id"), metadata=some_of(_ANY, *AUTH_TYPES)
    )
    levels: Mapping[str, str] = field(
        default_factory=dict,
        metadata=checked(_are_levels, "low, substantial or high by a known way to sign in"),
    )
    cert_encoding: Literal["double", "single"] = "double"
    token_in_body: bool = False
    signers: Sequence[str] = field(
        default=(),
        metadata=list_of(_SIGNER, "ЄДРПОУ or SHA-256 fingerprints in lower case"),
    )
    accept_unsigned: bool = False
    plain_answers: bool = False

    def conflicts(self) -> Iterator[str]:
        """See `Options.conflicts`."""
        if self.plain_answers:
            if not self.allow_http_loopback:
                yield "plain_answers: for demonstration on this machine only"
            return
        yield from self.missing_files()
        if not self.signers and not self.accept_unsigned:
            yield "signers: is needed, name who signs the answers of id.gov.ua"


class IdGovUa(RedirectProvider):
    """The provider."""

    Options = IdGovUaOptions

    def __init__(self, options: IdGovUaOptions) -> None:
        """Read the files of the options; see `SealedAnswers`."""
        super().__init__(options)
        self._options = options
        self.needs_https = not options.allow_http_loopback
        self._channel = BackChannel(options, max_bytes=_MAX_BYTES)
        self._levels = {**LEVELS} | {way: Level(level) for way, level in options.levels.items()}
        self.highest_level = _highest_level(options, self._levels)
        self._answers = None if options.plain_answers else SealedAnswers(options)

    @property
    def buttons(self) -> Sequence[Button]:
        """See `IdentityProvider.buttons`."""
        return tuple(_BUTTONS[way] for way in self._options.auth_types)

    def check(self) -> list[str]:
        """See `Provider.check`."""
        problems = []
        if self._options.allow_http_loopback:
            problems.append(
                gettext_noop(
                    "The connection to id.gov.ua does not use TLS: for demonstration only."
                )
            )
        if self._options.plain_answers:
            problems.append(
                gettext_noop("id.gov.ua answers without encryption: for demonstration only.")
            )
        if self._options.accept_unsigned:
            problems.append(
                gettext_noop(
                    "id.gov.ua: accept_unsigned is on. Anyone who gets between the portal and "
                    "id.gov.ua can sign in as anybody. Turn it off and name the signers."
                )
            )
        return problems

    def faults(self) -> list[str]:
        """See `Provider.faults`."""
        return [] if self._answers is None else self._answers.faults()

    def start(self, *, nonce: str, return_url: str, button: str = "", choice: str = "") -> str:
        """See `RedirectProvider.start`.

        Raises:
            IdentityError: There is no such button, or a choice (`unknown_choice`).
            ValueError, IdentityError: See `require_start`.
        """
        require_start(nonce, return_url, allow_http=self._options.allow_http_loopback)
        if button not in self._options.auth_types or choice:
            raise IdentityError(SignInRefusal.UNKNOWN_CHOICE)
        parameters = [
            ("response_type", "code"),
            ("client_id", self._options.client_id),
            ("auth_type", button),
            ("state", nonce),
            ("redirect_uri", return_url),
        ]
        if button == _ANY:
            del parameters[2]
        return authorize_url(f"{self._options.base_url.rstrip('/')}/", parameters)

    def finish(
        self, answer: Mapping[str, str], *, return_url: str, choice: str, now: datetime
    ) -> Proof:
        """See `RedirectProvider.finish`."""
        del choice
        token = self._token(read_code(answer), return_url)
        try:
            proof = self._read(token, now)
        except IdentityError as error:
            if error.reason is not SignInRefusal.UNAVAILABLE:
                self._log_out(token)
            raise
        self._log_out(token)
        return proof

    def _token(self, code: str, return_url: str) -> AccessToken:
        members = require_success(
            self._call(
                "/get-access-token",
                [
                    ("grant_type", "authorization_code"),
                    ("client_id", self._options.client_id),
                    ("client_secret", self._options.client_secret),
                    ("code", code),
                    ("redirect_uri", return_url),
                ],
            )
        )
        return with_user(read_token(members), members.get("user_id"))

    def _read(self, token: AccessToken, now: datetime) -> Proof:
        asked = [*_session(token), ("fields", ",".join(FIELDS))]
        asked.append(("cert", "" if self._answers is None else self._certificate(self._answers)))
        members = require_success(self._call("/get-user-info", asked))
        evidence: dict[str, bytes] = {}
        if self._answers is not None:
            opened = self._answers.open(_enveloped(members), now=now)
            self._require_signer(opened)
            evidence = evidence_of(opened)
            members = members_of(opened)
        # Else what is signed could be the answer about another person, sent once more.
        if str(members.get("user_id")) != token.user_id:
            raise IdentityError(SignInRefusal.BAD_ANSWER, "user_id")
        identity, credential = read_person(
            members, provider=self.name, levels=self._levels, now=now
        )
        return Proof(identity, credential, evidence)

    def _require_signer(self, opened: OpenedAnswer) -> None:
        unsigned = opened.signature is None and opened.originator is None
        if self._options.accept_unsigned and (unsigned or not self._options.signers):
            return
        require_signer(opened, self._options.signers)

    def _certificate(self, answers: SealedAnswers) -> str:
        text = answers.certificate
        return quote(text, safe="") if self._options.cert_encoding == "double" else text

    def _call(self, path: str, parameters: Pairs) -> Reply:
        encoded = urlencode(parameters)
        if self._options.token_in_body:
            return self._channel.post(path, form=encoded)
        return self._channel.post(path, query=encoded)

    def _log_out(self, token: AccessToken) -> None:
        """End the session at id.gov.ua; whoever is signed in here stays so if that fails."""
        try:
            reply = self._call("/get-user-logout", _session(token))
            if str(reply.members.get("error", "0")) != "0" or not reply.ok:
                logger.warning("%s: the session there was not ended", self.name)
        except IdentityError as error:
            logger.warning("%s: the session there was not ended: %s", self.name, error)


def _highest_level(options: IdGovUaOptions, levels: Mapping[str, Level]) -> Level:
    """Return the best that one of the ways can reach."""
    ways = AUTH_TYPES if _ANY in options.auth_types else options.auth_types
    found = [level for way, level in levels.items() if way.partition("+")[0] in ways]
    return max(found, key=lambda level: level.rank)


def _session(token: AccessToken) -> Pairs:
    return [("access_token", token.value), ("user_id", token.user_id)]


def _enveloped(members: Mapping[str, object]) -> object:
    try:
        return members["encryptedUserInfo"]
    except KeyError:
        raise IdentityError(SignInRefusal.BAD_ANSWER, "not_encrypted") from None
