"""Signing a document in the room, on the screens of both sides, and where the signature is found later."""

import io
import zipfile
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diia_videoreception.models import Document, SignatureRequest
from diia_videoreception.providers import identity_providers
from diia_videoreception.services.booking.document_signatures import manifest_of
from diia_videoreception.services.rooms import documents, signing
from diia_videoreception.web.room import pace
from integrations.identity.base import IdentityError
from integrations.identity.reasons import SignInRefusal
from tests.harness.clock import NOW
from tests.harness.html import Page
from tests.steps.authority import signature
from tests.steps.people import sign_in
from tests.steps.rooms import Meeting, ask, make_meeting, own_room
from tests.steps.samples import png
from tests.steps.signing import install, new_olena

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def meeting(db: None, settings: Any, frozen: Any, monkeypatch: pytest.MonkeyPatch) -> Meeting:
    """With Olena, who has a key and has been let in."""
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": own_room()}
    install(settings, monkeypatch)
    meeting = make_meeting(citizen=new_olena())
    meeting.meet()
    return meeting


@pytest.fixture
def document(meeting: Meeting) -> Document:
    """Added by the official, with the citizen asked to sign it."""
    added = documents.add(
        visitor=meeting.official, public_id=meeting.public_id, window="w1", data=png(),
        filename="Згода.png", now=NOW,
    )  # fmt: skip
    signing.ask(
        visitor=meeting.official, public_id=meeting.public_id, document=added.public_id, now=NOW
    )
    return added


def address(name: str, meeting: Meeting, document: Document) -> str:
    args = [meeting.public_id, document.public_id]
    return reverse(f"diia_videoreception:{name}", args=args)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def signed_by(slug: str, document: Document, changed: str = "") -> bytes:
    request = SignatureRequest.objects.get(document=document)
    return signature(slug, (manifest_of(request) + changed).encode())


def post(client: Client, meeting: Meeting, document: Document, data: bytes) -> Any:
    url = address("room_sign", meeting, document)
    challenge = Page(client.get(url)).field("challenge").value
    file = SimpleUploadedFile("text-to-sign.txt.p7s", data)
    return client.post(url, {"challenge": challenge, "file": file})


def told(client: Client, meeting: Meeting, side: str = "room") -> dict[str, Any]:
    news = ask(client, meeting, "poll", side, window="w1").json()
    return dict(news["documents"][0])


def test_signing__from_the_request_to_the_container_of_both(
    meeting: Meeting, document: Document, citizen: Client, official: Client
) -> None:
    assert told(citizen, meeting)["signature"]["state"] == "asked"
    shown = text_of(citizen.get(address("room_sign", meeting, document)))
    assert "Згода.png" in shown
    assert meeting.application.number in shown

    sent = post(citizen, meeting, document, signed_by("olena", document))
    assert sent["Location"] == address("room_sign", meeting, document)
    assert "Вербицька Олена Ігорівна" in text_of(citizen.get(sent["Location"]))

    for client, side in ((citizen, "room"), (official, "room_official")):
        one = told(client, meeting, side)
        assert one["signature"]["state"] == "signed"
        assert one["signature"]["signer"] == "Вербицька Олена Ігорівна"
        file = client.get(f"{one['url']}signed/")
        assert file["Content-Disposition"].startswith("attachment")
        with zipfile.ZipFile(io.BytesIO(file.getvalue())) as container:
            assert container.read("document.png").startswith(b"\x89PNG")


def test_signed__is_found_in_the_case_on_every_side(
    meeting: Meeting, document: Document, citizen: Client, official: Client
) -> None:
    post(citizen, meeting, document, signed_by("olena", document))
    moderator = Client()
    user: Any = meeting.moderator.user
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    moderator.force_login(user)
    case, key = meeting.public_id, document.public_id
    for client, page, args, name, of in (
        (citizen, "diia_videoreception:case", [case], "diia_videoreception:document_container", [key]),
        (official, "diia_videoreception:official_reception", [case],
         "diia_videoreception:official_container", [case, key]),
        (moderator, "videoreception_applications:inspect", [case],
         "videoreception_applications:container", [case, key]),
    ):  # fmt: skip
        url = reverse(name, args=of)
        assert url in text_of(client.get(reverse(page, args=args)))
        assert zipfile.is_zipfile(io.BytesIO(client.get(url).getvalue()))


@pytest.mark.parametrize(
    ("slug", "changed", "problem"),
    [("taras", "", "Це інша особа"), ("olena", "x", "Підписано інший текст")],
)
def test_refusal__is_told_in_words_and_asks_on(
    meeting: Meeting, document: Document, citizen: Client, slug: str, changed: str, problem: str
) -> None:
    answer = post(citizen, meeting, document, signed_by(slug, document, changed))

    assert answer.status_code == 400
    assert problem in text_of(answer)
    assert address("room_sign", meeting, document) in text_of(answer)
    assert told(citizen, meeting)["signature"]["state"] == "asked"


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (IdentityError(SignInRefusal.EXPIRED, moment=NOW), "закінчився"),
        (IdentityError(SignInRefusal.REVOCATION_UNKNOWN, authority="АЦСК"), "АЦСК"),
    ],
    ids=["expired certificate", "dead responder"],
)
def test_what_the_verifier_refuses__is_told_in_words(
    meeting: Meeting,
    document: Document,
    citizen: Client,
    monkeypatch: pytest.MonkeyPatch,
    error: IdentityError,
    problem: str,
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        assert kwargs["fresh"]
        raise error

    data = signed_by("olena", document)
    monkeypatch.setattr(identity_providers()["kep"], "verify", refuse)
    answer = post(citizen, meeting, document, data)
    assert answer.status_code == 400
    assert problem in text_of(answer)


def test_declined__the_page_says_that_nobody_asks_any_more(
    meeting: Meeting, document: Document, citizen: Client, official: Client
) -> None:
    key = str(document.public_id)
    assert ask(citizen, meeting, "decline", window="w1", document=key).status_code == 200
    assert told(official, meeting, "room_official")["signature"]["state"] == "declined"
    shown = citizen.get(address("room_sign", meeting, document))
    assert shown.status_code == 409
    assert "більше не просять" in text_of(shown)

    assert ask(official, meeting, "ask", "room_official", document=key).status_code == 200
    assert ask(official, meeting, "recall", "room_official", document=key).status_code == 200
    assert told(citizen, meeting)["signature"]["state"] == "withdrawn"


def test_strangers__get_neither_page_nor_container(
    meeting: Meeting, document: Document, citizen: Client
) -> None:
    post(citizen, meeting, document, signed_by("olena", document))
    stranger = Client()
    sign_in(stranger, level="high")
    stranger.force_login(make_meeting().moderator.user)  # type: ignore[arg-type]
    for name in ("room_sign", "room_container", "room_official_container"):
        assert stranger.get(address(name, meeting, document)).status_code == 404
    own = reverse("diia_videoreception:document_container", args=[document.public_id])
    assert stranger.get(own).status_code == 404
    for name in ("room_sign", "room_container"):
        assert Client().get(address(name, meeting, document)).status_code == 303


def test_room_page__lets_no_widget_in_and_costs_no_query_more(
    meeting: Meeting, document: Document, citizen: Client
) -> None:
    with CaptureQueriesContext(connection) as before:
        told(citizen, meeting)
    SignatureRequest.objects.all().delete()
    pace._last.clear()
    with CaptureQueriesContext(connection) as after:
        told(citizen, meeting)
    assert len(before) == len(after)
    page = citizen.get(reverse("diia_videoreception:room", args=[meeting.public_id]))
    assert "Підписати КЕП" in text_of(page)


def test_where_nobody_verifies_signatures__nobody_is_asked(
    meeting: Meeting, document: Document, official: Client, settings: Any
) -> None:
    configured = settings.DIIA_VIDEORECEPTION
    without = {"portal": configured["IDENTITY"]["portal"]}
    settings.DIIA_VIDEORECEPTION = {**configured, "IDENTITY": without}
    key = str(document.public_id)
    assert ask(official, meeting, "ask", "room_official", document=key).status_code == 404
    page = official.get(reverse("diia_videoreception:room_official", args=[meeting.public_id]))
    assert not Page(page).one("[data-room]").attribute("data-signs")
