"""The enrolment by a one-time code (B-72): who gets in, once, and what everybody else is told."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from device_check.models import Workplace
from device_check.services import workplaces
from device_check.services.workplaces import CodeRefused
from integrations.zmq import new_key_pair
from tests.harness.clock import NOW
from tests.steps.workplaces import KeyFolder, enrolled, report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def set_up(settings: Any, key_folder: KeyFolder) -> None:
    settings.DEVICE_CHECK = {
        "REPORTS": {
            "ENDPOINT": "tcp://0.0.0.0:5571",
            "PUBLIC_ENDPOINT": "tcp://portal.example.gov.ua:5571",
            "KEYS": str(key_folder.path),
        }
    }


def invited() -> Workplace:
    return workplaces.create_workplace(label="Каса 1", site_code="К-1", kind="desk", now=NOW)


def post(client: Client, **body: Any) -> Any:
    return client.post(reverse("device_check:enrol"), body, content_type="application/json")


def attempt(client: Client, code: Any, **changed: Any) -> Any:
    return post(client, **{"code": code, "public_key": new_key_pair().public, **changed})


def test_code__gives_the_key_a_place(client: Client, key_folder: KeyFolder, frozen: Any) -> None:
    workplace, keys = invited(), new_key_pair()
    code = workplaces.issue_code(public_id=workplace.public_id, now=NOW)

    response = attempt(client, code, public_key=keys.public)

    assert response.status_code == 201
    assert response.json() == {
        "workplace": str(workplace.public_id),
        "endpoint": "tcp://portal.example.gov.ua:5571",
        "server_key": key_folder.keys.public,
    }
    assert "no-store" in response.headers["Cache-Control"]
    workplace.refresh_from_db()
    assert (workplace.status, workplace.public_key) == ("active", keys.public)
    assert workplace.enrolled_at == NOW
    assert workplace.enrolment_code_hash is None


def test_code__is_long_and_kept_only_as_a_keyed_hash() -> None:
    workplace = invited()
    code = workplaces.issue_code(public_id=workplace.public_id, now=NOW)
    workplace.refresh_from_db()

    signs = code.replace("-", "")
    assert len(signs) == 12
    assert not set(signs) & set("01OIL")
    assert code not in str(workplace.__dict__)
    assert signs not in str(workplace.__dict__)


def test_code__may_be_typed_in_small_letters_and_without_hyphens(
    client: Client, frozen: Any
) -> None:
    code = workplaces.issue_code(public_id=invited().public_id, now=NOW)

    assert attempt(client, f" {code.replace('-', ' ').lower()} ").status_code == 201


def test_wrong_used_expired_replaced_and_revoked_codes__get_the_same_answer(
    client: Client, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    used, replaced, revoked, expired = (invited() for _ in range(4))
    codes = [
        workplaces.issue_code(public_id=row.public_id, now=NOW)
        for row in (used, replaced, revoked, expired)
    ]
    assert attempt(client, codes[0]).status_code == 201
    workplaces.issue_code(public_id=replaced.public_id, now=NOW)
    workplaces.revoke(public_id=revoked.public_id, now=NOW)
    before = list(Workplace.objects.order_by("pk").values_list())

    answers = [attempt(client, code) for code in ("WRNG-WRNG-WRNG", *codes[:3])]
    time_machine.move_to(NOW + timedelta(hours=24), tick=False)
    answers.append(attempt(client, codes[3]))

    assert [answer.status_code for answer in answers] == [403] * 5
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["error"]["code"] == "code_refused"
    assert list(Workplace.objects.order_by("pk").values_list()) == before


def test_key_of_another_workplace__is_refused_and_the_code_stays_good(
    client: Client, frozen: Any
) -> None:
    other = enrolled()
    code = workplaces.issue_code(public_id=invited().public_id, now=NOW)

    assert attempt(client, code, public_key=other.keys.public).status_code == 403
    assert attempt(client, code).status_code == 201
    assert other.fresh().status == "active"


def test_unusable_requests__are_refused(client: Client, frozen: Any) -> None:
    code = workplaces.issue_code(public_id=invited().public_id, now=NOW)
    address = reverse("device_check:enrol")

    assert client.get(address).status_code == 405
    assert attempt(client, code, public_key="x" * 39).status_code == 403
    assert attempt(client, code, public_key=7).status_code == 400
    assert attempt(client, ["A"]).status_code == 400
    assert attempt(client, "\ud800").status_code == 403
    assert attempt(client, "A\0").status_code == 403
    for body, status in ((b"[]", 400), (b"[" * 5000, 400), (b"{", 400), (b" " * 40_000, 413)):
        response = client.post(address, body, content_type="application/json")
        assert response.status_code == status
        assert set(response.json()["error"]) == {"code", "message"}
    assert attempt(client, code).status_code == 201


def test_bodies_that_are_no_json__are_refused(client: Client, frozen: Any) -> None:
    code = workplaces.issue_code(public_id=invited().public_id, now=NOW)
    address = reverse("device_check:enrol")
    form = {"code": code, "public_key": new_key_pair().public}

    assert client.post(address, form).status_code == 400
    assert client.post(address, form, CONTENT_LENGTH="many").status_code == 400
    assert attempt(client, code).status_code == 201


def test_guessing__is_slowed_down(client: Client) -> None:
    answers = [attempt(client, "WRNG-WRNG-WRNG") for _ in range(11)]

    assert [answer.status_code for answer in answers] == [403] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_without_reports__nothing_is_spent(client: Client, settings: Any, frozen: Any) -> None:
    code = workplaces.issue_code(public_id=invited().public_id, now=NOW)
    configured, settings.DEVICE_CHECK = settings.DEVICE_CHECK, {}

    response = attempt(client, code)
    assert (response.status_code, response.json()["error"]["code"]) == (503, "reports_not_set_up")

    settings.DEVICE_CHECK = configured
    assert attempt(client, code).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_one_of_many__gets_the_place(at_once: Callable[..., list[object]]) -> None:
    workplace = invited()
    code = workplaces.issue_code(public_id=workplace.public_id, now=NOW)

    def act(public_key: str) -> object:
        try:
            return workplaces.enrol(code=code, public_key=public_key, now=NOW).public_key
        except CodeRefused as refusal:
            return refusal.code

    outcomes = at_once(act, [new_key_pair().public for _ in range(6)])

    assert outcomes.count("code_refused") == 5
    workplace.refresh_from_db()
    assert workplace.public_key in outcomes


@pytest.mark.django_db(transaction=True)
def test_reports_at_once__the_newest_stays(at_once: Callable[..., list[object]]) -> None:
    from device_check.protocol import read_report

    seat = enrolled()

    def act(seq: int) -> object:
        return workplaces.take_report(
            public_key=seat.keys.public, seq=seq, report=read_report(report(every=seq)), now=NOW
        )

    at_once(act, [3, 8, 1, 5, 8, 2])

    stored = seat.fresh()
    assert (stored.last_seq, json.loads(json.dumps(stored.last_report))["every"]) == (8, 8)
