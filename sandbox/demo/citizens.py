"""Invented citizens of the demonstration; every number has a valid check digit."""

from dataclasses import dataclass
from datetime import datetime

from integrations.common.levels import Level
from integrations.identity.base import IdentifierKind, Identity
from integrations.identity.rnokpp import (
    normal_identifier,
    rnokpp_check_digit,
    unzr_check_digit,
)
from integrations.identity.values import full_name

KIND_LABELS = {
    IdentifierKind.RNOKPP: "РНОКПП",
    IdentifierKind.PASSPORT: "Паспорт",
    IdentifierKind.UNZR: "УНЗР",
}


@dataclass(frozen=True, slots=True)
class DemoCitizen:
    """One invented person; `note` says what is special about them.

    The identifier is written as on paper, `identity` gives its normal form.
    """

    slug: str
    last_name: str
    first_name: str
    patronymic: str
    identifier: str
    kind: IdentifierKind = IdentifierKind.RNOKPP
    level: Level = Level.SUBSTANTIAL
    method: str = "bankid"
    email: str | None = None
    phone: str | None = None
    note: str = ""

    @property
    def full_name(self) -> str:
        return full_name(self.last_name, self.first_name, self.patronymic)

    @property
    def kind_label(self) -> str:
        """Name of the identifier as people write it."""
        return KIND_LABELS[self.kind]

    def identity(self, now: datetime, *, level: Level | None = None) -> Identity:
        """Return the person as the portal vouches for them."""
        return Identity(
            provider="portal",
            subject=f"demo-{self.slug}",
            identifier_kind=self.kind,
            identifier=normal_identifier(self.kind, self.identifier),
            last_name=self.last_name,
            first_name=self.first_name,
            patronymic=self.patronymic,
            level=level or self.level,
            method=self.method,
            auth_time=now.replace(microsecond=0),
            email=self.email,
            email_confirmed=True,
            phone=self.phone,
        )


def _rnokpp(first_nine: str) -> str:
    return first_nine + rnokpp_check_digit(first_nine)


def _unzr(birth: str, number: str) -> str:
    return f"{birth}-{number}{unzr_check_digit(birth + number)}"


CITIZENS = (
    DemoCitizen(
        "olena",
        "Вербицька",
        "Олена",
        "Ігорівна",
        _rnokpp("314250118"),
        level=Level.HIGH,
        method="kep+dstu",
        email="olena.verbytska@mail.gov.ua.example",
        phone="+380501110001",
        note="має подані заявки; офіційна скринька",
    ),
    DemoCitizen(
        "taras",
        "Гончарук",
        "Тарас",
        "Миколайович",
        _rnokpp("287340255"),
        email="taras.honcharuk@poshta.example",
        phone="+380671110002",
        note="увійшов через BankID",
    ),
    DemoCitizen(
        "nadiia",
        "Кравець",
        "Надія",
        "Степанівна",
        _rnokpp("205610334"),
        note="без електронної пошти",
    ),
    DemoCitizen(
        "yurii",
        "М’якота",
        "Юрій",
        "В’ячеславович",
        _rnokpp("331870413"),
        level=Level.LOW,
        method="password",
        email="yurii.miakota@poshta.example",
        phone="+380931110004",
        note="низький рівень довіри: установа попросить увійти надійніше",
    ),
    DemoCitizen(
        "iosyp",
        "Ткач",
        "Йосип",
        "Ґедеонович",
        "АЕ431207",
        kind=IdentifierKind.PASSPORT,
        email="iosyp.tkach@poshta.example",
        note="без РНОКПП: за номером паспорта",
    ),
    DemoCitizen(
        "amina",
        "Новак",
        "Аміна",
        "",
        _unzr("19930517", "0421"),
        kind=IdentifierKind.UNZR,
        level=Level.HIGH,
        method="kep+ecdsa",
        email="amina.novak@poshta.example",
        phone="+380991110006",
        note="за номером запису в Реєстрі (УНЗР), без імені по батькові",
    ),
    DemoCitizen(
        "halyna",
        "Щербань-Їжакевич",
        "Галина",
        "Євгенівна",
        _rnokpp("298450672"),
        level=Level.HIGH,
        method="kep+dstu",
        email="halyna.shcherban@poshta.example",
        phone="+380441110007",
        note="кваліфікований електронний підпис",
    ),
)


def citizen(slug: str) -> DemoCitizen | None:
    return next((person for person in CITIZENS if person.slug == slug), None)


def by_identifier(identifier: str) -> DemoCitizen | None:
    """Return the citizen of a number in its normal form."""
    return next(
        (
            person
            for person in CITIZENS
            if normal_identifier(person.kind, person.identifier) == identifier
        ),
        None,
    )
