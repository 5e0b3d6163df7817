"""C03 with ways that come back by themselves, C05 and C19: registering, the own data and keys."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from diia_videoreception.models import Citizen, HelpedPerson, SignInCredential
from diia_videoreception.selectors.accounts.consents import RULES
from diia_videoreception.services.accounts import sign_in
from diia_videoreception.web.browser_state import ATTEMPTS, REGISTRATION, Attempt
from integrations.identity.base import IdentityError, Proof
from integrations.identity.reasons import SignInRefusal
from sandbox.demo import rules
from tests.browser.screens.registry import screen
from tests.browser.world import World
from tests.factories import NOW, ApplicationFactory, CitizenFactory, ConsentTextFactory
from tests.harness import portal
from tests.steps import ways
from tests.steps.centres import new_centre_world
from tests.steps.looks import looked_at
from tests.steps.mandates import consent_of
from tests.steps.people import start_session
from tests.steps.sms import BACKEND, options_of

NONCE = "nonce-of-this-browser-0123456789"
BANKS = ("Перший приклад", "Другий приклад", "away")


def with_ways(world: World) -> None:
    world.change_settings(
        IDENTITY={
            "portal": portal.PROVIDER,
            "bank": ways.redirect_way(),
            "banks": ways.redirect_way(choices=BANKS, label="BankID"),
        }
    )


def come_back(world: World, answer: Proof | IdentityError) -> None:
    """Opens the address that a provider sends the browser back to."""
    with_ways(world)
    attempt = Attempt(nonce=NONCE, alias="bank", at=NOW.timestamp())
    world.keep_in_session(ATTEMPTS.key, [asdict(attempt)])
    ways.ANSWERS["code"] = answer
    world.open("sign_in_callback", "bank", query=f"?code=code&state={NONCE}")


@screen("C03-new-here", "sign_in", "Перший вхід — це і є реєстрація")
def _(world: World) -> None:
    with_ways(world)
    world.open("sign_in", query="?new")


@screen("C03-fresh", "sign_in", "Увійдіть, будь ласка, ще раз")
def _(world: World) -> None:
    with_ways(world)
    world.open_signed_in("sign_in", query="?reason=fresh")


@screen("C03-signed-out-of-a-portal", "sign_in", "Вийти також з порталу")
def _(world: World) -> None:
    leave = {"sign_out_url": "https://portal.example.gov.ua/sign-out"}
    options = portal.PROVIDER["OPTIONS"] | leave
    world.change_settings(IDENTITY={"portal": portal.PROVIDER | {"OPTIONS": options}})
    world.open("sign_in", query="?reason=signed_out&from=portal")


@screen("C03-choose-a-bank", "sign_in_start", "Банк Другий приклад")
def _(world: World) -> None:
    with_ways(world)
    world.open("sign_in")
    world.send("main form[action*='/banks/']")


@screen("C03-cancelled", "sign_in_callback", "Ви скасували вхід")
def _(world: World) -> None:
    come_back(world, IdentityError(SignInRefusal.CANCELLED))


@screen("C04-expired", "sign_in_callback", "Термін дії сертифіката закінчився 03.10.2026.")
def _(world: World) -> None:
    come_back(world, IdentityError(SignInRefusal.EXPIRED, moment=NOW.replace(month=10, day=3)))


@screen("C04-for-staff", "sign_in_callback", "Ми повідомили адміністраторів порталу.")
def _(world: World) -> None:
    come_back(world, IdentityError(SignInRefusal.CONFLICT))


def waits(world: World, **who: Any) -> None:
    outcome = sign_in.complete(
        ways.key_proof(**who), purpose="sign_in", actor=None, browser="", now=NOW
    )
    assert isinstance(outcome, sign_in.RegistrationNeeded)
    world.keep_in_session(REGISTRATION.key, [str(outcome.key), ""])


@screen("C05-registration", "registration", "Що ми знаємо з Вашого входу")
def _(world: World) -> None:
    ConsentTextFactory(service=RULES, body=rules.RULES)
    waits(world, edrpou="12345678", organisation="Товариство з дуже довгою назвою «Приклад»")
    world.open("registration")


@screen("C05-errors", "registration", "Позначте, що погоджуєтеся з правилами системи.")
def _(world: World) -> None:
    ConsentTextFactory(service=RULES, body=rules.RULES)
    waits(world)
    world.open("registration")
    world.send("#registration", email="melnyk@")


@screen("C05-closed", "registration", "правила системи не опубліковано")
def _(world: World) -> None:
    waits(world)
    world.open("registration")


def bind(world: World, **values: Any) -> SignInCredential:
    values = {
        "provider": "kep",
        "kind": "key",
        "fingerprint_hash": f"{SignInCredential.objects.count():064}",
        "label": "Кваліфікований надавач електронних довірчих послуг «Приклад»",
        "level": "high",
        "valid_until": NOW + timedelta(days=300),
        "bound_at": NOW + timedelta(seconds=1),
        "last_used_at": NOW,
    } | values
    return SignInCredential.objects.create(citizen=world.citizen, **values)


@screen("C19-profile", "profile", "Способи входу")
def _(world: World) -> None:
    with_ways(world)
    bind(world)
    bind(world, kind="bank", label="Банк «Приклад»", valid_until=None, level="low", bound_at=NOW)
    start_session(world.citizen, now=NOW - timedelta(days=3))
    world.open_signed_in("profile")


@screen("C19-done", "profile", "Тип користувача змінено.")
def _(world: World) -> None:
    world.no_address()
    world.open_signed_in("profile", query="?done=user_type")


@screen("C19-reminders", "reminders", "за 24 години до прийому")
def _(world: World) -> None:
    world.open_signed_in("reminders")


@screen("C19-reminders-sms", "reminders", "SMS на телефон із заявки")
def _(world: World) -> None:
    options = options_of("https://gateway.example/")
    world.change_settings(SMS={"default": {"BACKEND": BACKEND, "OPTIONS": options}})
    world.open_signed_in("reminders")


@screen("C19-calendar", "reminders", "Адреса Вашого календаря")
def _(world: World) -> None:
    world.open_signed_in("reminders")
    world.send("main form[action$='/calendar/']")


@screen("C19-consents", "consents", "Жоден центр не діє від Вашого імені.")
def _(world: World) -> None:
    world.open_signed_in("consents")


@screen("C19-consents-given", "consents", "Що Вам прочитали")
def _(world: World) -> None:
    consent_of(world.citizen)
    world.open_signed_in("consents")


@screen("C19-copy", "own_copy", "Завантажити для програм")
def _(world: World) -> None:
    world.open_signed_in("own_copy")


@screen("C19-looks", "own_looks", "Міністерство соціальної політики")
def _(world: World) -> None:
    looked_at(world.application())
    world.open_signed_in("own_looks")


@screen("C19-erase", "own_erasure", "Попросити стерти мої дані")
def _(world: World) -> None:
    ApplicationFactory(citizen=world.citizen, state="cancelled", decided_at=NOW)
    world.open_signed_in("own_erasure")


@screen("C19-erase-first", "own_erasure", "скасуйте або завершіть")
def _(world: World) -> None:
    world.application()
    world.open_signed_in("own_erasure")


@screen("C19-erase-asked", "own_erasure", "Не стирати, залишити кабінет")
def _(world: World) -> None:
    Citizen.objects.filter(pk=world.citizen.pk).update(erasure_due=NOW + timedelta(days=14))
    world.open_signed_in("own_erasure")


@screen("C18-none", "offered", "Жоден центр нічого для Вас не подавав.")
def _(world: World) -> None:
    world.open_signed_in("offered")


@screen("C18-offered", "offered", "Центри, які подали для Вас заявки")
def _(world: World) -> None:
    names = {"last_name": world.citizen.last_name, "first_name": world.citizen.first_name}
    told = CitizenFactory(identifier_kind="helped", **names)
    number = world.citizen.identifier_hash
    HelpedPerson.objects.create(citizen=told, claimed_hash=number, created_at=NOW)
    ApplicationFactory(citizen=told, channel="kiosk", centre=new_centre_world().centre)
    world.open_signed_in("offered")


@screen("C19-user-type", "user_type", "Представник юридичної особи")
def _(world: World) -> None:
    world.citizen.edrpou = "12345678"
    world.citizen.save()
    world.open_signed_in("user_type")


@screen("C19-user-type-errors", "user_type", "Виправте, будь ласка, помилки")
def _(world: World) -> None:
    world.open_signed_in("user_type")
    world.send("main form", user_type="")


@screen("C19-bind", "means_bind", "Банк для тестів")
def _(world: World) -> None:
    with_ways(world)
    world.open_signed_in("means_bind")


@screen("C19-unbind", "means_unbind", "Ним більше не можна буде увійти")
def _(world: World) -> None:
    row = bind(world)
    world.open_signed_in("means_unbind", row.public_id)


@screen("C19-last-strong-way", "means_unbind", "Це Ваш останній надійний спосіб входу.")
def _(world: World) -> None:
    row = bind(world)
    world.sign_in()
    world.citizen.sessions.update(provider="kep")
    world.open("means_unbind", row.public_id)
    world.send("main form")
