"""C20: refusals as pages, each with its status, on one address of the cabinet."""

import uuid

from diia_videoreception import errors
from diia_videoreception.web import throttling
from diia_videoreception.web.citizen.cabinet import overview
from tests.browser.screens.registry import screen
from tests.browser.world import World

PAGES = [
    ("403", errors.Forbidden(), "У Вас немає доступу"),
    ("409", errors.SlotTaken(), "Цей час щойно зайняли."),
    ("413", errors.DocumentsTooLarge(limit="5"), "Не вдалося це зробити"),
    ("429", errors.TooManyRequests(), "Зачекайте"),
    ("503", errors.Busy(), "за мить"),
]


def refuse(world: World, error: errors.ActRefused) -> None:
    def refuse_everybody(*arguments: object) -> None:
        raise error

    world.patch.setattr(overview, "applications_of", refuse_everybody)
    world.open_signed_in("cabinet")


for status, error, shows in PAGES:
    screen(f"C20-{status}", "cabinet", shows, f"{status} for ")(
        lambda world, error=error: refuse(world, error)  # type: ignore[misc]
    )


@screen("C20-404", "case", "Такої сторінки немає")
def _(world: World) -> None:
    world.open_signed_in("case", uuid.uuid4())


@screen("C20-untrusted-form", "case_cancel", "Сторінка була відкрита надто довго")
def _(world: World) -> None:
    world.settings.CSRF_FAILURE_VIEW = "diia_videoreception.web.errors.csrf_failure"
    world.open_signed_in("case_cancel", world.application().public_id)
    world.send("main form", csrfmiddlewaretoken="")


@screen("C20-refused-form", "refused", "Зачекайте", "429 for ")
def _(world: World) -> None:
    asked = throttling.require_rate

    def refuse_forms(scope: str, *arguments: object, **how: object) -> None:
        if scope == "sign_in":
            raise errors.TooManyRequests
        asked(scope, *arguments, **how)  # type: ignore[arg-type]

    world.open_signed_in("profile")
    world.patch.setattr(throttling, "require_rate", refuse_forms)
    world.send("form[action$='sign-out-elsewhere/']")
    assert "/refused/" in world.page.url, "a page of its own, which Back and a reload do not send"
    world.page.reload()
