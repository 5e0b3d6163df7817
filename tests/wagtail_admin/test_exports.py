"""A report as a file: by its own permission, with a reason and the second factor, without citizens."""

import io
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from openpyxl import load_workbook

from diia_videoreception import errors
from diia_videoreception.models import AgencyModerator, Export, JournalAct, JournalRecord
from diia_videoreception.models.exports import EXPORT
from diia_videoreception.wagtail_admin.reports import exporting
from tests.steps.admin import MARKER, World, client_of, staff
from tests.steps.exports import REASON, handed_out

PERIOD = {"first": "2026-11-01", "last": "2026-11-23"}


def allow(user: Any) -> None:
    user.user_permissions.add(Permission.objects.get(codename=EXPORT))


def address(**chosen: Any) -> str:
    return reverse("videoreception_reports:export", query={**PERIOD, **chosen})


def sent(kind: str = "list", file_format: str = "csv", reason: str = REASON) -> dict[str, str]:
    return {"export-kind": kind, "export-format": file_format, "export-reason": reason}


@pytest.fixture
def exporting_world(world: World) -> World:
    allow(world.moderator)
    return world


def exports() -> tuple[int, int]:
    journal = JournalRecord.objects.filter(act=JournalAct.EXPORT_FILE)
    return Export.objects.count(), journal.count()


def test_list__is_saved_without_citizens_and_written_down(exporting_world: World) -> None:
    world = exporting_world
    client = world.client("moderator")
    report = client.get(reverse("videoreception_reports:index", query=PERIOD))
    assert "reports/export/" in report.content.decode()
    assert client.get(address()).status_code == 200
    assert exports() == (0, 0), "looking gives no file"

    response = client.post(address(), sent())

    text = response.content.decode("utf-8-sig")
    assert response["Content-Disposition"].startswith("attachment")
    assert "no-store" in response["Cache-Control"]
    rows = text.splitlines()
    assert world.submitted.number in text
    assert world.foreign.number not in text
    for personal in (
        world.submitted.citizen.last_name,
        world.submitted.topic,
        world.submitted.phone,
        f"Минуле {MARKER}",
    ):
        assert personal not in text
    made = Export.objects.get()
    assert (made.made_by, made.reason, made.rows) == (world.moderator, REASON, len(rows) - 1)
    assert list(made.agencies.all()) == [world.agency]
    record = JournalRecord.objects.get(act=JournalAct.EXPORT_FILE)
    assert record.actor_id == str(world.moderator.pk)
    assert record.details["sha256"] == made.sha256
    assert REASON not in str(record.details), "what is typed does not go into the journal"


def test_report__is_saved_with_all_its_tables(exporting_world: World) -> None:
    response = exporting_world.client("moderator").post(address(), sent("report", "xlsx"))
    book = load_workbook(io.BytesIO(response.content))
    assert len(book.sheetnames) == 8
    assert f"Мельник{MARKER}" not in str([list(sheet.values) for sheet in book])


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_no_cell__is_a_formula(exporting_world: World, file_format: str) -> None:
    world = exporting_world
    world.agency.name = '=HYPERLINK("http://example.org";"x")'
    world.agency.save()
    content = world.client("moderator").post(address(), sent("list", file_format)).content
    if file_format == "csv":
        assert "'=HYPERLINK" in content.decode("utf-8-sig")
        assert ';"=HYPERLINK' not in content.decode("utf-8-sig")
        return
    cell = load_workbook(io.BytesIO(content)).active["B2"]
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'=")


@pytest.mark.any_database
def test_without_the_permission__nobody_exports(world: World) -> None:
    for who in ("moderator", "head", "receiver"):
        client = world.client(who)
        assert client.get(address()).status_code in {302, 403}
        assert client.post(address(), sent()).status_code in {302, 403}
    # The permission alone is none either: it needs the right to moderate.
    allow(world.receiver)
    assert world.client("receiver").post(address(), sent()).status_code in {302, 403}
    page = world.client("moderator").get(reverse("videoreception_reports:index"))
    assert "reports/export/" not in page.content.decode()
    assert exports() == (0, 0)


@pytest.mark.any_database
def test_another_agency__is_not_exported(exporting_world: World) -> None:
    world = exporting_world
    client = world.client("moderator")
    foreign = world.foreign.agency_id
    assert client.post(address(agency=foreign), sent()).status_code == 404
    assert client.post(address(agency="all"), sent()).status_code == 404
    assert exports() == (0, 0)


@pytest.mark.any_database
@pytest.mark.parametrize("reason", ["", "звіт", "         \n   ", "x" * 501])
def test_a_file__needs_a_reason(exporting_world: World, reason: str) -> None:
    response = exporting_world.client("moderator").post(address(), sent(reason=reason))
    assert response.status_code == 422
    assert exports() == (0, 0)


@pytest.mark.any_database
def test_too_many_rows_or_files__are_refused_in_words(
    exporting_world: World, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    client = exporting_world.client("moderator")
    monkeypatch.setattr(exporting, "MAX_ROWS", 0)
    response = client.post(address(), sent())
    assert response.status_code == 422
    assert "Виберіть коротший період" in response.content.decode()
    monkeypatch.undo()
    once = {"THROTTLE": {"export": "1/hour"}}
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | once
    assert client.post(address(), sent()).status_code == 429
    assert exports() == (0, 0)
    ten_years = client.post(address(first="2016-11-23"), sent())
    assert ten_years.status_code == 422


@pytest.mark.any_database
@pytest.mark.parametrize("lost", ["permission", "moderation", "account", "superuser"])
def test_who_has_lost_the_right_meanwhile__gets_no_file(exporting_world: World, lost: str) -> None:
    """The member of staff of a request remembers rights; the act asks for them anew."""
    world = exporting_world
    who = world.superuser if lost == "superuser" else world.moderator
    assert who.has_perm(f"diia_videoreception.{EXPORT}")
    match lost:
        case "permission":
            who.user_permissions.remove(Permission.objects.get(codename=EXPORT))
        case "moderation":
            AgencyModerator.objects.filter(user=who).delete()
        case "account":
            type(who).objects.filter(pk=who.pk).update(is_active=False)
        case "superuser":
            # A moderator of nothing who may still export what they moderate.
            allow(who)
            type(who).objects.filter(pk=who.pk).update(is_superuser=False)
    with pytest.raises(errors.ActRefused) as refused:
        handed_out(who, world.agency)
    assert type(refused.value) in {errors.Forbidden, errors.NotFound}
    assert exports() == (0, 0)


@pytest.mark.any_database
def test_saved_files__are_shown_to_the_heads_of_their_agency_alone(exporting_world: World) -> None:
    world = exporting_world
    world.client("moderator").post(address(), sent())
    report = reverse("videoreception_reports:index", query=PERIOD)

    def is_shown_to(user: Any) -> bool:
        return REASON in client_of(user).get(report).content.decode()

    head, other = (
        staff(name, agency)
        for name, agency in (("head-of-it", world.agency), ("head-of-other", world.foreign.agency))
    )
    AgencyModerator.objects.filter(user__in=[head, other]).update(is_head=True)
    assert is_shown_to(head)
    assert not is_shown_to(world.moderator)
    assert not is_shown_to(other)
