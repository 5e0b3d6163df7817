"""An answer in writing in a browser: the letter, how it is signed, what was wrong with that."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from diia_videoreception.models import AgencyModerator, Answer, AnswerTask, Reception
from tests import factories
from tests.harness.browser import Browsing
from tests.harness.clock import NOW, START
from tests.steps.admin_screens import OURS, judge, member, signed_in
from tests.steps.signing import install

pytestmark = pytest.mark.usefixtures("known_day")


def test_both_answers__say_how_they_are_signed(
    transactional_db: None,
    browsing: Browsing,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install(settings, monkeypatch)
    official = factories.OfficialFactory()
    AgencyModerator.objects.create(agency=official.agency, user=member("moderator"))
    asked = factories.ApplicationFactory(official=official, start=START)
    held = factories.ApplicationFactory(
        official=official, start=NOW - timedelta(hours=2), state="completed", decided_at=NOW
    )
    Reception.objects.create(application=held, conference="default", login="vp-1", confirmed_at=NOW)
    AnswerTask.objects.create(application=held, opened_at=NOW)
    Answer.objects.create(application=held, text="Виплату поновлено.", saved_at=NOW)

    where = f"/admin/videoreception/applications/{asked.public_id}/answer/"
    page = signed_in(browsing, "phone", "moderator", where)
    page.get_by_label("Відповідь").fill("Виплату поновлено.")
    page.get_by_label("Вихідний номер").fill("08-12/345")
    page.get_by_role("button", name="Переглянути, що прочитає заявник").press("Enter")
    expect(page.get_by_text("КЕП: текст підписано у програмі")).to_be_visible()
    judge(page, "answer-signing", **OURS)
    with page.expect_download() as download:
        page.get_by_role("button", name="Завантажити текст для підпису").press("Enter")
    content = download.value.path().read_bytes()
    assert "Виплату поновлено." in content.decode()
    page.get_by_label("КЕП: текст підписано у програмі").check()
    file = {"name": "answer.p7s", "mimeType": "application/pkcs7-signature", "buffer": b"<no>"}
    page.get_by_label("Файл із підписом").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Надіслати відповідь").press("Enter")
    expect(page.get_by_text("Цей файл не є підписом.")).to_be_visible()
    judge(page, "answer-signing-refused", **OURS)
    page.get_by_label("На папері: відповідь підписано власноруч").check()
    page.get_by_label("Дата на папері").fill(f"{NOW:%Y-%m-%d}")
    page.get_by_role("button", name="Надіслати відповідь").press("Enter")
    expect(page.get_by_text("Підписано на папері: Коваленко")).to_be_visible()
    judge(page, "answer-signed", include=[[".vr-case"]])

    page.goto(f"/videoreception/official/{held.public_id}/conclusion/")
    expect(page.get_by_label("На папері: відповідь підписано власноруч")).to_be_visible()
    page.get_by_label("Вихідний номер").fill("08-12/346")
    page.get_by_label("На папері: відповідь підписано власноруч").check()
    page.get_by_role("button", name="Надіслати лист").press("Enter")
    expect(page.get_by_text("Зазначте дату, яка стоїть на відповіді.")).to_be_visible()
    judge(page, "answer-after-signing", include=[["main"]])
