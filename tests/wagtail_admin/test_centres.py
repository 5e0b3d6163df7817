"""The operator of the portal: requests, access of centres, lists from files; and no case."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diia_videoreception import models
from diia_videoreception.rules.mandates import HelpScope
from diia_videoreception.selectors.access import (
    agencies_moderated_by,
    applications_visible_to,
    citizens_visible_to,
)
from diia_videoreception.selectors.assistance.mandates import (
    BUILT,
    offered_scopes,
    text_in_language,
)
from diia_videoreception.services.centres import granting
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.admin import World, client_of
from tests.steps.centres import centre, member, operator, request_for_access, user
from tests.steps.second_factor import verify, with_app

pytestmark = pytest.mark.any_database

CENTRES = (
    "code;name;place;address;phone;email;head_name;head_email;intermediation_number;intermediation_date\n"
    "YAV-1;ЦНАП Яворівки;Яворівка;вул. Садова, 1;0 800 000 010;c@y.example;Гнатюк Світлана;h@y.example;231-08;12.03.2026\n"
    "YAV-2;ЦНАП Лугу;Луг;вул. Нова, 2;0 800 000 011;c@l.example;Дзюба Марко;d@l.example;;\n"
)


@pytest.fixture
def the_operator(world: World) -> Any:
    return operator()


@pytest.fixture
def client(the_operator: Any) -> Client:
    return verify(client_of(the_operator), the_operator)


def address(name: str, *args: object) -> str:
    return reverse(f"videoreception_centres:{name}", args=args)


def waiting() -> models.CentreAccessRequest:
    return granting.request_access(request_for_access(), captcha=solved_captcha(), now=NOW)


def test_the_operator__grants_what_was_asked_for(client: Client) -> None:
    request = waiting()
    page = Page(client.get(address("request", request.public_id)))
    assert "Гнатюк Світлана" in page.text
    sent = client.post(address("request", request.public_id), {"act": "grant", "code": "YAV-1"})
    assert sent.status_code == 302
    made = models.Centre.objects.get()
    assert made.code == "YAV-1"
    assert "YAV-1" in Page(client.get(address("index"))).text
    assert client.get(address("one", made.public_id)).status_code == 200
    again = client.post(address("request", request.public_id), {"act": "grant", "code": "YAV-2"})
    assert again.status_code == 422
    assert models.Centre.objects.count() == 1


def test_the_operator__refuses_suspends_and_gives_back(client: Client) -> None:
    request, works = waiting(), centre()
    client.post(address("request", request.public_id), {"act": "refuse", "reason": "Ні."})
    request.refresh_from_db()
    assert request.state == "refused"
    one = address("one", works.public_id)
    assert client.post(one, {"act": "suspend", "reason": ""}).status_code == 422
    client.post(one, {"act": "suspend", "reason": "Перевірка."})
    works.refresh_from_db()
    assert (works.state, works.suspension_reason) == ("suspended", "Перевірка.")
    client.post(one, {"act": "resume"})
    works.refresh_from_db()
    assert works.is_active
    client.post(one, {"act": "invite", "head_name": "Гнатюк Світлана", "head_email": "h@y.example"})
    assert works.invitations.get().role == "head"


def test_the_operator__adds_and_edits_a_centre_whose_code_stays(client: Client) -> None:
    details = {
        "name": "ЦНАП",
        "place": "Луг",
        "address": "вул. Нова, 2",
        "phone": "1",
        "email": "c@l.example",
    }
    head = {"head_name": "Дзюба Марко", "head_email": "d@l.example"}
    wrong = client.post(address("add"), {**details, **head, "code": "луг"})
    assert wrong.status_code == 422
    assert client.post(address("add"), {**details, **head, "code": "LUH-1"}).status_code == 302
    made = models.Centre.objects.get()
    edit = address("edit", made.public_id)
    client.post(edit, {**details, "name": "ЦНАП Лугу", "code": "OTHER-1"})
    made.refresh_from_db()
    assert (made.name, made.code) == ("ЦНАП Лугу", "LUH-1")
    assert client.post(edit, {**details, "edrpou": "12345679"}).status_code == 422


def test_the_operator__sees_no_case(world: World, the_operator: Any) -> None:
    assert not agencies_moderated_by(the_operator).exists()
    assert not applications_visible_to(the_operator).exists()
    assert not citizens_visible_to(the_operator).exists()
    client = verify(client_of(the_operator), the_operator)
    for name in ("videoreception_applications:index", "videoreception_people:index"):
        assert client.get(reverse(name)).status_code in {302, 403}


@pytest.mark.parametrize("who", ["moderator", "head", "of_centre", "by_password"])
def test_others__come_to_no_page_of_the_operator(world: World, who: str) -> None:
    request, works = waiting(), centre()
    if who == "of_centre":
        somebody = user("head_of_centre")
        member(works, somebody)
        client = verify(client_of(somebody), somebody)
    elif who == "by_password":
        somebody = operator()
        with_app(somebody)
        client = client_of(somebody)
    else:
        client = world.proven_client(who)
    pages = [
        address("index"),
        address("add"),
        address("requests"),
        address("import"),
        address("request", request.public_id),
        address("one", works.public_id),
        address("edit", works.public_id),
        address("texts"),
        address("text", "uk"),
    ]
    for page in pages:
        for answer in (client.get(page), client.post(page, {"act": "grant", "code": "YAV-9"})):
            assert answer.status_code in {302, 303, 403, 405}
            assert works.name not in answer.content.decode()
    assert models.Centre.objects.count() == 1


def test_what_the_operator_does_not_allow__nobody_does_by_any_consent(
    client: Client, the_operator: Any
) -> None:
    works = centre()
    one = address("one", works.public_id)
    assert Page(client.get(one)).choice("book_reception").is_checked

    assert client.post(one, {"act": "allow", "scopes": []}).status_code == 302

    works.refresh_from_db()
    assert not set(offered_scopes(works))
    assert set(works.allowed_scopes) == {*HelpScope} - {*BUILT}, "what is not built stays as it is"
    assert client.post(one, {"act": "allow", "scopes": ["everything"]}).status_code == 422
    client.post(one, {"act": "allow", "scopes": ["book_reception"]})
    works.refresh_from_db()
    assert HelpScope.BOOK_RECEPTION in offered_scopes(works)
    record = models.JournalRecord.objects.filter(act="centre.help_allowed").last()
    assert record is not None
    assert (record.subject_id, record.actor_id) == (str(works.public_id), str(the_operator.pk))


BODY = "Я, {person}, прошу {centre} допомогти: {scopes}. Діє {term}."


def test_an_edition__is_looked_at_and_then_published(client: Client) -> None:
    here, sent = address("text", "uk"), {"body": BODY, "seen": 1}
    assert "Нічого ще не оприлюднено" in Page(client.post(here, sent | {"step": "look"})).text
    assert text_in_language("uk").number == 1

    assert client.post(here, sent | {"step": "publish"}).status_code == 302

    assert (text_in_language("uk").number, text_in_language("uk").body) == (2, BODY)
    assert text_in_language("en").number == 1
    assert BODY in Page(client.get(address("texts"))).text
    details = models.JournalRecord.objects.get(act="mandate.text_published").details
    assert (details["language"], details["number"]) == ("uk", 2)
    later = client.post(here, {"body": BODY + " Так.", "seen": 1, "step": "publish"})
    assert later.status_code == 422, "somebody has published another edition meanwhile"
    assert BODY + " Так." in later.content.decode(), "nothing typed is lost"
    same = client.post(here, {"body": BODY, "seen": 2, "step": "publish"})
    assert same.status_code == 422
    assert models.MandateText.objects.filter(language="uk").count() == 2


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", "Напишіть текст"),
        (BODY.replace("{term}", ""), "Бракує {term}"),
        (BODY + "{password}", "{password} — не поле"),
        (BODY + "х" * 6000, "довший за 6000"),
    ],
)
def test_a_text_that_tells_not_enough__is_not_published(
    client: Client, body: str, told: str
) -> None:
    answer = client.post(address("text", "uk"), {"body": body, "seen": 1, "step": "publish"})
    assert answer.status_code == 422
    assert told in Page(answer).text
    assert text_in_language("uk").number == 1


def test_a_language_that_there_is_not__is_no_page(client: Client) -> None:
    assert client.get(address("text", "ru")).status_code == 404
    assert client.get(address("text", "crh")).status_code == 200


def upload(client: Client, kind: str, text: str | bytes) -> Any:
    data = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("list.csv", data, content_type="text/csv")
    return client.post(address("import"), {"kind": kind, "file": file})


def test_a_list__is_shown_first_and_imported_as_it_was_shown(client: Client) -> None:
    tried = upload(client, "centres", CENTRES)
    assert tried.status_code == 200
    assert not models.Centre.objects.exists()
    assert not models.Letter.objects.filter(kind="centre_invitation").exists()
    assert not models.JournalRecord.objects.filter(act="centre.granted").exists()

    sent = {"step": "import", "kind": "centres", "text": CENTRES}
    assert client.post(address("import"), sent).status_code == 302
    assert set(models.Centre.objects.values_list("code", flat=True)) == {"YAV-1", "YAV-2"}
    assert models.CentreDecision.objects.get().number == "231-08"
    assert models.CentreInvitation.objects.count() == 2

    client.post(address("import"), sent)
    assert models.CentreInvitation.objects.count() == 2, "what is there stays as it is"
    people = "centre_code,name,email,role\nYAV-1,Ткачук Наталія,n@y.example,administrator\n"
    client.post(address("import"), {"step": "import", "kind": "people", "text": people})
    assert models.CentreInvitation.objects.filter(role="administrator").count() == 1


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("centres", CENTRES.replace("YAV-2", "луг")),
        (
            "centres",
            CENTRES.replace("YAV-2", "YAV-1").replace("Лугу", "Лугу-2").replace("12.03", "31.02"),
        ),
        ("centres", CENTRES.replace("c@l.example", "немає")),
        ("people", "centre_code,name,email,role\nNONE,Ткачук,n@y.example,administrator\n"),
    ],
)
def test_one_wrong_row__keeps_the_whole_list_out(client: Client, kind: str, text: str) -> None:
    assert upload(client, kind, text).status_code == 422
    answer = client.post(address("import"), {"step": "import", "kind": kind, "text": text})
    assert answer.status_code == 422
    assert not models.Centre.objects.exists()
    assert not models.CentreInvitation.objects.exists()


@pytest.mark.parametrize(
    "text", ["", "code;name\nA;B\n", 'code,name\n"A', b"\xff\xfe\x00", "code\n" * 3]
)
def test_what_is_no_list__is_told_in_words(client: Client, text: str | bytes) -> None:
    assert upload(client, "centres", text).status_code == 422


def test_many_centres__cost_no_more_than_few(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        member(centre(f"C-{number}", place=f"Село {number}"), user(f"member{number}"))
    client.get(address("index"))
    with django_assert_max_num_queries(15):
        page = Page(client.get(address("index")))
    assert "C-59" not in page.text, "the list is paged"
    assert "C-59" in Page(client.get(address("index"), {"q": "село 59"})).text
