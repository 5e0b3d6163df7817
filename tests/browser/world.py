"""Brings a screen of the citizen into one of its states, through the database where that is quicker."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from diia_videoreception.models import (
    Application,
    Citizen,
    Draft,
    HoldUse,
    Occupancy,
    Official,
    SpentProof,
)
from diia_videoreception.services.booking import drafts, holds, moderation
from diia_videoreception.services.booking.drafts import DraftAnswers
from diia_videoreception.web.browser_state import ATTEMPTS, Attempt
from tests.factories import (
    NOW,
    ApplicationFactory,
    CitizenFactory,
    ConsentAcceptanceFactory,
    ConsentTextFactory,
    signed_in,
)
from tests.harness.captcha import solved_captcha
from tests.harness.clock import START
from tests.steps.moderation import moderator_of
from tests.steps.people import sign_in_browser

REASON = "Питання належить до іншої установи.\nЗверніться до Пенсійного фонду."
TOPIC = "Прошу роз’яснити, чому припинили компенсацію за догляд."


class World:
    """One citizen, signed in on one page, and one official who receives."""

    def __init__(
        self, page: Page, origin: str, official: Official, *, clock: Any, settings: Any, patch: Any
    ) -> None:
        self.page = page
        self.origin = origin
        self.official = official
        self.clock = clock
        self.settings = settings
        self.patch = patch
        self.citizen: Citizen = CitizenFactory()
        ConsentAcceptanceFactory(citizen=self.citizen, text=ConsentTextFactory())
        self._moderator: Any = None

    def sign_in(self, **how: Any) -> None:
        sign_in_browser(self.page, self.origin, self.citizen, **how)

    def begin_sign_in(self, nonce: str) -> None:
        """The session of the browser then knows the nonce."""
        attempt = Attempt(nonce=nonce, alias="portal", at=NOW.timestamp())
        self.keep_in_session(ATTEMPTS.key, [asdict(attempt)])

    def keep_in_session(self, key: str, value: Any) -> None:
        """Gives the browser a new session with this in it."""
        store = Client().session
        store[key] = value
        store.save()
        name = settings.SESSION_COOKIE_NAME
        self.page.context.add_cookies(
            [{"name": name, "value": store.session_key or "", "url": self.origin}]
        )

    def open(self, name: str, *args: Any, query: str = "") -> None:
        self.page.goto(reverse(f"diia_videoreception:{name}", args=args) + query)

    def open_signed_in(self, name: str, *args: Any, query: str = "") -> None:
        self.sign_in()
        self.open(name, *args, query=query)

    def choose(self, query: str = "", **how: Any) -> None:
        """The official's times in the week of START."""
        self.sign_in(**how)
        self.open("choose", query=f"?official={self.official.pk}&week=2026-11-30{query}")

    def send(self, form: str, **values: str) -> None:
        """Sends a form as a browser without scripts would, with some fields changed or taken out."""
        with self.page.expect_navigation():
            self.page.locator(form).first.evaluate(
                """(form, values) => {
                  for (const [name, value] of Object.entries(values)) {
                    form.querySelectorAll(`[name="${name}"]`).forEach((one) => one.remove());
                    form.append(Object.assign(document.createElement("input"), { name, value, hidden: true }));
                  }
                  HTMLFormElement.prototype.submit.call(form);
                }""",
                values,
            )

    def press(self, button: str) -> None:
        """Presses a button that leads to another page."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button).click()

    def change_settings(self, **changes: Any) -> None:
        self.settings.DIIA_VIDEORECEPTION = self.settings.DIIA_VIDEORECEPTION | changes

    def hold(self, *, official: Official | None = None, left: int = 15) -> Occupancy:
        """Holds START; `left` minutes remain, none when it is not positive."""
        hold = holds.reserve(
            actor=signed_in(self.citizen),
            official_id=(official or self.official).pk,
            start=START,
            captcha=solved_captcha(),
            now=NOW,
        )
        times = {
            "created_at": NOW - timedelta(minutes=15 - left),
            "expires_at": NOW + timedelta(minutes=left),
        }
        Occupancy.objects.filter(pk=hold.pk).update(**times)
        HoldUse.objects.filter(token=hold.token).update(**times)
        return hold

    def write(self, **answers: Any) -> Draft:
        answers = {"topic": TOPIC, "phone": "067 123 45 67"} | answers
        return drafts.save_answers(citizen=self.citizen, answers=DraftAnswers(**answers), now=NOW)

    def acting(self, act: str) -> SpentProof:
        """An act of the citizen that somewhere else has begun and not ended."""
        return SpentProof.objects.create(
            key_hash=act,
            citizen=self.citizen,
            act=act,
            acting_until=NOW + timedelta(hours=1),
            expires_at=NOW + timedelta(hours=1),
        )

    def no_address(self) -> None:
        self.citizen.email, self.citizen.email_confirmed_at = "", None
        self.citizen.save()

    def application(self, **values: Any) -> Application:
        values = {"citizen": self.citizen, "official": self.official, "start": START} | values
        if values.get("state", "submitted") not in ("submitted", "confirmed"):
            values = {"decided_at": NOW, "reason": REASON} | values
        if "consent" not in values:
            values["consent"] = values["citizen"].consents.first() or ConsentAcceptanceFactory(
                citizen=values["citizen"]
            )
        application: Application = ApplicationFactory(**values)
        return application

    def decide(self, act: str, application: Application, **how: Any) -> Application:
        """Lets a moderator of the agency act: `decide("decline", application, refusal=Refusal("…"))`."""
        application.refresh_from_db()
        if act == "confirm_other_time":
            how = {"is_agreed": True} | how
        decided: Application = getattr(moderation, act)(
            moderator=self.moderator(),
            public_id=application.public_id,
            version=application.version,
            now=NOW,
            **how,
        )
        return decided

    def moderator(self) -> Any:
        if self._moderator is None:
            self._moderator = moderator_of(self.official.agency)
        return self._moderator

    def confirmed(self) -> Application:
        return self.decide("confirm", self.application())

    def at(self, moment: datetime) -> None:
        self.clock.move_to(moment, tick=True)
