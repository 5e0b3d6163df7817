"""Signing in with a signature that the browser uploads or the widget has made (screen C04, A-19)."""

import base64
from datetime import timedelta
from html import unescape
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import (
    Challenge,
    Citizen,
    CitizenSession,
    Evidence,
    SignInCredential,
)
from diia_videoreception.web.browser_state import CITIZEN
from diia_videoreception.web.citizen.signing import text_to_sign
from integrations.identity.kep import MAX_UPLOAD_BYTES
from integrations.kep.verify import MAX_SIGNATURE_BYTES
from tests.factories import NOW, CitizenFactory
from tests.harness.html import Page
from tests.steps.authority import Network, ring, signature
from tests.steps.outside_formats import PDF, long_term, other_formats
from tests.steps.people import page_after, sign_in

PAGE = "/videoreception/sign-in/kep/sign/"
START = "/videoreception/sign-in/kep/start/"
NEXT = "/videoreception/choose/?agency=1"
OLENA = "3142501187"

WORDS = {
    "ASiC-E": "Цей файл — контейнер",
    "ASiC-S": "Цей файл — контейнер",
    "XAdES": "Цей файл — підпис у форматі XML (XAdES)",
    "PDF": "Цей файл — PDF",
    "UA1_SIGN": "Цей файл — підпис в обгортці програм для звітності (UA1_SIGN)",
}
"""How the page names signatures in another format."""

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture(autouse=True)
def network(settings: Any, time_machine: Any) -> Network:
    time_machine.move_to(NOW, tick=False)
    network = Network()
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "IDENTITY": {
            "kep": {
                "BACKEND": "integrations.identity.kep.KepSignature",
                "OPTIONS": {"trust": ring().trust, "transport": network},
            }
        }
    }
    return network


def widget(settings: Any, url: str = "https://id.gov.ua/sign-widget/v1/") -> None:
    settings.DIIA_VIDEORECEPTION["IDENTITY"]["kep"]["OPTIONS"]["widget_url"] = url
    settings.DIIA_VIDEORECEPTION = dict(settings.DIIA_VIDEORECEPTION)


@pytest.fixture
def olena() -> Citizen:
    return CitizenFactory(identifier=OLENA)


def begin(client: Client, *, purpose: str = "sign_in") -> str:
    """Presses the button of the way; gives the page with the text."""
    answer = client.post(START, {"next": NEXT, "purpose": purpose}, follow=True)
    assert answer.request["PATH_INFO"] == PAGE
    return answer.text


def field(page: str, name: str) -> str:
    return Page(page).field(name).value


def content(client: Client, page: str) -> bytes:
    """Saves the file with the text."""
    answer = client.get(
        reverse("diia_videoreception:text_to_sign", args=[field(page, "challenge")])
    )
    assert answer.status_code == 200
    return answer.getvalue()  # type: ignore[attr-defined]


def send(client: Client, page: str, signed: bytes, *, name: str = "text.p7s", **more: str) -> Any:
    fields = {"challenge": field(page, "challenge"), "purpose": field(page, "purpose")} | more
    return client.post(PAGE, {**fields, "file": SimpleUploadedFile(name, signed)})


def citizen_of(client: Client) -> Citizen | None:
    key = client.session.get(CITIZEN.key)
    session = CitizenSession.objects.live(NOW).filter(key=key).first() if key else None
    return session.citizen if session else None


def refused(answer: Any, reason: str) -> str:
    assert answer.status_code == 400, answer.text
    assert reason in answer.text
    return " ".join(answer.text.split())


# --- The way without scripts -------------------------------------------------------------------


def test_the_page__shows_the_text_and_how_to_sign_it(client: Client) -> None:
    page = begin(client)
    text = content(client, page).decode()
    assert text == Challenge.objects.get().content
    for line in filter(None, text.splitlines()):
        assert line in unescape(page)
    for step in ("Збережіть текст як файл", "CAdES (p7s)", "Додайте сюди файл із підписом"):
        assert step in page
    assert "Діє до 10:05" in page
    assert Page(page).has('form[enctype="multipart/form-data"]')
    assert not Page(page).has("iframe")
    assert "signing.js" not in page, "no widget is configured"


def test_the_text__is_saved_octet_by_octet_and_by_this_browser_only(client: Client) -> None:
    page = begin(client)
    url = reverse(f"diia_videoreception:{text_to_sign.__name__}", args=[field(page, "challenge")])
    answer = client.get(url)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="text-to-sign.txt"'
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    assert b"\r" not in answer.getvalue()  # type: ignore[attr-defined]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    stranger = Client()
    assert stranger.get(url).status_code == 404
    begin(stranger)
    assert stranger.get(url).status_code == 404


@pytest.mark.parametrize("attached", [True, False])
def test_a_signature__signs_in_and_goes_on(client: Client, olena: Citizen, attached: bool) -> None:
    page = begin(client)
    signed = signature("olena", content(client, page), attached=attached)

    answer = send(client, page, signed)

    assert (answer.status_code, answer.headers["Location"]) == (303, NEXT)
    assert citizen_of(client) == olena
    session = CitizenSession.objects.get()
    assert (session.level, session.method, session.provider) == ("high", "kep+dstu", "kep")
    assert SignInCredential.objects.get().label == "Надавач послуг (демонстрація, ДСТУ 4145)"
    assert Evidence.objects.get().citizen == olena
    assert not Challenge.objects.exists()


def test_the_widget__sends_base64(client: Client, olena: Citizen) -> None:
    page = begin(client)
    signed = base64.b64encode(signature("olena", content(client, page))).decode()
    fields = {"challenge": field(page, "challenge"), "purpose": "sign_in", "signature": signed}
    assert client.post(PAGE, fields).status_code == 303
    assert citizen_of(client) == olena


def test_somebody_new__registers_first(client: Client) -> None:
    page = begin(client)
    answer = send(client, page, signature("petra", content(client, page)))
    assert answer.headers["Location"] == reverse("diia_videoreception:registration")
    assert citizen_of(client) is None


def test_an_editor_of_the_portal__stays_signed_in(client: Client, olena: Citizen) -> None:
    client.force_login(get_user_model().objects.create_superuser("root"))
    page = begin(client)
    send(client, page, signature("olena", content(client, page)))
    assert citizen_of(client) == olena
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (b"", "Виберіть файл зі своїм підписом."),
        (b"not a signature", "Цей файл не є підписом."),
        ("Це текст, а не підпис".encode(), "Цей файл не є підписом."),
        (b"0" * (MAX_SIGNATURE_BYTES + 1), "Файл завеликий для підпису цього тексту."),
        (b"M" * (MAX_UPLOAD_BYTES + 1), "Файл завеликий для підпису цього тексту."),
        *[(sample, WORDS[name]) for sample, name in other_formats(b"0" * 50).values()],
        (PDF + bytes(MAX_UPLOAD_BYTES), WORDS["PDF"]),
    ],
)
def test_a_wrong_file__is_told_and_the_text_stays(
    client: Client, olena: Citizen, chosen: bytes, words: str
) -> None:
    page = begin(client)
    answer = page_after(client, send(client, page, chosen))
    [(where, text)] = Page(answer).errors()
    assert where == "signature_file"
    assert words in text
    assert field(answer.text, "challenge") == field(page, "challenge")
    send(client, page, signature("olena", content(client, page)))
    assert citizen_of(client) == olena


# --- Stepping up and binding -------------------------------------------------------------------


def test_stepping_up_and_binding__work_by_signature(client: Client) -> None:
    taras = CitizenFactory(identifier="2873402551")
    sign_in(client, taras)
    page = begin(client, purpose="step_up")
    assert "Підтвердження особи" in page
    answer = send(client, page, signature("taras-token", content(client, page)))
    assert answer.headers["Location"] == NEXT
    assert CitizenSession.objects.live(NOW).get().level == "high"

    page = begin(client, purpose="bind")
    assert "Цим підписом я прив’язую ключ" in unescape(page)
    answer = send(client, page, signature("taras", content(client, page)))
    assert answer.headers["Location"].startswith(reverse("diia_videoreception:profile"))
    assert set(SignInCredential.objects.values_list("level", flat=True)) == {"high", "substantial"}


def test_the_key_of_another_person__does_not_step_up(client: Client) -> None:
    sign_in(client, CitizenFactory(identifier="2873402551"))
    page = begin(client, purpose="step_up")
    answer = send(client, page, signature("olena", content(client, page)))
    refused(answer, "identity_mismatch")
    assert CitizenSession.objects.live(NOW).get().level == "substantial"


def test_a_signature_for_one_purpose__serves_no_other(client: Client) -> None:
    sign_in(client, CitizenFactory(identifier=OLENA))
    stepping_up = begin(client, purpose="step_up")
    signed = signature("olena", content(client, stepping_up))
    binding = begin(client, purpose="bind")

    refused(send(client, binding, signed), "content_mismatch")
    mixed = {"challenge": field(stepping_up, "challenge"), "purpose": "bind"}
    answer = client.post(PAGE, mixed | {"file": SimpleUploadedFile("x.p7s", signed)})
    refused(answer, "challenge_other_purpose")
    assert not SignInCredential.objects.exists()


# --- What is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "reason", "text"),
    [
        ("iryna", "expired", "04.10.2026"),
        ("vasyl", "revoked", "01.06.2026"),
        ("seal", "no_person", "не ключ людини"),
    ],
)
def test_each_refusal__has_its_text(client: Client, slug: str, reason: str, text: str) -> None:
    page = begin(client)
    shown = refused(send(client, page, signature(slug, content(client, page))), reason)
    assert citizen_of(client) is None
    assert text in shown


@pytest.mark.parametrize(
    ("signed", "reason"), [(b"0 and no signature", "malformed"), (b"0" * 20_000, "trailing_data")]
)
def test_broken_files__are_told(client: Client, signed: bytes, reason: str) -> None:
    refused(send(client, begin(client), signed), reason)


def test_a_large_file__is_not_even_read(client: Client) -> None:
    with mock.patch("integrations.identity.kep.remove_armour", side_effect=AssertionError):
        answer = send(client, begin(client), b"0" * (MAX_UPLOAD_BYTES + 1))
    assert "Файл завеликий" in page_after(client, answer).text


def test_a_signature_with_its_revocation_data__signs_in(client: Client, olena: Citizen) -> None:
    """27 KB, of which 24 are unsigned attributes: as a file, or in base64 by a widget."""
    page = begin(client)
    signed = long_term(signature("olena", content(client, page)))
    send(client, page, signed)
    assert citizen_of(client) == olena
    CitizenSession.objects.all().delete()
    page = begin(client)
    signed = long_term(signature("olena", content(client, page)))
    fields = {"challenge": field(page, "challenge"), "purpose": "sign_in"}
    client.post(PAGE, fields | {"signature": base64.b64encode(signed).decode()})
    assert citizen_of(client) == olena


def test_a_signature_with_too_much_in_it__leaves_the_text(client: Client, olena: Citizen) -> None:
    page = begin(client)
    text = content(client, page)
    answer = send(
        client, page, signature("olena", text, certificates=[ring().holders["dstu-ca"].raw] * 11)
    )
    assert "Файл завеликий" in page_after(client, answer).text
    send(client, page, signature("olena", text))
    assert citizen_of(client) == olena


@pytest.mark.parametrize(("signed", "reason"), [("*", "malformed"), ("підпис", "malformed")])
def test_broken_answers_of_a_widget__are_refused(client: Client, signed: str, reason: str) -> None:
    page = begin(client)
    fields = {"challenge": field(page, "challenge"), "purpose": "sign_in", "signature": signed}
    refused(client.post(PAGE, fields), reason)


def test_a_large_answer_of_a_widget__leaves_the_text(client: Client, olena: Citizen) -> None:
    page = begin(client)
    fields = {"challenge": field(page, "challenge"), "purpose": "sign_in"}
    for signed in ("M" * (MAX_UPLOAD_BYTES + 1), "MDAw" * (MAX_SIGNATURE_BYTES // 3 + 1)):
        answer = client.post(PAGE, fields | {"signature": signed})
        assert "Файл завеликий" in page_after(client, answer).text
    send(client, page, signature("olena", content(client, page)))
    assert citizen_of(client) == olena


def test_an_answer__works_once(client: Client, olena: Citizen) -> None:
    page = begin(client)
    signed = signature("olena", content(client, page))
    send(client, page, signed)
    CitizenSession.objects.all().delete()
    begin(client)
    text = refused(send(client, page, signed), "challenge_gone")
    assert "Цей текст уже використано" in text
    assert citizen_of(client) is None


def test_an_answer_of_another_browser__signs_nobody_in(client: Client, olena: Citizen) -> None:
    page = begin(client)
    signed = signature("olena", content(client, page))
    thief = Client()
    begin(thief)
    refused(send(thief, page, signed), "challenge_other_session")
    assert citizen_of(thief) is None
    send(client, page, signed)
    assert citizen_of(client) == olena


def test_an_answer_that_comes_too_late__is_told(client: Client, time_machine: Any) -> None:
    page = begin(client)
    signed = signature("olena", content(client, page))
    time_machine.move_to(NOW + timedelta(minutes=5), tick=False)
    text = refused(send(client, page, signed), "challenge_expired")
    assert "Час на підписання минув" in text


def test_the_authority__does_not_answer(client: Client, network: Network) -> None:
    network.down = True
    page = begin(client)
    text = refused(
        send(client, page, signature("olena", content(client, page))), "revocation_unknown"
    )
    assert "«Надавач послуг (демонстрація, ДСТУ 4145)» зараз не відповідає" in text
    ways_on = [to for _, to in Page(text).links() if to.startswith("/videoreception/sign-in/")]
    assert ways_on, "there is a way on"


def test_nobody__signs_without_having_begun(client: Client) -> None:
    for answer in (client.get(PAGE), client.post(PAGE, {"purpose": "bind"})):
        assert (answer.status_code, answer.headers["Location"]) == (303, "/videoreception/sign-in/")
    begin(client)
    assert client.get(PAGE, {"purpose": "sign"}).status_code == 303
    assert client.get("/videoreception/sign-in/none/sign/").status_code == 404
    assert not Challenge.objects.exclude(purpose="sign_in").exists()


def test_a_foreign_form__signs_nobody_in(olena: Citizen) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/videoreception/sign-in/").text
    token = field(page, "csrfmiddlewaretoken")
    page = client.post(START, {"csrfmiddlewaretoken": token}, follow=True).text
    signed = signature("olena", content(client, page))
    assert send(client, page, signed).status_code == 403
    assert citizen_of(client) is None


def test_throttles__stand_before_the_verifier(
    client: Client, settings: Any, network: Network
) -> None:
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "THROTTLE": {"kep": "3/min", "kep_session": "2/min"}
    }

    def attempt(browser: Client) -> int:
        page = begin(browser)
        return int(send(browser, page, signature("vasyl", content(browser, page))).status_code)

    assert [attempt(client) for _ in range(3)] == [400, 400, 429]
    asked = len(network.asked)
    other = Client()
    assert [attempt(other) for _ in range(2)] == [429, 429], "one address, another browser"
    assert len(network.asked) == asked
    assert Challenge.objects.exists(), "what was not looked at is not used up"


def test_the_widget__is_told_its_origin_and_the_octets(client: Client, settings: Any) -> None:
    widget(settings)
    page = begin(client)
    shown = Page(page).one("section[data-vr-signing]")
    assert shown.attribute("data-origin") == "https://id.gov.ua"
    assert shown.attribute("data-url") == "https://id.gov.ua/sign-widget/v1/"
    assert base64.b64decode(shown.attribute("data-content") or "") == content(client, page)
    assert "signing.js" in page
    assert shown.attribute("hidden") is not None, "nothing dead without scripts"
