"""Sign-in through BankID НБУ: the person's bank vouches, by a signed and encrypted questionnaire.

Both versions of the interface (identity notes A2): in version 1 we name the fields that we want,
in version 2 the portal has agreed on a data set. What the bank says is believed for its signature
alone; the JSON around it only carries it.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal
from urllib.parse import urlencode

from integrations.common.levels import Level
from integrations.common.options import one_of
from integrations.identity.bankid_banks import Bank, BankList
from integrations.identity.bankid_person import FIELDS, read_person
from integrations.identity.base import (
    Button,
    Choice,
    Credential,
    CredentialKind,
    IdentifierKind,
    Identity,
    IdentityError,
    Proof,
    RedirectProvider,
    gettext_noop,
)
from integrations.identity.oauth import (
    AccessToken,
    BackChannel,
    authorize_url,
    read_code,
    read_token,
    require_start,
    require_success,
)
from integrations.identity.passports import bare_number
from integrations.identity.reasons import SignInRefusal
from integrations.identity.sealed import (
    SealedAnswers,
    SealedOptions,
    evidence_of,
    members_of,
    organisation_of,
    read_base64,
)
from integrations.kep.answer import OpenedAnswer
from integrations.kep.certificates import Certificate, read_certificate
from integrations.kep.errors import KepError

_MAX_BYTES: Final = 2 * 1024 * 1024
_AUTHORIZE: Final = "/v1/bank/oauth2/authorize"
_BANKS: Final = "/api/banks"
_TOKEN: Final = "/v1/bank/oauth2/token"
_CLIENT: Final = "/v1/bank/resource/client"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankIdOptions(SealedOptions):
    """Options of the provider; ValueError names every wrong one. See also `SealedOptions`.

    Attributes:
        description: One sentence below the name on the sign-in page, a msgid or own words.
        version: Of the interface, as the portal has agreed with the НБУ.
        dataset: Code of the agreed data set, for version 2.
        level: What a sign-in through a bank counts for; a decision of the portal.
        signers: ЄДРПОУ of a bank by its `memberId`: where it is named, only a signature of that
            organisation is believed for this bank.
    """

    base_url: str = "https://id.bank.gov.ua"
    name: str = "bankid"
    label: str = gettext_noop("BankID")
    description: str = gettext_noop("Using your bank’s app or website")
    version: Literal["v1", "v2"] = "v2"
    dataset: str = ""
    level: str = field(default=Level.SUBSTANTIAL.value, metadata=one_of(*Level))
    signers: Mapping[str, str] = field(default_factory=dict)

    def conflicts(self) -> Iterator[str]:
        """See `Options.conflicts`."""
        yield from self.missing_files()
        if self.version == "v2" and not self.dataset:
            yield "dataset: is needed in version 2"


class BankId(RedirectProvider):
    """The provider."""

    Options = BankIdOptions

    def __init__(
        self, options: BankIdOptions, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Read the files of the options; see `SealedAnswers`. The clock is for the list of banks."""
        super().__init__(options)
        self._options = options
        self.needs_https = not options.allow_http_loopback
        self.highest_level = Level(options.level)
        self._channel = BackChannel(options, max_bytes=_MAX_BYTES)
        self._answers = SealedAnswers(options)
        self._banks = BankList(self._fetch_banks, clock=clock)

    @property
    def buttons(self) -> Sequence[Button]:
        """See `IdentityProvider.buttons`."""
        return (Button("", self._options.label, self._options.description, icon="agency"),)

    def check(self) -> list[str]:
        """See `Provider.check`."""
        problems = []
        if self._options.allow_http_loopback:
            problems.append(
                gettext_noop("The connection to BankID does not use TLS: for demonstration only.")
            )
        if not self._options.signers:
            problems.append(
                gettext_noop(
                    "BankID: signers is empty, so any organisation’s signature is accepted."
                )
            )
        return problems

    def faults(self) -> list[str]:
        """See `Provider.faults`."""
        return self._answers.faults()

    def choices(self) -> Sequence[Choice]:
        """See `RedirectProvider.choices`: the banks, those that do not work now included."""
        return tuple(Choice(bank.key, bank.name, bank.workable) for bank in self._banks.banks())

    def start(self, *, nonce: str, return_url: str, button: str = "", choice: str = "") -> str:
        """See `RedirectProvider.start`.

        Raises:
            IdentityError: No such button, no such bank, or one that does not work now
                (`unknown_choice`); there is no list of banks (`unavailable`, `bad_answer`).
            ValueError, IdentityError: See `require_start`.
        """
        require_start(nonce, return_url, allow_http=self._options.allow_http_loopback)
        if button:
            raise IdentityError(SignInRefusal.UNKNOWN_CHOICE)
        bank = self._banks.find(choice)
        if not bank.workable:
            raise IdentityError(SignInRefusal.UNKNOWN_CHOICE)
        parameters = [
            ("response_type", "code"),
            ("client_id", self._options.client_id),
            ("redirect_uri", return_url),
            ("state", nonce),
            ("bank_id", bank.key),
        ]
        if self._options.version == "v2":
            parameters.append(("dataset", self._options.dataset))
        return authorize_url(f"{self._options.base_url.rstrip('/')}{_AUTHORIZE}", parameters)

    def finish(
        self, answer: Mapping[str, str], *, return_url: str, choice: str, now: datetime
    ) -> Proof:
        """See `RedirectProvider.finish`.

        Raises:
            IdentityError: `wrong_bank` when another bank answers; else as there.
        """
        del return_url
        code = read_code(answer)
        bank = self._banks.find(choice)
        members = self._questionnaire(self._token(code))
        if members.get("state") != "ok":
            raise IdentityError(SignInRefusal.BAD_ANSWER, "state")
        if str(members.get("memberId")) != bank.member:
            raise IdentityError(SignInRefusal.WRONG_BANK, "memberId")
        opened = self._answers.open(
            members.get("customerCrypto"), now=now, senders=_senders(members.get("cert"))
        )
        self._require_bank(opened, bank)
        identity = read_person(
            members_of(opened),
            provider=self.name,
            level=Level(self._options.level),
            now=now,
        )
        return Proof(identity, _credential(bank, identity), evidence_of(opened))

    def _fetch_banks(self) -> object:
        reply = self._channel.get(_BANKS)
        listed = reply.ok and isinstance(reply.value, list)
        return reply.value if listed else require_success(reply)

    def _token(self, code: str) -> AccessToken:
        form = urlencode(
            {
                "grant_type": "authorization_code",
                "code": code,
                "client_id": self._options.client_id,
                "client_secret": self._options.client_secret,
            }
        )
        return read_token(require_success(self._channel.post(_TOKEN, form=form)))

    def _questionnaire(self, token: AccessToken) -> Mapping[str, object]:
        asked: dict[str, object] = {"cert": self._answers.certificate}
        if self._options.version == "v1":
            asked |= {"type": "physical", "fields": list(FIELDS)}
        return require_success(self._channel.post(_CLIENT, members=asked, token=token.value))

    def _require_bank(self, opened: OpenedAnswer, bank: Bank) -> None:
        """Check that an organisation has signed, and the one that belongs to the bank."""
        verdict = opened.signature
        if verdict is None or verdict.certificate is None:
            raise IdentityError(SignInRefusal.BAD_ANSWER, "not_signed")
        signer = organisation_of(verdict.certificate)
        if signer is None:
            raise IdentityError(SignInRefusal.BAD_ANSWER, "signer")
        if self._options.signers.get(bank.member, signer) != signer:
            raise IdentityError(SignInRefusal.WRONG_BANK, "signer")
        if opened.originator is not None:
            sender = organisation_of(opened.originator)
            if sender is not None and sender != signer:
                raise IdentityError(SignInRefusal.WRONG_BANK, "sender")


def _senders(certificate: object) -> list[Certificate]:
    """Read the certificate of the bank; with an ephemeral key nobody needs it."""
    try:
        return [read_certificate(read_base64(certificate))]
    except (ValueError, KepError):
        return []


def _credential(bank: Bank, identity: Identity) -> Credential:
    """Return the person at this bank: banks tell no number of their own for a person.

    The fingerprint has a passport without its country, as it was remembered once.
    """
    kind, number = identity.identifier_kind, identity.identifier
    bare = bare_number(number) if kind is IdentifierKind.PASSPORT else number
    return Credential(
        CredentialKind.BANK,
        fingerprint=_person_at(bank, f"{kind.value}:{bare}"),
        seen=_person_at(bank, f"{kind.value}:{number}\nwith its country"),
        label=bank.name,
    )


def _person_at(bank: Bank, person: str) -> str:
    return sha256(f"bankid\n{bank.member}\n{person}".encode()).hexdigest()
