"""C12: a citizen corrects an application before the decision."""

from diia_videoreception.models import Application
from tests.browser.screens.cabinet import open_case
from tests.browser.screens.registry import screen
from tests.browser.world import World
from tests.steps.corrections import correct


def open_form(world: World) -> Application:
    application = world.application(needs=["companion"], companion="Мельник Олег, син")
    world.open_signed_in("case_correct", application.public_id)
    return application


@screen("C12-correct", "case_correct", "Подане спочатку залишається в заявці.")
def _(world: World) -> None:
    open_form(world)


@screen("C12-correct-refused", "case_correct", "Ви нічого не змінили.")
def _(world: World) -> None:
    open_form(world)
    world.press("Надіслати виправлення")


@screen("C12-corrected", "case", "Що Ви виправили")
def _(world: World) -> None:
    application = world.application()
    correct(application, answers={"phone": "050 123 45 67", "needs": ["chat"]})
    open_case(world, application)
