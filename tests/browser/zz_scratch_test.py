from datetime import timedelta
import pytest
from django.utils import timezone
from diia_videoreception.selectors import availability
from diia_videoreception.services import holds, drafts, documents, applications
from diia_videoreception.services.drafts import DraftAnswers
from diia_videoreception.models import *
from tests.factories import *
from tests.harness.captcha import solved_captcha
from tests.web.people import sign_in_browser
from tests.inspection.samples import png
U="/videoreception"
@pytest.mark.parametrize("device",["phone","desktop"])
def test_shots(browsing, device, transactional_db):
    page = browsing.open(device)
    official = ScheduleRuleFactory().official
    citizen = sign_in_browser(page, browsing.watch.origin)
    actor = signed_in(citizen)
    now = timezone.now()
    slot = availability.nearest_free(availability.calendar(official, first=now.date(), last=now.date()+timedelta(days=20), citizen=None, now=now))
    def shot(n):
        page.wait_for_timeout(400)
        page.screenshot(path=f"/tmp/shots/{n}-{device}.png", full_page=True)
    page.goto(U+"/application/"); shot("draft")
    holds.reserve(actor=actor, official_id=official.pk, start=slot.start, captcha=solved_captcha(), now=now)
    drafts.save_answers(citizen=citizen, answers=DraftAnswers(topic="Прошу роз’яснити, чому припинили компенсацію за догляд за моєю мамою (80 років), і які документи подати, щоб її поновили.", phone="067 123 45 67", needs=["more_time","companion"], companion="Мельник Олег, син"), now=now)
    documents.add_document(citizen=citizen, data=png(), filename="Рішення про припинення.png", now=now)
    page.goto(U+"/application/");
    page.set_input_files("#files", [{"name":"Заява.docx","mimeType":"x/y","buffer":b"PK\x03\x04xx"},{"name":"Довідка лікаря.png","mimeType":"image/png","buffer":png()}])
    shot("form")
    page.fill("#topic", ""); page.fill("#phone", "067 123 45"); page.fill("#prior_number","ВП-1"); page.get_by_role("button", name="Продовжити").click(); page.wait_for_load_state(); shot("errors")
    page.fill("#topic", "Питання"); page.fill("#phone", "067 123 45 67"); page.fill("#prior_number",""); page.get_by_role("button", name="Продовжити").click(); page.wait_for_url("**/check/"); page.wait_for_timeout(2500); shot("check")
    Occupancy.objects.update(created_at=now-timedelta(hours=1), expires_at=now-timedelta(minutes=1)); HoldUse.objects.update(created_at=now-timedelta(hours=1), expires_at=now-timedelta(minutes=1))
    page.goto(U+"/application/"); page.wait_for_timeout(2500); shot("expired")
    holds.reserve(actor=actor, official_id=official.pk, start=slot.start, captcha=solved_captcha(), now=timezone.now())
    page.goto(U+"/application/check/"); page.wait_for_timeout(2500)
    page.get_by_role("button", name="Подати заявку на прийом").click(); page.wait_for_url("**/done/"); shot("done")
    page.goto(U+"/application/"); shot("filed")
    page.goto(U+"/address/"); shot("address")
    page.fill("#email","new@example.com"); page.get_by_role("button", name="Надіслати код").click(); page.wait_for_load_state(); shot("confirm")
