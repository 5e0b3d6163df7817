"""C08: writing the application."""

from django.urls import reverse

from tests.browser.screens.registry import screen
from tests.browser.world import TOPIC, World
from tests.factories import NOW, CitizenFactory
from tests.steps.samples import png


@screen("C08-without-time", "application", "Час ще не вибрано.")
def _(world: World) -> None:
    world.open_signed_in("application")


@screen("C08-with-time", "application", "Час зарезервовано за Вами до 10:15")
def _(world: World) -> None:
    world.hold()
    world.open_signed_in("application")


@screen("C08-late", "application", "залишилося")
def _(world: World) -> None:
    world.hold(left=1)
    world.open_signed_in("application")


@screen("C08-restored", "application", "Довідка.png")
def _(world: World) -> None:
    world.write(prior_number="ВП-2026-000087-4", needs=["companion"], companion="Мельник Олег")
    world.open_signed_in("application")
    world.page.locator("#files").set_input_files(
        {"name": "Довідка.png", "mimeType": "image/png", "buffer": png()}
    )
    world.page.get_by_text("Додано 1 з 10", exact=True).wait_for()
    world.page.reload()


@screen("C08-errors", "application", "Виправте, будь ласка, помилки")
def _(world: World) -> None:
    world.hold()
    world.no_address()
    world.open_signed_in("application")
    world.send(
        "#application",
        topic="",
        phone="067 123 45",
        email="melnyk@",
        prior_number="ВП-2026-000087-4",
    )


@screen("C08-expired", "application", "Зарезервувати цей час ще раз")
def _(world: World) -> None:
    world.hold(left=-5)
    world.write()
    world.open_signed_in("application")


@screen("C08-expired-and-taken", "application", "Цей час уже не можна зарезервувати.")
def _(world: World) -> None:
    # Whoever takes the time removes what ran out.
    world.hold(left=-5).delete()
    world.application(citizen=CitizenFactory())
    world.open_signed_in("application")


@screen("C08-filed", "application", "Описати інше питання")
def _(world: World) -> None:
    world.application()
    world.open_signed_in("application")


@screen("C08-signed-out", "application", "Вхід виконано, продовжити")
def _(world: World) -> None:
    world.open_signed_in("application")
    world.citizen.sessions.update(ended_at=NOW)
    world.send("#application", topic=TOPIC)


@screen("C08-refused-file", "application", "не є png, jpg або pdf")
def _(world: World) -> None:
    world.write()
    world.open_signed_in("application")
    world.page.locator("#application").evaluate(
        """(form, action) => {
          const data = new DataTransfer();
          data.items.add(new File(["PK"], "Заява.docx"));
          form.querySelector("#files").files = data.files;
          form.action = action;
        }""",
        reverse("diia_videoreception:application_documents"),
    )
    world.send("#application")
