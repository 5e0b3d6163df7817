"""The citizen reads in the case who of the staff has looked at it."""

import re
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import AgencyModerator, Application, Look
from diia_videoreception.selectors.booking.looks import SHOWN
from diia_videoreception.services.journal import record_look
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW
from tests.harness.html import Page


def looks_in(client: Client, application: Application) -> str:
    page = client.get(reverse("diia_videoreception:case", args=[application.public_id]))
    return Page(page).one("section[aria-labelledby=looks]").text


def make_user(name: str, **values: Any) -> Any:
    return get_user_model().objects.create_user(
        name, first_name="Назар", last_name="Цікавий", **values
    )


def test_the_case__tells_in_words_who_looked(client: Client, submitted: Application) -> None:
    assert "Працівники ще її не відкривали." in looks_in(client, submitted)
    official, moderator = make_user("official"), make_user("moderator")
    submitted.official.user = official
    submitted.official.post = "Заступник міністра"
    submitted.official.save()
    AgencyModerator.objects.create(agency=submitted.agency, user=moderator)
    admin = make_user("admin", is_superuser=True)
    for user, what in (
        (official, Look.What.DOCUMENT),
        (moderator, Look.What.CASE),
        (make_user("substitute"), Look.What.ROOM),
        (admin, Look.What.EVIDENCE),
    ):
        record_look(user, submitted, what=what, now=NOW)
    other = ApplicationFactory(official=submitted.official)
    record_look(moderator, other, what=Look.What.CASE, now=NOW - timedelta(days=1))

    text = looks_in(client, submitted)

    assert "4 рази" in text
    for words in (
        r"Заступник міністра 23\.11\.2026, \S+, документ",
        r"Модератор установи 23\.11\.2026, \S+, заявка",
        r"Особа, яка заміщує посадову особу: Заступник міністра 23\.11\.2026, \S+, кімната",
        r"Адміністратор порталу 23\.11\.2026, \S+, файл із підписом",
    ):
        assert re.search(words, text), text
    assert "Цікавий" not in text


def test_the_case__tells_the_last_looks(client: Client, submitted: Application) -> None:
    admin = make_user("admin", is_superuser=True)
    for number in range(SHOWN + 1):
        moment = NOW + timedelta(minutes=15 * number)
        record_look(admin, submitted, what=Look.What.CASE, now=moment)

    text = looks_in(client, submitted)

    assert f"{SHOWN} разів (останні)" in text
    assert text.count("Адміністратор порталу") == SHOWN
