"""The examples of docs/providers.md are put into a portal as they stand and do what they promise."""

import hmac
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Citizen, CitizenSession, Reception
from diia_videoreception.providers import (
    BASES,
    antivirus_provider,
    captcha,
    mailbox_providers,
    sms_provider,
)
from diia_videoreception.services.booking import moderation
from diia_videoreception.web.browser_state import CITIZEN
from integrations.antivirus.base import ScannerUnavailable, VirusFound
from integrations.captcha.base import Captcha
from integrations.common.fetching import FetchedResponse, FetchFailed
from integrations.identity import oauth
from integrations.identity.base import IdentityError
from integrations.identity.reasons import SignInRefusal
from integrations.mailbox.base import MailboxRefused
from integrations.sms.base import SmsUnavailable, TextMessage
from tests.factories import NOW, ApplicationFactory, CitizenFactory
from tests.harness.html import Page
from tests.harness.manual import BLOCK
from tests.steps.checks import found
from tests.steps.moderation import moderator_of
from tests.steps.people import sign_in

pytestmark = pytest.mark.any_database

MANUAL = Path(__file__).parent.parent / "docs" / "providers.md"
OLENA = "3142501187"
CARD = Ed25519PrivateKey.from_private_bytes(
    bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
)
"""The first test vector of RFC 8032, 7.1; its public key stands in the manual."""

Put = Callable[[str], ModuleType]


def examples() -> dict[str, tuple[str, str]]:
    """The module and the settings of each example, by the module's name."""
    made: dict[str, tuple[str, str]] = {}
    name = code = ""
    for block in BLOCK.finditer(MANUAL.read_text()):
        kind = block["info"].strip()
        if kind.startswith("python module="):
            name, code = kind.removeprefix("python module="), block["text"]
        elif kind == "python settings":
            made[name] = (code, block["text"])
    return made


@pytest.fixture
def put(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Put:
    """`put("portal_city")`: the portal has the module of the manual and its settings."""

    def into_portal(name: str) -> ModuleType:
        code, conf = examples()[name]
        module = ModuleType(name)
        monkeypatch.setitem(sys.modules, name, module)
        exec(compile(code, f"{MANUAL}:{name}", "exec"), vars(module))
        own = settings.DIIA_VIDEORECEPTION
        values: dict[str, Any] = {
            "DIIA_VIDEORECEPTION": own | {"IDENTITY": dict(own["IDENTITY"])},
        }
        exec(compile(conf, f"{MANUAL}:{name} settings", "exec"), values)
        for key, value in values.items():
            if key.isupper():
                setattr(settings, key, value)
        return module

    return into_portal


def citizen_of(client: Client) -> Citizen | None:
    key = client.session.get(CITIZEN.key)
    session = CitizenSession.objects.live(NOW).filter(key=key).first() if key else None
    return session.citizen if session else None


@pytest.mark.django_db
@pytest.mark.parametrize("name", examples())
def test_example__passes_the_system_checks(put: Put, name: str) -> None:
    """A folder that nobody has made is the one thing that is wrong with them."""
    put(name)
    messages = found()
    assert not {"E001", "E005", "E006"} & messages.keys(), messages
    assert messages.get("W007", "").count("DIIA_VIDEORECEPTION") <= 1, "that of the test portal"
    fault = "The folder of the mailboxes does not exist."
    assert messages.get("E017", "") == (
        f"DIIA_VIDEORECEPTION['MAILBOX']['default']: {fault}\n" if name == "portal_maildir" else ""
    )


def test_table__names_every_base_and_what_has_to_be_written() -> None:
    rows = re.compile(r"^\|[^|]*\|[^|]*\| `([\w.]+)` \| ([^|]*) \|$", re.M)
    words = dict(rows.findall(MANUAL.read_text()))
    bases = [base for kind in BASES.values() for base in kind] + [Captcha]
    assert words == {
        f"{base.__module__}.{base.__name__}": ", ".join(
            f"`{name}`" for name in sorted(base.__abstractmethods__)
        )
        for base in bases
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen")
def test_city__signs_in_who_comes_back_with_a_code(
    put: Put, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("portal_city")
    asked = []

    def fetch(
        method: str, url: str, *, body: bytes, headers: dict[str, str], **_: Any
    ) -> FetchedResponse:
        asked.append((method, url))
        if url.endswith("/token"):
            assert parse_qs(body.decode())["code"] == ["code-of-the-city"]
            return FetchedResponse(
                200, json.dumps({"access_token": "t0ken", "token_type": "bearer"}).encode()
            )
        assert headers["Authorization"] == "Bearer t0ken"
        person = {
            "account": "77",
            "rnokpp": OLENA,
            "last_name": "Вербицька",
            "first_name": "Олена",
        }
        return FetchedResponse(200, json.dumps(person).encode())

    monkeypatch.setattr(oauth, "fetch", fetch)
    known = CitizenFactory(identifier=OLENA)

    page = client.get("/videoreception/sign-in/").text
    assert "Кабінет міста" in page
    page = client.post("/videoreception/sign-in/city/start/", {"next": ""}, secure=True)
    address = Page(page).goes_on_to
    assert address.startswith("https://city.example.gov.ua/oauth/authorize?")
    query = parse_qs(urlsplit(address).query)
    assert query["redirect_uri"] == ["https://testserver/videoreception/sign-in/city/callback/"]
    answer = client.get(
        "/videoreception/sign-in/city/callback/",
        {"state": query["state"][0], "code": "code-of-the-city"},
        secure=True,
    )

    assert answer.status_code == 303, answer.text
    assert citizen_of(client) == known
    assert asked == [
        ("POST", "https://city.example.gov.ua/oauth/token"),
        ("POST", "https://city.example.gov.ua/oauth/person"),
    ]


def signed_with_card(content: bytes) -> bytes:
    return CARD.public_key().public_bytes_raw() + CARD.sign(content)


def sign_page(client: Client, url: str, make: Callable[[bytes], bytes]) -> Any:
    """Saves the text of a page, signs it and brings the signature back."""
    fields = Page(client.get(url)).hidden()
    text = client.get(reverse("diia_videoreception:text_to_sign", args=[fields["challenge"]]))
    file = SimpleUploadedFile("text.sig", make(text.getvalue()))  # type: ignore[attr-defined]
    return client.post(url, {**fields, "file": file})


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen")
def test_cards__sign_in_and_sign_an_application(put: Put, client: Client) -> None:
    put("portal_cards")
    olena = CitizenFactory(identifier=OLENA)
    url = "/videoreception/sign-in/cards/sign/"
    client.post("/videoreception/sign-in/cards/start/", {"next": ""})

    assert sign_page(client, url, signed_with_card).status_code == 303
    assert citizen_of(client) == olena

    sign_in(client, olena)
    application = ApplicationFactory(citizen=olena, consent=olena.consents.get())
    url = reverse("diia_videoreception:case_sign", args=[application.public_id])
    answer = sign_page(client, url, signed_with_card)
    assert answer.status_code == 303, answer.text
    file = client.get(reverse("diia_videoreception:case_signature", args=[application.public_id]))
    assert file["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(file.getvalue())) as archive:
        content, signature = archive.read("challenge.txt"), archive.read("signature.p7s")
    assert application.number.encode() in content
    CARD.public_key().verify(signature[32:], content)


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen")
@pytest.mark.parametrize(
    ("make", "status", "words"),
    [
        (lambda text: signed_with_card(text + b"x"), 400, "Підпис неправильний"),
        (lambda text: bytes(96), 400, "Цей ключ тут не приймається"),
        (lambda text: bytes(95), 303, "Цей файл не є підписом."),
        (lambda text: bytes(97), 303, "Файл завеликий для підпису цього тексту."),
    ],
)
def test_cards__what_is_no_signature_of_a_card_is_refused_in_words(
    put: Put, client: Client, make: Callable[[bytes], bytes], status: int, words: str
) -> None:
    put("portal_cards")
    client.post("/videoreception/sign-in/cards/start/", {"next": ""})
    url = "/videoreception/sign-in/cards/sign/"
    answer = sign_page(client, url, make)

    assert answer.status_code == status
    page = client.get(answer["Location"]).text if status == 303 else answer.text
    assert words in page, page
    assert citizen_of(client) is None


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen")
def test_cards__a_format_that_only_its_provider_knows_is_no_signature(
    put: Put, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(provider: object, data: bytes) -> None:
        raise IdentityError(SignInRefusal.UNSUPPORTED_CONTAINER, "a format of theirs")

    monkeypatch.setattr(put("portal_cards").Cards, "require_signature", refuse)
    client.post("/videoreception/sign-in/cards/start/", {"next": ""})
    answer = sign_page(client, "/videoreception/sign-in/cards/sign/", signed_with_card)
    assert "Цей файл не є підписом." in client.get(answer["Location"]).text


@pytest.mark.django_db
def test_rooms__a_confirmed_reception_has_a_room_of_its_own(put: Put) -> None:
    put("portal_rooms")
    application = ApplicationFactory()
    moderator = moderator_of(application.official.agency)
    moderation.confirm(moderator=moderator, public_id=application.public_id, version=1, now=NOW)

    reception = Reception.objects.get(application=application)
    assert re.fullmatch(r"[0-9a-f]{8}@meet\.example\.gov\.ua", reception.login)


def test_maildir__makes_mailboxes_and_takes_letters(
    put: Put, settings: Any, tmp_path: Path
) -> None:
    put("portal_maildir")
    conf = settings.DIIA_VIDEORECEPTION
    conf["MAILBOX"]["default"]["OPTIONS"]["folder"] = str(tmp_path)
    settings.DIIA_VIDEORECEPTION = dict(conf)
    server = mailbox_providers()["default"]
    message = EmailMessage()
    message["Subject"] = "Прийом підтверджено"
    address = server.address("olena")
    assert address == "olena@citizens.example.gov.ua"

    with pytest.raises(MailboxRefused, match="no such mailbox"):
        server.deliver(address, message, sender="portal@example.gov.ua")
    server.create(address)
    server.create(address)
    server.deliver(address, message, sender="portal@example.gov.ua")
    assert len(list((tmp_path / "olena" / "new").iterdir())) == 1


def test_modem__gets_each_message_as_a_file(put: Put, settings: Any, tmp_path: Path) -> None:
    put("portal_modem")
    conf = settings.DIIA_VIDEORECEPTION
    conf["SMS"]["default"]["OPTIONS"]["folder"] = str(tmp_path)
    settings.DIIA_VIDEORECEPTION = dict(conf)
    modem = sms_provider(abroad=False)
    assert modem is not None
    message = TextMessage("a1", "+380671234567", "Відеоприйом 01.12", valid_until=NOW)
    assert modem.send(message, now=NOW) == "a1"
    assert (tmp_path / "a1").read_text() == "+380671234567\nВідеоприйом 01.12"
    (tmp_path / "a1").unlink()
    tmp_path.rmdir()
    with pytest.raises(SmsUnavailable):
        modem.send(message, now=NOW)


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (FetchedResponse(200, b"clean"), None),
        (FetchedResponse(200, b"infected Eicar-Test"), VirusFound),
        (FetchedResponse(200, b"who knows"), ScannerUnavailable),
        (FetchedResponse(500, b"clean"), ScannerUnavailable),
        (FetchFailed("ConnectionError"), ScannerUnavailable),
    ],
)
def test_scanner__says_clean_only_of_what_it_has_seen(
    put: Put,
    monkeypatch: pytest.MonkeyPatch,
    answer: FetchedResponse | FetchFailed,
    raised: type[Exception] | None,
) -> None:
    module = put("portal_scanner")

    def fetch(method: str, url: str, *, body: bytes, **_: Any) -> FetchedResponse:
        assert (method, url, body) == ("POST", "https://scanner.example.gov.ua/scan", b"%PDF-1.7")
        if isinstance(answer, FetchFailed):
            raise answer
        return answer

    monkeypatch.setattr(module, "fetch", fetch)
    scanner = antivirus_provider()
    assert scanner is not None
    with nullcontext() if raised is None else pytest.raises(raised):
        scanner.scan(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("moment", "change", "accepted"),
    [(60, "", True), (-1, "", False), (60, "0", False)],
)
def test_gateway__believes_what_is_signed_and_fresh(
    put: Put, settings: Any, moment: int, change: str, accepted: bool
) -> None:
    put("portal_gateway")
    at = int((datetime.now(UTC) + timedelta(seconds=moment)).timestamp())
    made = hmac.digest(settings.GATEWAY_KEY.encode(), f"one.{at}".encode(), "sha256").hex()
    proof = captcha().verify(f"one.{at}{change}.{made}")

    assert bool(proof) is accepted
    assert proof is None or proof.key == "one"
    assert captcha().challenge() == {"url": "https://gateway.example.gov.ua/human/"}
    for nothing in ("", ".", "one", f"one.x.{made}"):
        assert captcha().verify(nothing) is None
