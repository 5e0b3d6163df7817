"""How an application stands, by the code of its slip."""

from tests.browser.screens.registry import screen
from tests.browser.world import World
from tests.steps.centres import centre
from tests.steps.slips import made_in, slip_of


@screen("status-form", "status", "Код із пам’ятки")
def _(world: World) -> None:
    world.open("status")


@screen("status-wrong", "status", "не підходять", "422")
def _(world: World) -> None:
    _ask(world, "222222")


@screen("status-result", "status_shown", "Подано")
def _(world: World) -> None:
    _ask(world)


def _ask(world: World, code: str = "") -> None:
    application = made_in(centre(), official=world.official)
    given = slip_of(application)
    world.open("status")
    world.page.locator("[name=number]").fill(application.number)
    world.page.locator("[name=code]").fill(code or given.code)
    world.press("Показати стан")
