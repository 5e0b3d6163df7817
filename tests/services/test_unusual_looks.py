"""Unusually many looks: found with the look, told once a day to the heads, answered once in words."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diia_videoreception.errors import Incomplete, LooksReviewed, NotFound
from diia_videoreception.models import (
    Agency,
    AgencyModerator,
    JournalRecord,
    Letter,
    Look,
    UnusualLooks,
)
from diia_videoreception.services.booking.unusual_looks import alarm_heads, review
from diia_videoreception.services.journal.looking import seal_looks
from diia_videoreception.services.letters.rendering import render_letter
from tests.factories import NOW, AgencyFactory, ApplicationFactory

DAY = timedelta(days=1)


def somebody(name: str, agency: Agency | None = None, *, head: bool = False, **values: Any) -> Any:
    made = get_user_model().objects.create_user(
        name, password="p", email=f"{name}@portal.example", **values
    )
    if agency is not None:
        AgencyModerator.objects.create(agency=agency, user=made, is_head=head)
    return made


@pytest.fixture
def agency(db: None, settings: Any) -> Agency:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "LOOKS_PER_HOUR": 3, "LOOKS_PER_DAY": 5, "LOOKS_OUTSIDE": 2
    }  # fmt: skip
    return AgencyFactory()


@pytest.fixture
def head(agency: Agency) -> Any:
    return somebody("head", agency, head=True)


@pytest.fixture
def moderator(agency: Agency) -> Any:
    return somebody("moderator", agency, last_name="Цікава")


def look(
    user: Any,
    agency: Agency,
    count: int = 1,
    *,
    at: datetime = NOW,
    ground: str = "",
    same: bool = False,
) -> None:
    once = uuid.uuid4()
    for _ in range(count):
        case = once if same else uuid.uuid4()
        Look.objects.create(
            moment=at,
            staff_id=str(user.pk),
            role="moderator",
            what="case",
            application_id=case,
            object_id=uuid.uuid4(),
            agency_key=agency.pk,
            official_key=1,
            ground=ground,
            quarter=1,
        )


def run(now: datetime = NOW) -> int:
    found = alarm_heads(now=now)
    seal_looks(now=now)
    return found


def test_one_case_too_many__is_told_to_the_heads_once_a_day(
    agency: Agency, head: Any, moderator: Any
) -> None:
    somebody("second", agency, head=True)
    look(moderator, agency, 3)
    look(moderator, agency, 9, same=True)
    assert run() == 1
    look(moderator, agency, 9)
    assert run(NOW + timedelta(minutes=1)) == 0
    found = UnusualLooks.objects.get()
    assert (found.hour, found.cases, found.outside, found.why) == (4, 4, 0, ["hour"])
    letters = Letter.objects.filter(kind="staff_looks")
    assert {letter.address for letter in letters} == {
        "head@portal.example",
        "second@portal.example",
    }
    rendered = render_letter(letters[0], for_sending=True, now=NOW)
    assert str(found.public_id) in rendered.text
    assert "Цікава" not in rendered.text
    record = JournalRecord.objects.get(act="agency.looks_flagged")
    assert record.details == {"user": str(moderator.pk), "why": ["hour"]}

    look(moderator, agency, 4, at=NOW + DAY)
    assert run(NOW + DAY) == 1


def test_what_is_within_the_limits__alarms_nobody(
    agency: Agency, head: Any, moderator: Any
) -> None:
    look(moderator, agency, 9, same=True)
    look(moderator, agency, 2, at=NOW - timedelta(hours=2))
    look(moderator, AgencyFactory(), 3)
    look(moderator, agency, 2, ground="help")
    assert run() == 0
    assert not UnusualLooks.objects.exists()


@pytest.mark.parametrize("ground", ["substitution", "administration"])
def test_cases_outside_the_own_list__are_fewer(agency: Agency, head: Any, ground: str) -> None:
    root = somebody("root", is_superuser=True)
    look(root, agency, 2, ground=ground)
    assert run() == 0
    look(root, agency, 1, ground=ground)
    assert run() == 1
    assert UnusualLooks.objects.get().why == ["outside"]


def test_many_more_than_usual__are_unusual(
    agency: Agency, head: Any, moderator: Any, settings: Any
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "LOOKS_PER_HOUR": 0, "LOOKS_PER_DAY": 0
    }  # fmt: skip
    for day in range(2, 7):
        look(moderator, agency, 10, at=NOW - day * DAY)
    seal_looks(now=NOW)
    look(moderator, agency, 30)
    assert run() == 0
    look(moderator, agency, 1)
    with CaptureQueriesContext(connection) as queries:
        assert alarm_heads(now=NOW) == 1
    assert UnusualLooks.objects.get().usual == 10
    assert len([one for one in queries if '"diia_videoreception_look"' in one["sql"]]) == 3


def test_without_new_looks__one_statement_is_asked(agency: Agency, moderator: Any) -> None:
    look(moderator, agency, 9)
    seal_looks(now=NOW)
    with CaptureQueriesContext(connection) as queries:
        assert alarm_heads(now=NOW) == 0
    assert len(queries) == 1


def test_a_head__is_told_of_others_and_never_judges_themselves(
    agency: Agency, head: Any, client: Client
) -> None:
    root = somebody("root", is_superuser=True)
    look(head, agency, 4)
    assert run() == 1
    found = UnusualLooks.objects.get()
    assert [letter.address for letter in Letter.objects.all()] == ["root@portal.example"]
    with pytest.raises(NotFound):
        review(staff=head, public_id=found.public_id, words="Усе гаразд.", now=NOW)
    review(staff=root, public_id=found.public_id, words="Усе гаразд.", now=NOW)


def test_looking_into_it__is_written_once_in_words(
    agency: Agency, head: Any, moderator: Any
) -> None:
    look(moderator, agency, 4)
    run()
    found = UnusualLooks.objects.get()
    stranger = somebody("stranger", AgencyFactory(), head=True)
    for who, words, refusal in (
        (stranger, "Так.", NotFound),
        (moderator, "Так.", NotFound),
        (head, " \u200b ", Incomplete),
        (head, "а" * 1_001, Incomplete),
    ):
        with pytest.raises(refusal):
            review(staff=who, public_id=found.public_id, words=words, now=NOW)
    review(staff=head, public_id=found.public_id, words="Чергування за двох.", now=NOW)
    with pytest.raises(LooksReviewed):
        review(staff=head, public_id=found.public_id, words="Інше.", now=NOW)
    found.refresh_from_db()
    assert (found.words, found.reviewed_by) == ("Чергування за двох.", head)
    record = JournalRecord.objects.get(act="agency.looks_reviewed")
    assert record.actor_id == str(head.pk)
    assert "Чергування" not in str(record.details)


@pytest.mark.any_database
def test_the_page__tells_who_how_many_when_and_which(
    agency: Agency, head: Any, moderator: Any, client: Client, time_machine: Any
) -> None:
    from django.contrib.auth.models import Permission

    time_machine.move_to(NOW, tick=False)
    head.user_permissions.add(Permission.objects.get(codename="access_admin"))
    application = ApplicationFactory(official__unit__agency=agency, topic="Таємна тема")
    look(moderator, agency, 3)
    Look.objects.create(
        moment=NOW, staff_id=str(moderator.pk), role="moderator", what="case",
        application_id=application.public_id, object_id=application.public_id,
        agency_key=agency.pk, official_key=1, quarter=1,
    )  # fmt: skip
    run()
    client.force_login(head)
    assert "1 раз хтось відкрив" in client.get("/admin/").text
    address = reverse("videoreception_looks:one", args=[UnusualLooks.objects.get().public_id])
    page = client.get(address).text
    assert "Цікава" in page
    assert application.number in page
    assert "багато за одну годину" in page
    assert "Таємна тема" not in page
    client.post(address, {"words": "Чергування."})
    assert "Чергування." in client.get(address).text
    assert "хтось відкрив" not in client.get("/admin/").text
