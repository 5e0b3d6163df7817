"""C09 and C10: checking, filing, the address for letters."""

from datetime import timedelta

from diia_videoreception.models import Application, EmailConfirmation
from diia_videoreception.services.accounts import citizens
from tests.browser.screens.registry import screen
from tests.browser.world import World
from tests.factories import NOW
from tests.harness.captcha import solved_captcha

ADDRESS = "melnyk@example.com"


@screen("C09-check", "check", "Заявку ще не подано.")
def _(world: World) -> None:
    world.hold()
    world.write(prior_number="", needs=["companion"], companion="Мельник Олег, син")
    world.open_signed_in("check")


@screen("C09-late-without-address", "check", "Лише до розділу «Листи» у Вашому кабінеті.")
def _(world: World) -> None:
    world.no_address()
    world.hold(left=1)
    world.write()
    world.open_signed_in("check")


@screen("C09-robot", "check", "Підтвердьте, що Ви не робот")
def _(world: World) -> None:
    world.hold()
    world.write()
    world.open_signed_in("check")
    world.send("main form", altcha="")


@screen("C09-refused", "check", "Заявку не подано.")
def _(world: World) -> None:
    world.hold()
    world.write()
    world.open_signed_in("check")
    world.citizen.consents.all().delete()
    world.send("main form", altcha=solved_captcha())


@screen("C09-second-click", "filing", "Далі сторінка перейде сама.")
def _(world: World) -> None:
    world.hold()
    draft = world.write()
    world.acting("submit")
    world.open_signed_in("filing", draft.token)


@screen("C10-with-address", "done", "Лист-повідомлення з подробицями заявки")
def _(world: World) -> None:
    world.open_signed_in("done", world.application().public_id)


@screen("C10-without-address", "done", "Додайте електронну пошту")
def _(world: World) -> None:
    world.no_address()
    world.open_signed_in("done", world.application().public_id)


@screen("C10-address-to-confirm", "done", "Введіть код")
def _(world: World) -> None:
    world.no_address()
    citizens.ask_to_confirm_address(citizen=world.citizen, address=ADDRESS, now=NOW)
    world.open_signed_in("done", world.application().public_id)


@screen("C10-considered-meanwhile", "done", "Заявку вже розглянуто")
def _(world: World) -> None:
    confirmed: Application = world.confirmed()
    world.open_signed_in("done", confirmed.public_id)


@screen("address-none", "address", "Без адреси листи чекатимуть у Вашому кабінеті")
def _(world: World) -> None:
    world.no_address()
    world.open_signed_in("address")


@screen("address-another", "address", "Нова адреса замінить її")
def _(world: World) -> None:
    world.open_signed_in("address", query="?next=/videoreception/letters/")


@screen("address-wrong", "address", "Виправте, будь ласка, помилки")
def _(world: World) -> None:
    world.open_signed_in("address")
    world.send("main form", email="melnyk@")


@screen("code-sent", "address_confirm", "Він діє до")
def _(world: World) -> None:
    citizens.ask_to_confirm_address(citizen=world.citizen, address=ADDRESS, now=NOW)
    world.open_signed_in("address_confirm")


@screen("code-wrong", "address_confirm", "Виправте, будь ласка, помилки")
def _(world: World) -> None:
    citizens.ask_to_confirm_address(citizen=world.citizen, address=ADDRESS, now=NOW)
    world.open_signed_in("address_confirm")
    world.send("main form", code="12345x")


@screen("code-too-old", "address_confirm", "Попросіть новий")
def _(world: World) -> None:
    citizens.ask_to_confirm_address(citizen=world.citizen, address=ADDRESS, now=NOW)
    EmailConfirmation.objects.update(expires_at=NOW - timedelta(minutes=1))
    world.open_signed_in("address_confirm")
