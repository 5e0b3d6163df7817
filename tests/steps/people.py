"""Citizens who are signed in on the screens."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from diia_videoreception.models import Citizen, CitizenSession
from diia_videoreception.web.browser_state import CITIZEN
from tests.factories import CitizenFactory, ConsentAcceptanceFactory


def start_session(
    citizen: Citizen, *, level: str = "substantial", now: datetime | None = None
) -> CitizenSession:
    now = now or timezone.now()
    return CitizenSession.objects.create(
        citizen=citizen,
        provider="portal",
        level=level,
        method="bankid",
        auth_time=now,
        started_at=now,
        idle_deadline=now + timedelta(minutes=30),
        deadline=now + timedelta(hours=8),
    )


def sign_in(
    client: Client,
    citizen: Citizen | None = None,
    *,
    level: str = "substantial",
    consent: bool = True,
) -> Citizen:
    """Signs a citizen in on a test client; by default with the terms agreed to."""
    citizen = citizen or CitizenFactory()
    if consent and not citizen.consents.exists():
        ConsentAcceptanceFactory(citizen=citizen)
    store = client.session
    store[CITIZEN.key] = str(start_session(citizen, level=level).key)
    store.save()
    # A new session gets a new cookie.
    client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
    return citizen


def sign_in_browser(
    page: object, origin: str, citizen: Citizen | None = None, **how: object
) -> Citizen:
    """Signs a citizen in on a browser page, without walking through the portal."""
    client = Client()
    citizen = sign_in(client, citizen, **how)  # type: ignore[arg-type]
    page.context.add_cookies(  # type: ignore[attr-defined]
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": origin,
            }
        ]
    )
    return citizen


def page_after(client: Client, answer: Any) -> Any:
    """The page to which a refused form leads: its address can be reloaded and sends nothing again."""
    assert answer.status_code == 303, answer
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    return page
