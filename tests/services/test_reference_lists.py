"""Units and officials from a list: each row told, all or none, and of the own agency only."""

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.errors import NotFound
from diia_videoreception.models import Official, Unit
from diia_videoreception.rules.agency_lists import AgencyList
from diia_videoreception.rules.centre_lists import ListError, text_of
from diia_videoreception.services.reference_lists import import_agency_list
from tests.factories import OfficialFactory, UnitFactory
from tests.harness.clock import NOW
from tests.steps.moderation import moderator_of

UNITS, OFFICIALS = AgencyList.UNITS, AgencyList.OFFICIALS
HEADINGS = "unit;last_name;first_name;patronymic;post;competence"


@pytest.fixture
def staff(official: Official) -> AbstractBaseUser:
    return moderator_of(official.agency)


def outcomes(
    kind: AgencyList,
    text: str,
    official: Official,
    staff: AbstractBaseUser,
    *,
    is_trial: bool = False,
) -> list[str]:
    rows = import_agency_list(
        kind, text, agency_id=official.agency.pk, staff=staff, is_trial=is_trial, now=NOW
    )
    return [row.outcome.value for row in rows]


def test_units__are_added_with_their_tree_and_once(
    official: Official, staff: AbstractBaseUser
) -> None:
    text = f"name;part_of\nДепартамент;\nСектор;Департамент\n{official.unit.name};"
    assert outcomes(UNITS, text, official, staff, is_trial=True) == ["added", "added", "unchanged"]
    assert Unit.objects.count() == 1, "a trial writes nothing"
    assert outcomes(UNITS, text, official, staff) == ["added", "added", "unchanged"]
    assert outcomes(UNITS, text, official, staff) == ["unchanged"] * 3
    assert Unit.objects.get(name="Сектор").parent == Unit.objects.get(name="Департамент")


def test_officials__are_added_and_changed(official: Official, staff: AbstractBaseUser) -> None:
    unit = official.unit.name
    known = f"{unit};{official.last_name};{official.first_name};{official.patronymic};голова;"
    text = f"{HEADINGS}\n{unit};Бойко;Іван;;радник;пенсії\n{known}"
    assert outcomes(OFFICIALS, text, official, staff) == ["added", "changed"]
    official.refresh_from_db()
    assert official.post == "голова"
    assert Official.objects.get(last_name="Бойко").competence == "пенсії"
    assert outcomes(OFFICIALS, text, official, staff) == ["unchanged", "unchanged"]


@pytest.mark.parametrize(
    "row",
    [
        "Немає такого;Бойко;Іван;;радник;",
        "{unit};;Іван;;радник;",
        "{unit};{long};Іван;;радник;",
        "{unit};Ткач;Ніна;;радниця;",
    ],
)
def test_one_wrong_row__keeps_all_out_and_is_told(
    official: Official, staff: AbstractBaseUser, row: str
) -> None:
    unit = official.unit.name
    wrong = row.format(unit=unit, long="я" * 81)
    text = f"{HEADINGS}\n{unit};Ткач;Ніна;;радниця;\n{wrong}"
    rows = import_agency_list(
        OFFICIALS, text, agency_id=official.agency.pk, staff=staff, is_trial=False, now=NOW
    )
    assert [one.outcome.value for one in rows] == ["added", "wrong"]
    assert rows[1].problem
    assert rows[1].line == 3
    assert not Official.objects.filter(last_name="Ткач").exists()


def test_a_name_that_two_units_have__is_told(official: Official, staff: AbstractBaseUser) -> None:
    UnitFactory(agency=official.agency, name=official.unit.name)
    text = f"{HEADINGS}\n{official.unit.name};Ткач;Ніна;;радниця;"
    assert outcomes(OFFICIALS, text, official, staff) == ["wrong"]


def test_units_and_officials_of_other_agencies__are_not_touched(
    official: Official, staff: AbstractBaseUser
) -> None:
    elsewhere = OfficialFactory(last_name="Чужий", post="суддя")
    with pytest.raises(NotFound):
        outcomes(UNITS, "name\nВідділ", elsewhere, staff)
    row = f"{elsewhere.unit.name};Чужий;{elsewhere.first_name};{elsewhere.patronymic};голова;"
    assert outcomes(OFFICIALS, f"{HEADINGS}\n{row}", official, staff) == ["wrong"]
    row = f"{official.unit.name};Чужий;{elsewhere.first_name};{elsewhere.patronymic};голова;"
    assert outcomes(OFFICIALS, f"{HEADINGS}\n{row}", official, staff) == ["added"]
    elsewhere.refresh_from_db()
    assert elsewhere.post == "суддя"


def test_files_of_older_spreadsheets__are_read(official: Official, staff: AbstractBaseUser) -> None:
    text = text_of("name;part_of\r\nВідділ звернень;\r\n".encode("cp1251"))
    assert outcomes(UNITS, text, official, staff) == ["added"]


@pytest.mark.parametrize("text", ["", "name\n", "other\nx", 'name\n"x', "name\n" + "x\n" * 1001])
def test_what_is_no_list__is_refused(
    official: Official, staff: AbstractBaseUser, text: str
) -> None:
    with pytest.raises(ListError):
        outcomes(UNITS, text, official, staff)
