"""C03: signing in."""

import uuid

from django.urls import reverse

from diia_videoreception.services.accounts import sessions
from diia_videoreception.web.citizen.sign_in.handover import COOKIE
from tests.browser.screens.registry import screen
from tests.browser.world import World
from tests.factories import NOW
from tests.harness import portal
from tests.steps.portal import person


@screen("C03-choice", "sign_in", "Обліковий запис порталу")
def _(world: World) -> None:
    world.open("sign_in")


@screen("C03-no-way", "sign_in", "На цьому порталі ще не налаштовано вхід.")
def _(world: World) -> None:
    world.change_settings(IDENTITY={})
    world.open("sign_in")


@screen("C03-failed", "sign_in", "Спробуйте ще раз або виберіть інший спосіб.")
def _(world: World) -> None:
    world.open("sign_in", query="?failed=portal")


@screen("C03-level-too-low", "sign_in", "Ця установа просить увійти надійнішим способом")
def _(world: World) -> None:
    world.open_signed_in("sign_in", query="?reason=level")


@screen("C03-signed-out", "sign_in", "Ви вийшли з кабінету.")
def _(world: World) -> None:
    world.open_signed_in("cabinet")
    world.send("header form")


@screen("C03-ended", "sign_in", "Ми вийшли з Вашого кабінету заради безпеки")
def _(world: World) -> None:
    world.sign_in()
    world.citizen.sessions.update(ended_at=NOW)
    world.open("cabinet")


@screen("C03-leaving", "sign_in_start", "Перейти до входу", "foreign host: http://127.0.0.1/")
def _(world: World) -> None:
    # An answer without content leaves the browser on the page.
    world.page.route("http://127.0.0.1/**", lambda route: route.fulfill(status=204))
    world.open("sign_in")
    world.send("main form")


def hand_over(world: World, nonce: str | None) -> uuid.UUID:
    """As the portal's page does it; the browser keeps the secret for the page."""
    token = portal.handover_token(person(NOW), nonce=nonce, now=NOW)
    handover, secret = sessions.receive_handover(provider="portal", token=token, now=NOW)
    page = reverse("diia_videoreception:sign_in_confirm", args=[handover.key])
    cookie = {"name": COOKIE, "value": secret, "url": world.origin + page}
    world.page.context.add_cookies([cookie])
    return handover.key


@screen("C03-confirm", "sign_in_confirm", "Ви входите як")
def _(world: World) -> None:
    nonce = "nonce-of-this-browser-0123456789"
    world.begin_sign_in(nonce)
    world.open("sign_in_confirm", hand_over(world, nonce))


@screen("C03-confirm-begun-elsewhere", "sign_in_confirm", "Ви починали вхід не тут")
def _(world: World) -> None:
    world.open("sign_in_confirm", hand_over(world, None))


@screen("C03-refused", "sign_in_confirm", "Увійти ще раз")
def _(world: World) -> None:
    world.open("sign_in_confirm", uuid.uuid4())
