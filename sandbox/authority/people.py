"""Who has a key at the demonstration authority: the invented citizens, and some to be refused."""

from dataclasses import dataclass
from enum import StrEnum

from integrations.identity.base import IdentifierKind
from integrations.identity.rnokpp import rnokpp_check_digit
from sandbox.demo.citizens import CITIZENS, DemoCitizen


class Algorithm(StrEnum):
    """The two authorities of the demonstration, named by what they sign with."""

    DSTU = "dstu"
    ECDSA = "ecdsa"


class State(StrEnum):
    """What has become of a certificate."""

    GOOD = "good"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Signer:
    """One key on the demonstration signing page.

    Attributes:
        slug: Name of the key; a person may have several.
        on_device: Token or card (high level), else a file (substantial).
        edrpou: Number of the organisation that the person represents.
        seal: The key belongs to the organisation, not to a person.
    """

    slug: str
    person: DemoCitizen
    algorithm: Algorithm = Algorithm.DSTU
    on_device: bool = True
    state: State = State.GOOD
    edrpou: str = ""
    organisation: str = ""
    seal: bool = False
    note: str = ""

    @property
    def label(self) -> str:
        """How the list of keys names it."""
        return self.organisation if self.seal else self.person.full_name


def _person(slug: str) -> DemoCitizen:
    return next(person for person in CITIZENS if person.slug == slug)


def _stranger(slug: str, last: str, first: str, patronymic: str, first_nine: str) -> DemoCitizen:
    number = first_nine + rnokpp_check_digit(first_nine)
    return DemoCitizen(slug, last, first, patronymic, number, kind=IdentifierKind.RNOKPP)


_COMMUNITY = "Громадська організація «Зелена хвиля»"
_COMMUNITY_EDRPOU = "40000121"

SIGNERS = (
    Signer("olena", _person("olena"), note="токен, ДСТУ 4145: високий рівень"),
    Signer(
        "taras", _person("taras"), on_device=False, note="файловий ключ, ДСТУ 4145: середній рівень"
    ),
    Signer(
        "taras-token",
        _person("taras"),
        Algorithm.ECDSA,
        note="другий ключ тієї самої людини: токен, ECDSA, високий рівень",
    ),
    Signer("nadiia", _person("nadiia"), Algorithm.ECDSA, note="токен, ECDSA: високий рівень"),
    Signer(
        "yurii", _person("yurii"), on_device=False, note="файловий ключ, ДСТУ 4145: середній рівень"
    ),
    Signer("iosyp", _person("iosyp"), note="без РНОКПП: у сертифікаті паспорт"),
    Signer("amina", _person("amina"), Algorithm.ECDSA, note="у сертифікаті лише УНЗР"),
    Signer(
        "halyna",
        _person("halyna"),
        edrpou=_COMMUNITY_EDRPOU,
        organisation=_COMMUNITY,
        note="представниця юридичної особи: у сертифікаті ЄДРПОУ",
    ),
    Signer(
        "petra",
        _stranger("petra", "Лугова", "Петра", "Остапівна", "301220546"),
        Algorithm.ECDSA,
        on_device=False,
        note="ще не зареєстрована на порталі; файловий ключ, ECDSA",
    ),
    Signer(
        "vasyl",
        _stranger("vasyl", "Криниця", "Василь", "Андрійович", "270910237"),
        state=State.REVOKED,
        note="сертифікат відкликано",
    ),
    Signer(
        "iryna",
        _stranger("iryna", "Полтава", "Ірина", "Юхимівна", "325470318"),
        state=State.EXPIRED,
        note="термін дії сертифіката закінчився",
    ),
    Signer(
        "seal",
        _person("halyna"),
        edrpou=_COMMUNITY_EDRPOU,
        organisation=_COMMUNITY,
        seal=True,
        note="печатка організації, не підпис людини",
    ),
)


def signer(slug: str) -> Signer | None:
    """Find a key by its name."""
    return next((item for item in SIGNERS if item.slug == slug), None)
