"""C12: a question of the agency about an application, and what becomes of it."""

from diia_videoreception.models import Application, Clarification
from tests.browser.screens.cabinet import open_case
from tests.browser.screens.registry import screen
from tests.browser.world import World
from tests.steps import clarifications


def asked_about(world: World) -> Clarification:
    application: Application = world.application()
    return clarifications.ask(application, world.moderator())


@screen("C12-asked", "case", "Установа просить уточнити")
def _(world: World) -> None:
    open_case(world, asked_about(world).application)


@screen("C12-reply-missing", "case", "Напишіть відповідь: установа її прочитає.")
def _(world: World) -> None:
    open_case(world, asked_about(world).application)
    world.press("Надіслати відповідь")


@screen("C12-reply-too-long", "case", "може бути щонайбільше 5000")
def _(world: World) -> None:
    open_case(world, asked_about(world).application)
    world.send("main form:has([name=reply])", reply="а" * 5001)


@screen("C12-replied", "case", "Надіслано. Установа розглядає заявку далі.")
def _(world: World) -> None:
    open_case(world, asked_about(world).application)
    world.page.get_by_label("Ваша відповідь").fill(clarifications.REPLY)
    world.press("Надіслати відповідь")


@screen("C12-reply-too-late", "case", "Вашу відповідь не надіслано")
def _(world: World) -> None:
    asked = asked_about(world)
    open_case(world, asked.application)
    world.at(asked.deadline)
    world.sign_in()
    world.page.get_by_label("Ваша відповідь").fill(clarifications.REPLY)
    world.press("Надіслати відповідь")
