"""Why the sign-in page is shown: each reason of its address has words there, no other word does."""

import pytest
from django.test import Client

from diia_videoreception.web.sign_in_reasons import SignInReason, reason_of
from tests.harness.html import Page

pytestmark = pytest.mark.any_database

ADDRESS = "/videoreception/sign-in/"


def words_of(client: Client, reason: str) -> str:
    page = client.get(ADDRESS, {"reason": reason})
    assert page.status_code == 200
    return Page(page).one("main").text


@pytest.mark.django_db
@pytest.mark.parametrize("reason", SignInReason)
def test_reason__has_words_on_the_page(client: Client, reason: SignInReason) -> None:
    assert words_of(client, reason.value) != words_of(client, "")


@pytest.mark.django_db
def test_another_word__is_no_reason(client: Client) -> None:
    assert words_of(client, "<b>anything") == words_of(client, "")
    assert reason_of("anything") is None
