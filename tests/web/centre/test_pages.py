"""Coming into a centre and keeping it: asking for access, joining, people, places, hours, decisions, idling."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from diia_videoreception import errors, models
from diia_videoreception.models.centres import OPERATE
from diia_videoreception.selectors.accounts.second_factor import has_app
from diia_videoreception.selectors.accounts.staff import staff_reset_by
from tests.factories import AgencyFactory, OfficialFactory
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import client_of
from tests.steps.centres import (
    CentreWorld,
    accredited,
    centre,
    member,
    request_for_access,
    secret_of,
    user,
)
from tests.steps.second_factor import code_of, device_of, require, verify, with_app

pytestmark = pytest.mark.any_database

STEP = "/videoreception/staff/second-factor/step/"


def address(name: str, *args: object) -> str:
    return reverse(f"diia_videoreception:centre_{name}", args=args)


def of(world: CentreWorld, name: str, *args: object) -> str:
    return address(name, world.centre.public_id, *args)


@pytest.fixture
def head(world: CentreWorld) -> Client:
    return world.proven_client("head")


# --- Coming in ---------------------------------------------------------------------------------


def _asked(**values: Any) -> dict[str, Any]:
    wanted = request_for_access(**values)
    names = {field.name for field in wanted._meta.fields} - {"id", "public_id", "created_at"}
    typed = {name: getattr(wanted, name) for name in names if getattr(wanted, name, None)}
    places = {"intermediation_day": "12.03.2026", "self_service_places": 2, "video_seats": 1}
    return typed | places | {"altcha": solved_captcha()}


def test_a_stranger__asks_for_access(db: None, client: Client) -> None:
    answer = client.post(address("apply"), _asked())
    assert answer["Location"] == address("applied")
    assert client.get(address("applied")).status_code == 200
    wanted = models.CentreAccessRequest.objects.get()
    assert (wanted.state, wanted.video_seats) == ("submitted", 1)
    assert wanted.decisions[0][1] == "231-08"


def test_a_stranger_with_a_wrong_answer__gets_the_form_back_and_no_session(
    db: None, client: Client
) -> None:
    answer = client.post(address("apply"), _asked(edrpou="12345679"))
    assert answer.status_code == 422
    page = Page(answer)
    assert "8 цифр" in page.text
    assert "Гнатюк Світлана" in answer.content.decode()
    assert "sessionid" not in client.cookies
    assert not models.CentreAccessRequest.objects.exists()


@pytest.mark.parametrize("proof", ["", "A" * 40, "used"])
def test_a_robot__asks_for_no_access(db: None, client: Client, proof: str) -> None:
    asked = _asked()
    if proof == "used":
        client.post(address("apply"), asked)
    else:
        asked["altcha"] = proof
    answer = client.post(address("apply"), asked)
    assert answer.status_code == 422
    page = Page(answer)
    assert page.has("altcha-widget")
    assert str(errors.CaptchaFailed.message) in page.text
    assert models.CentreAccessRequest.objects.count() == (proof == "used")


def test_what_is_wrong_with_a_request__does_not_cost_the_proof(db: None, client: Client) -> None:
    proof = solved_captcha()
    wrong = _asked(edrpou="12345679") | {"altcha": proof}
    assert client.post(address("apply"), wrong).status_code == 422
    assert client.post(address("apply"), _asked() | {"altcha": proof})["Location"]
    assert models.SpentProof.objects.get().citizen is None


def test_asking_for_access__is_counted(db: None, client: Client) -> None:
    answers = [client.post(address("apply"), _asked()) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]


def test_who_has_the_letter__signs_in_confirms_and_works_there(world: CentreWorld) -> None:
    lysenko, client = user("lysenko"), Client()
    answer = client.post(address("join"), {"code": secret_of(world.invitation)})
    assert answer["Location"] == address("confirm")
    assert client.get(address("confirm"))["Location"].startswith("/admin/login/")

    client.force_login(lysenko)
    client.post(address("join"), {"code": secret_of(world.invitation).lower()})
    page = Page(client.get(address("confirm")))
    assert world.centre.name in page.text
    assert not world.centre.members.filter(user=lysenko).exists(), "looking changes nothing"
    assert client.post(address("confirm"))["Location"] == of(world, "home")
    assert world.centre.members.get(user=lysenko).role == "administrator"
    assert client.post(address("confirm"))["Location"] == address("join"), "it works once"


@pytest.mark.parametrize("code", ["", "AAAA", "A" * 16, "А" * 16, "A" * 200])
def test_a_wrong_code__opens_nothing_and_begins_no_session(world: CentreWorld, code: str) -> None:
    client = Client()
    answer = client.post(address("join"), {"code": code})
    assert answer.status_code == 422
    assert "sessionid" not in client.cookies


def test_confirming_without_the_code__leads_to_it(world: CentreWorld) -> None:
    client = client_of(user("lysenko"))
    for answer in (client.get(address("confirm")), client.post(address("confirm"))):
        assert answer["Location"] == address("join")


def test_the_front__leads_to_the_only_centre_or_lets_choose(world: CentreWorld) -> None:
    client = world.proven_client("administrator")
    assert client.get(address("front"))["Location"] == of(world, "home")
    member(world.foreign, world.administrator)
    assert "Інший ЦНАП" in Page(client.get(address("front"))).text
    assert client_of(user("nobody")).get(address("front")).status_code == 403


# --- The own right -----------------------------------------------------------------------------


def test_a_member__sees_the_own_right_and_what_is_missing(world: CentreWorld) -> None:
    page = Page(world.proven_client("administrator").get(of(world, "home")))
    assert "Ви можете діяти від імені людей" in page.text
    page = Page(world.proven_client("consultant").get(of(world, "home")))
    assert "Консультанти пояснюють" in page.text
    assert "Навчання не записано." in page.text


# --- Idling ------------------------------------------------------------------------------------


def test_after_idling__the_second_factor_is_asked_for_again(
    world: CentreWorld, time_machine: Any
) -> None:
    client = world.proven_client("head")
    home = of(world, "home")
    for _ in range(3):
        assert client.get(home).status_code == 200
        time_machine.shift(timedelta(minutes=14))
    time_machine.shift(timedelta(minutes=1))
    answer = client.get(home)
    assert answer["Location"].startswith(STEP)
    assert client.get(home)["Location"].startswith(STEP), "asking again does not help"

    client.post(answer["Location"], {"code": code_of(device_of(world.head)), "next": home})
    assert client.get(home).status_code == 200


def test_after_idling__a_form_is_not_done(world: CentreWorld, time_machine: Any) -> None:
    client = world.proven_client("head")
    time_machine.shift(timedelta(minutes=15))
    sent = {"kind": "desk", "label": "Нове місце"}
    assert client.post(of(world, "add_workplace"), sent)["Location"].startswith(STEP)
    assert world.centre.workplaces.count() == 1


def test_giving_rights__wants_the_second_factor_of_the_last_minutes(
    world: CentreWorld, time_machine: Any
) -> None:
    client = world.proven_client("head")
    for _ in range(2):
        time_machine.shift(timedelta(minutes=6))
        assert client.get(of(world, "people")).status_code == 200
    for page in (of(world, "invite"), of(world, "person", world.member.public_id)):
        assert "reason=fresh" in client.get(page)["Location"]


# --- People ------------------------------------------------------------------------------------


def test_the_head__invites_and_withdraws(world: CentreWorld, head: Client) -> None:
    sent = {"name": "Поліщук Алла", "address": "alla@cnap.example", "role": "consultant"}
    assert head.post(of(world, "invite"), sent)["Location"] == of(world, "people")
    page = Page(head.get(of(world, "people")))
    assert "Поліщук Алла" in page.text
    assert "Запрошено. Людина отримає лист" in page.text
    invitation = world.centre.invitations.get(address="alla@cnap.example")
    head.post(of(world, "withdraw", invitation.public_id))
    assert "Поліщук Алла" not in Page(head.get(of(world, "people"))).text


def test_a_refused_form__comes_back_as_it_was_typed(world: CentreWorld, head: Client) -> None:
    sent = {"name": "Ткачук", "address": "tkachuk@cnap.example", "role": "head"}
    answer = head.post(of(world, "invite"), sent)
    page = Page(head.get(answer["Location"]))
    assert "Ця людина вже працює в центрі." in page.text
    assert page.field("address").value == "tkachuk@cnap.example"


@pytest.mark.parametrize(
    ("sent", "changed"),
    [
        ({"act": "role", "role": "consultant"}, {"role": "consultant"}),
        ({"act": "block", "reason": "Скарга."}, {"block_reason": "Скарга."}),
        ({"act": "end"}, {"ended_at": NOW}),
    ],
)
def test_the_head__changes_blocks_and_ends(
    world: CentreWorld, head: Client, sent: dict[str, str], changed: dict[str, Any]
) -> None:
    answer = head.post(of(world, "person", world.member.public_id), sent)
    assert answer.status_code == 303
    world.member.refresh_from_db()
    assert {name: getattr(world.member, name) for name in changed} == changed


def test_blocking_without_a_reason__is_refused_at_its_form(
    world: CentreWorld, head: Client
) -> None:
    here = of(world, "person", world.member.public_id)
    answer = head.post(here, {"act": "block", "reason": " "})
    assert "Поясніть причину." in Page(head.get(answer["Location"])).text
    world.member.refresh_from_db()
    assert not world.member.is_blocked


def test_the_head__records_a_training_and_is_warned_before_it_ends(
    world: CentreWorld, head: Client
) -> None:
    consultant = world.centre.members.get(user=world.consultant)
    here = of(world, "person", consultant.public_id)
    wrong = head.post(here, {"act": "training", "valid_from": "31.11.2026", "valid_until": ""})
    assert "Такої дати немає." in Page(head.get(wrong["Location"])).text
    head.post(here, {"act": "training", "valid_from": "01.11.2026", "valid_until": "01.11.2027"})
    assert world.consultant.centre_accreditations.get().kind == "training"

    verify(client_of(world.administrator), world.administrator)
    page = Page(head.get(of(world, "people")))
    assert "право закінчиться" not in page.text
    models.CentreAccreditation.objects.filter(user=world.administrator).delete()
    accredited(world.administrator, world.centre, until=NOW.date() + timedelta(days=9))
    page = Page(head.get(of(world, "people")))
    assert "право закінчиться" in page.text
    assert "може ще 9 днів" in page.text


# --- Places, hours, decisions -------------------------------------------------------------------


def test_the_head__keeps_places(world: CentreWorld, head: Client) -> None:
    head.post(of(world, "add_workplace"), {"kind": "kiosk", "label": "Місце № 1"})
    place = world.centre.workplaces.get(label="Місце № 1")
    here = of(world, "workplace", place.public_id)
    head.post(here, {"act": "rename", "label": "Місце № 7"})
    head.post(here, {"act": "pause"})
    assert "Призупинено" in Page(head.get(of(world, "workplaces"))).text
    head.post(here, {"act": "resume"})
    head.post(here, {"act": "remove"})
    assert "Місце № 7" not in Page(head.get(of(world, "workplaces"))).text
    assert head.get(here).status_code == 404
    acts = models.JournalRecord.objects.filter(details__workplace=str(place.public_id))
    assert [record.act.partition("_")[2] for record in acts] == [
        "made",
        "renamed",
        "paused",
        "resumed",
        "revoked",
    ]


def test_hours__are_kept_for_the_centre_and_for_a_seat(world: CentreWorld, head: Client) -> None:
    head.post(of(world, "hours"), {"day_0": "9:00-13:00", "day_5": "10:00–12:00"})
    assert Page(head.get(of(world, "hours"))).field("day_0").value == "9:00–13:00"
    seat = of(world, "workplace", world.workplace.public_id)
    head.post(seat, {"act": "hours", "day_1": "14:00–18:00"})
    assert world.workplace.hours.get().weekday == 1
    answer = head.post(of(world, "hours"), {"day_0": "зранку"})
    page = Page(head.get(answer["Location"]))
    assert page.field("day_0").value == "зранку"
    assert world.centre.hours.filter(workplace=None).count() == 2


def test_hours__are_of_seats_and_not_of_desks(world: CentreWorld, head: Client) -> None:
    head.post(of(world, "add_workplace"), {"kind": "desk", "label": "Стіл"})
    desk = world.centre.workplaces.get(label="Стіл")
    answer = head.post(
        of(world, "workplace", desk.public_id), {"act": "hours", "day_1": "9:00–10:00"}
    )
    assert answer.status_code == 404


def test_a_decision__switches_a_function_on_and_off(world: CentreWorld, head: Client) -> None:
    here = of(world, "decisions")
    sent = {"function": "self_service", "number": "214-IX", "issued_on": "12.03.2026"}
    head.post(here, sent)
    live = world.centre.decisions.live()
    assert live.get(function="self_service").number == "214-IX"
    head.post(here, {"function": "self_service", "act": "end"})
    assert not live.filter(function="self_service").exists()
    assert world.centre.decisions.filter(function="self_service").count() == 1, "it is kept"


def test_a_decision_that_cannot_be__comes_back_at_its_function(
    world: CentreWorld, head: Client
) -> None:
    here = of(world, "decisions")
    sent = {"function": "intermediation", "number": "231-08", "issued_on": "31.11.2026"}
    answer = head.post(here, sent)
    page = Page(head.get(answer["Location"]))
    assert "Такої дати немає." in page.text
    assert page.one("#intermediation_issued_on").attribute("value") == "31.11.2026"
    assert not page.one("#self_service_issued_on").attribute("value")
    assert head.post(here, {"function": "all", "act": "end"}).status_code == 404


def test_the_head__reads_what_was_done_in_the_centre(world: CentreWorld, head: Client) -> None:
    head.post(of(world, "person", world.member.public_id), {"act": "block", "reason": "Таємне."})
    page = Page(head.get(of(world, "journal")))
    assert "Людину заблоковано в центрі" in page.text
    assert "head Ткачук" in page.texts("#main li")[0]
    assert "Таємне." not in page.text


def test_a_suspended_centre__is_shown_and_not_changed(world: CentreWorld, head: Client) -> None:
    models.Centre.objects.filter(pk=world.centre.pk).update(
        state="suspended", suspended_at=NOW, suspension_reason="Перевірка."
    )
    assert "Перевірка." in Page(head.get(of(world, "people"))).text
    answer = head.post(of(world, "hours"), {"day_0": "9:00–13:00"})
    assert answer.status_code == 403
    assert not world.centre.hours.exists()


# --- Speed -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["people", "workplaces", "decisions", "hours", "home", "journal"])
def test_a_page__asks_no_more_of_the_database_the_more_there_is(
    world: CentreWorld, name: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        member(world.centre, user(f"member{number}"))
        centre(f"C-{number}")
    client = world.proven_client("head")
    client.get(of(world, name))
    with django_assert_max_num_queries(15):
        assert client.get(of(world, name)).status_code == 200


def test_where_a_second_factor_is_required__joining_leads_to_setting_it_up(
    world: CentreWorld, settings: Any
) -> None:
    require(settings)
    client = client_of(user("lysenko"))
    client.post(address("join"), {"code": secret_of(world.invitation)})
    client.post(address("confirm"))
    answer = client.get(of(world, "home"))
    assert answer["Location"].startswith(STEP)
    assert client.get(answer["Location"])["Location"].startswith(STEP.replace("step/", ""))


# --- A lost phone ------------------------------------------------------------------------------


def test_the_head__resets_the_second_factor_of_who_works_only_there(
    world: CentreWorld, head: Client
) -> None:
    with_app(world.administrator)
    here = of(world, "person", world.member.public_id)
    assert Page(head.get(here)).has("button[value=reset]")
    assert head.post(here, {"act": "reset"})["Location"] == here
    assert not has_app(world.administrator)
    assert models.Letter.objects.filter(kind="staff_factor_reset").count() == 1


@pytest.mark.parametrize("also", ["head", "elsewhere", "moderator", "official", "operator"])
def test_the_head__resets_nobody_with_rights_beside(
    world: CentreWorld, head: Client, also: str
) -> None:
    person = world.administrator
    with_app(person)
    if also == "head":
        models.CentreMember.objects.filter(pk=world.member.pk).update(role="head")
    elif also == "elsewhere":
        member(world.foreign, person)
    elif also == "moderator":
        models.AgencyModerator.objects.create(agency=AgencyFactory(), user=person)
    elif also == "official":
        OfficialFactory(user=person)
    else:
        person.user_permissions.add(Permission.objects.get(codename=OPERATE))
    here = of(world, "person", world.member.public_id)
    assert not Page(head.get(here)).has("button[value=reset]")
    assert head.post(here, {"act": "reset"}).status_code == 404
    assert has_app(person)


def test_the_head_of_an_agency__resets_nobody_of_a_centre_by_naming_them(
    world: CentreWorld,
) -> None:
    with_app(world.administrator)
    agency, boss = AgencyFactory(), user("boss")
    models.AgencyModerator.objects.create(agency=agency, user=boss, is_head=True)
    models.AgencyModerator.objects.create(agency=agency, user=world.administrator)
    assert not staff_reset_by(boss).filter(pk=world.administrator.pk).exists()


def test_a_form_sent_after_the_session_ended__leads_back_to_its_page(world: CentreWorld) -> None:
    here = of(world, "hours")
    answer = Client().post(
        here, {"day_0": "9:00–13:00"}, headers={"Referer": f"http://testserver{here}"}
    )
    assert answer["Location"] == f"/admin/login/?next={here}"
    assert not world.centre.hours.exists()
