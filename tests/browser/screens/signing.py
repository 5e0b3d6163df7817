"""C04: signing a text of ours."""

from typing import Any

from diia_videoreception.models import ApplicationSignature, Challenge, Evidence, Purpose
from tests.browser.screens.registry import screen
from tests.browser.world import World
from tests.factories import NOW
from tests.steps.authority import Network, ring, signature


def configure(world: World, **options: Any) -> None:
    options = {"trust": ring().trust, "transport": Network()} | options
    backend = "integrations.identity.kep.KepSignature"
    world.change_settings(IDENTITY={"kep": {"BACKEND": backend, "OPTIONS": options}})


def begin(world: World, **options: Any) -> None:
    configure(world, **options)
    world.open("sign_in")
    world.send("main form")


def upload(world: World, slug: str) -> None:
    signed = signature(slug, Challenge.objects.get().content.encode())
    file = {"name": "text.p7s", "mimeType": "application/pkcs7-signature", "buffer": signed}
    world.page.set_input_files("#signature_file", files=[file])
    with world.page.expect_navigation():
        world.page.locator("[data-vr-form] button").click()


@screen("C04-file", "sign_in_signature", "Збережіть текст як файл")
def _(world: World) -> None:
    begin(world)


@screen("C04-file-missing", "sign_in_signature", "Виберіть файл зі своїм підписом.")
def _(world: World) -> None:
    begin(world)
    world.send("[data-vr-form]")


@screen("C04-widget", "sign_in_signature", "Відкриваємо вікно підписання…")
def _(world: World) -> None:
    # An answer without content leaves the frame empty.
    world.page.route("**/widget/**", lambda route: route.fulfill(status=204))
    begin(world, widget_url=f"{world.origin}/widget/", allow_http_loopback=True)


@screen("C04-expired", "refused", "04.10.2026")
def _(world: World) -> None:
    begin(world)
    upload(world, "iryna")


@screen("C12-sign", "case_sign", "ВП-2026-")
def _(world: World) -> None:
    configure(world)
    world.open_signed_in("case_sign", world.application().public_id)


@screen("C12-signed", "case", "Підписано кваліфікованим електронним підписом")
def _(world: World) -> None:
    application = world.application()
    ApplicationSignature.objects.create(
        application=application,
        evidence=Evidence.objects.create(
            citizen=application.citizen,
            purpose=Purpose.SIGN,
            provider="kep",
            method="kep+dstu",
            level="high",
            archive_encrypted="",
            created_at=NOW,
        ),
        signer="Вербицька Олена Ігорівна",
        level="high",
        manifest_sha256="0" * 64,
        signed_at=NOW,
    )
    world.open_signed_in("case", application.public_id)
