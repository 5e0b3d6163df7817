"""What a certificate says about its holder."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.common.levels import Level
from integrations.kep.errors import KepError, Reason
from integrations.kep.identity import CertificateSubject, extract_identity
from sandbox.authority import maker
from sandbox.authority.maker import DRFO, EDRPOU, PERSON, QUALIFIED, UNZR, Subject
from tests.steps.kep import World

SERIAL = "2.5.4.5"
ORGANIZATION_IDENTIFIER = "2.5.4.97"


def identity(world: World, **options: Any) -> CertificateSubject:
    return extract_identity(world.issue(Subject(**options)).certificate)


def test_names_and_number__are_read_from_the_subject(world: World) -> None:
    found = identity(world, name=PERSON | {"2.5.4.10": "ТОВ «Приклад»", "2.5.4.12": "директор"})
    assert (found.name, found.surname, found.given_names) == (
        "Тестенко Тарас Тестович",
        "Тестенко",
        "Тарас",
    )
    assert (found.organization, found.title) == ("ТОВ «Приклад»", "директор")
    assert found.rnokpp == "3287401015"
    assert found.is_person


def test_names__as_authorities_write_them(world: World) -> None:
    """Long, with no-break spaces and line ends; and attributes that are none of our business."""
    found = identity(
        world,
        name=PERSON | {"2.5.4.10": "Головне\u00a0управління\r\n" + "д" * 300, "2.5.4.9": "\0"},
    )
    assert found.organization is not None
    assert found.organization.startswith("Головне управління дд")
    assert len(found.organization) == 256


@pytest.mark.parametrize(
    ("value", "rnokpp", "passport"),
    [
        ("3287401015", "3287401015", None),
        ("АА123456", None, "АА123456"),
        ("аа 123456", None, "АА123456"),
        ("123456789", None, "123456789"),
        ("0000000000", None, None),
        ("", None, None),
        ("n/a", None, None),
    ],
)
def test_drfo__is_a_number_or_a_passport(
    world: World, value: str, rnokpp: str | None, passport: str | None
) -> None:
    found = identity(world, attributes={DRFO: value})
    assert (found.rnokpp, found.passport) == (rnokpp, passport)
    assert found.is_person == bool(rnokpp or passport)


@pytest.mark.parametrize("prefix", ["PASUA-", "PASPL-", "idcde-"])
def test_drfo__that_the_name_calls_a_passport_is_nobodys_rnokpp(world: World, prefix: str) -> None:
    name = PERSON | {SERIAL: f"{prefix}3287401015"}
    found = identity(world, name=name, attributes={DRFO: "3287401015"})
    assert (found.rnokpp, found.passport) == (None, "3287401015")


@pytest.mark.parametrize(
    ("serial", "rnokpp", "passport"),
    [
        ("TINUA-3123407177", "3123407177", None),
        ("TINUA-АБ123456", None, "АБ123456"),
        ("TINUA-123", None, None),
        ("PASUA-АБ123456", None, "АБ123456"),
        ("IDCUA-123456789", None, "123456789"),
        ("2345678", None, None),
        ("UA-00000001", None, None),
    ],
)
def test_serial_number__of_newer_certificates(
    world: World, serial: str, rnokpp: str | None, passport: str | None
) -> None:
    found = identity(world, attributes={}, name=PERSON | {SERIAL: serial})
    assert (found.rnokpp, found.passport) == (rnokpp, passport)


def test_unzr__has_one_form(world: World) -> None:
    for value in ("19900101-00017", "1990010100017"):
        found = identity(world, attributes={UNZR: value})
        assert found.unzr == "19900101-00017"
        assert found.is_person


def test_edrpou__from_attribute_and_name(world: World) -> None:
    assert identity(world, attributes={EDRPOU: "12345678"}).edrpou == "12345678"
    named = PERSON | {ORGANIZATION_IDENTIFIER: "NTRUA-12345678"}
    assert identity(world, attributes={}, name=named).edrpou == "12345678"


@pytest.mark.parametrize(
    "options",
    [
        {"name": PERSON | {SERIAL: "TINUA-3123407177"}},
        {
            "name": PERSON | {ORGANIZATION_IDENTIFIER: "NTRUA-87654321"},
            "attributes": {DRFO: "3287401015", EDRPOU: "12345678"},
        },
    ],
)
def test_contradiction__is_refused(world: World, options: dict[str, Any]) -> None:
    holder = world.issue(Subject(**options))
    with pytest.raises(KepError) as refusal:
        extract_identity(holder.certificate)
    assert refusal.value.reason is Reason.IDENTITY_MISMATCH
    assert world.reason(holder) == "identity_mismatch"


def test_user_identifier__is_no_number_of_a_person(world: World) -> None:
    """…4.7.1 is an account of the issuer, whatever other software calls it."""
    found = identity(world, attributes={"1.2.804.2.1.1.1.11.1.4.7.1": "3287401015"})
    assert found.rnokpp is None
    assert not found.is_person


@pytest.mark.parametrize(
    ("statements", "level"),
    [
        ([QUALIFIED, maker.ON_DEVICE], Level.HIGH),
        ([QUALIFIED], Level.SUBSTANTIAL),
        ([], Level.LOW),
        ([maker.ON_DEVICE], Level.LOW),
        (["1.2.804.2.1.1.1.2.1"], Level.LOW),
    ],
)
def test_level__follows_the_statements(world: World, statements: list[str], level: Level) -> None:
    assert identity(world, statements=statements).level is level


def test_seal__by_type_and_by_national_usage(world: World) -> None:
    assert identity(world, seal=True).seal
    assert not identity(world, seal=True).is_person
    usage = ["1.2.804.2.1.1.1.3.9"]
    assert identity(world, statements=(), purposes=usage).seal
    assert not identity(world, purposes=usage).seal
