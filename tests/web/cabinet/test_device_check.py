"""The device check in the cabinet: the way to it, its result, and that it is asked for (A-09)."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from device_check.models import CheckRun
from diia_videoreception.models import Application, Citizen
from diia_videoreception.services.booking.equipment import ask_for_check
from tests.factories import ApplicationFactory, CitizenFactory
from tests.harness.checks import NO_MICROPHONE, finished_check
from tests.harness.clock import NOW, START
from tests.harness.html import Page
from tests.steps.moderation import moderator_of
from tests.steps.people import sign_in

pytestmark = pytest.mark.any_database


def address(application: Application) -> str:
    return reverse("diia_videoreception:case_device_check", args=[application.public_id])


def page(client: Client, application: Application) -> str:
    return client.get(reverse("diia_videoreception:case", args=[application.public_id])).text


def cabinet(client: Client) -> str:
    return client.get(reverse("diia_videoreception:cabinet")).text


def test_the_way_to_the_check__leads_back(client: Client, submitted: Application) -> None:
    shown = Page(page(client, submitted))
    assert shown.link("Перевірити обладнання") == address(submitted)

    answer = client.get(address(submitted), follow=True)

    assert answer.status_code == 200
    check = Page(answer).one("[data-context]")
    assert check.attribute("data-context") == str(submitted.public_id)
    case_url = reverse("diia_videoreception:case", args=[submitted.public_id])
    assert check.attribute("data-next") == case_url


def test_in_the_portals_frame__it_is_seen_who_is_signed_in(
    client: Client, citizen: Citizen, settings: Any
) -> None:
    frame = "diia_videoreception/base.html"
    settings.DEVICE_CHECK = {**settings.DEVICE_CHECK, "BASE_TEMPLATE": frame}

    assert citizen.full_name in client.get(reverse("device_check:page")).text
    assert citizen.full_name not in Client().get(reverse("device_check:page")).text


def test_a_guest__signs_in_first_and_comes_back(submitted: Application) -> None:
    answer = Client().get(address(submitted))

    assert answer.status_code == 303
    assert answer.url.startswith(reverse("diia_videoreception:sign_in"))
    assert address(submitted).replace("/", "%2F") in answer.url


def test_somebody_elses_application__is_not_found(submitted: Application) -> None:
    stranger = Client()
    sign_in(stranger, CitizenFactory())

    assert stranger.get(address(submitted)).status_code == 404
    query = {"context": str(submitted.public_id)}
    assert stranger.get(reverse("device_check:page"), query).status_code == 404
    assert Client().get(reverse("device_check:page"), query).status_code == 404
    answer = stranger.post(
        reverse("device_check:runs"), json.dumps(query), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert not CheckRun.objects.exists()


@pytest.mark.parametrize("spelled", ["{%s}", "urn:uuid:%s", " %s"])
def test_an_application__has_one_spelling(
    client: Client, submitted: Application, spelled: str
) -> None:
    answer = client.post(
        reverse("device_check:runs"),
        json.dumps({"context": spelled % submitted.public_id}),
        content_type="application/json",
    )

    assert answer.status_code == 404


def test_the_run__belongs_to_citizen_and_application(
    client: Client, citizen: Citizen, submitted: Application
) -> None:
    def post(path: str, **body: Any) -> Any:
        return client.post(path, json.dumps(body), content_type="application/json").json()

    run = post(reverse("device_check:runs"), context=str(submitted.public_id))["run"]
    post(
        reverse("device_check:step", args=[run, "microphone"]),
        verdict="problem",
        problems=["no_device"],
    )
    post(reverse("device_check:finish", args=[run]))

    stored = CheckRun.objects.get()
    assert stored.subject == str(citizen.public_id)
    assert stored.context == str(submitted.public_id)
    shown = page(client, submitted)
    assert "Є проблема" in shown
    assert "Мікрофон: немає мікрофона" in shown
    assert "Перевірити ще раз" in shown


def test_the_result__with_its_date(client: Client, submitted: Application) -> None:
    finished_check(submitted, at=NOW - timedelta(hours=1))

    shown = page(client, submitted)

    assert "Усе готово" in shown
    assert "23.11.2026, 9:00" in shown
    for line in ("Камера: працює", "Мікрофон: добре чути", "Звук: чути", "З’єднання: добре"):
        assert line in shown
    assert "результат застарів" not in shown
    assert re.search(r"Перевірка обладнання: усе готово, 23\.11\.2026, 9:00", cabinet(client))


def test_the_newest_result__counts(client: Client, submitted: Application) -> None:
    finished_check(submitted, at=NOW - timedelta(hours=2))
    finished_check(submitted, at=NOW - timedelta(hours=1), verdict="bad", microphone=NO_MICROPHONE)
    finished_check(submitted, at=NOW - timedelta(hours=3))

    assert "Є проблема" in page(client, submitted)
    assert "є проблема" in cabinet(client)
    assert "Усе готово" not in page(client, submitted)


def test_an_old_result__is_called_old(client: Client, submitted: Application) -> None:
    finished_check(submitted, at=NOW - timedelta(days=15))

    assert "результат застарів" in page(client, submitted)


def test_somebody_elses_result__is_never_shown(client: Client, submitted: Application) -> None:
    run = finished_check(submitted, at=NOW)
    CheckRun.objects.filter(pk=run.pk).update(subject=str(CitizenFactory().public_id))

    assert "Усе готово" not in page(client, submitted)
    assert "Обладнання ще не перевірено." in cabinet(client)


def test_queries_of_the_cabinet__do_not_grow(
    client: Client, citizen: Citizen, submitted: Application
) -> None:
    finished_check(submitted, at=NOW)
    cabinet(client)
    with CaptureQueriesContext(connection) as few:
        cabinet(client)
    for day in (1, 2):
        other = ApplicationFactory(
            citizen=citizen,
            official=submitted.official,
            consent=submitted.consent,
            start=START + timedelta(days=day),
        )
        finished_check(other, at=NOW)
    with CaptureQueriesContext(connection) as more:
        assert cabinet(client).count("усе готово") == 3

    assert len(more) == len(few)


def test_when_it_is_over__there_is_nothing_to_check(
    client: Client, submitted: Application, clock: Any
) -> None:
    clock.move_to(START + timedelta(hours=2), tick=False)
    sign_in(client, submitted.citizen)

    assert address(submitted) not in page(client, submitted)


def test_asked_for__until_it_is_done(client: Client, confirmed: Application, clock: Any) -> None:
    notice = "Установа просить Вас перевірити камеру і мікрофон."
    asker = moderator_of(confirmed.official.agency, name="asker")
    finished_check(confirmed, at=NOW - timedelta(hours=1))
    assert notice not in page(client, confirmed)

    ask_for_check(moderator=asker, public_id=confirmed.public_id, now=NOW)

    shown = Page(page(client, confirmed))
    assert notice in shown.text
    timeline = shown.one(".vr-timeline")
    assert "Установа просить перевірити обладнання" in timeline.text
    current = timeline.one('[aria-current="step"]').text
    assert current.startswith("Час підтверджено"), "it stands where it stood"
    assert "Перевірте, будь ласка, камеру і мікрофон" in shown.text, "among the letters"
    finished_check(confirmed, at=NOW + timedelta(minutes=5))
    assert notice not in page(client, confirmed)
