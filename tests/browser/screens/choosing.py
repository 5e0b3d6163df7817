"""C06 and C07: choosing an official and a time."""

from datetime import date, timedelta

from diia_videoreception.models import (
    Agency,
    CentreWorkplace,
    ScheduleRule,
    Service,
    WaitingOffer,
)
from tests.browser.screens.registry import screen
from tests.browser.world import World
from tests.factories import (
    NOW,
    CitizenFactory,
    OfficialFactory,
    ScheduleRuleFactory,
    UnitFactory,
    signed_in,
)
from tests.harness.captcha import solved_captcha
from tests.steps.centres import centre, video_seat
from tests.steps.waiting import fill, serve, wait


@screen("C06-start", "choose", "Список з’явиться, коли Ви виберете відомство.")
def _(world: World) -> None:
    world.open("choose")


@screen("C06-whom-to-ask", "find_official", "Знайшли 1 посадову особу")
def _(world: World) -> None:
    world.official.competence = "компенсації за догляд за людьми від 80 років"
    world.official.save()
    _tell(world, "Мамі 80 років. Припинили компенсацію за догляд, рішення не пояснили.")


@screen("C06-whom-to-ask-nobody", "find_official", "За цими словами нікого не знайдено")
def _(world: World) -> None:
    Agency.objects.update(phone="+380441234567")
    _tell(world, "Шумлять уночі")


def _tell(world: World, words: str) -> None:
    world.open("find_official")
    world.page.get_by_label("Що сталося?").fill(words)
    world.press("Підібрати")


@screen("C07-second-click", "holding", "Далі сторінка перейде сама.")
def _(world: World) -> None:
    world.acting("reserve")
    world.open_signed_in("holding", query=f"?official={world.official.pk}")


@screen("C06-no-agencies", "choose", "Жодна установа ще не приймає через портал")
def _(world: World) -> None:
    Agency.objects.update(is_connected=False)
    world.open("choose")


@screen("C06-agency", "choose", "Розклад з’явиться")
def _(world: World) -> None:
    world.open("choose", query=f"?agency={world.official.agency.pk}")


@screen("C06-nobody-found", "choose", "За запитом «Ніхто» нікого не знайдено.")
def _(world: World) -> None:
    world.open("choose", query=f"?agency={world.official.agency.pk}&q=Ніхто")


@screen("C06-many-officials", "choose", "41 особа")
def _(world: World) -> None:
    OfficialFactory.create_batch(
        41, unit=UnitFactory(agency=world.official.agency, name="Великий відділ")
    )
    world.open("choose", query=f"?official={world.official.pk}")


@screen("C07-week", "choose", "зайнято")
def _(world: World) -> None:
    world.application(citizen=CitizenFactory())
    world.choose()


@screen("C07-chosen", "choose", "вівторок, 1 грудня 2026 року, 10:30")
def _(world: World) -> None:
    world.choose("&time=2026-12-01T08:30Z")


@screen("C07-full-week", "choose", "вільного часу немає")
def _(world: World) -> None:
    ScheduleRule.objects.update(valid_from=date(2026, 12, 7))
    world.choose()


@screen("C07-none-planned", "choose", "Зараз у цієї посадової особи немає вільного часу.")
def _(world: World) -> None:
    ScheduleRule.objects.all().delete()
    world.choose()


@screen("C07-opens-later", "choose", "Спробуйте після")
def _(world: World) -> None:
    beyond = NOW.date() + timedelta(days=world.official.horizon_days + 14)
    ScheduleRule.objects.update(valid_from=beyond)
    world.choose()


@screen("C07-too-soon", "choose", "запис закрито")
def _(world: World) -> None:
    world.official.agency.lead_days = 5
    world.official.agency.save()
    world.sign_in()
    world.open("choose", query=f"?official={world.official.pk}&week=2026-11-23")


@screen("C07-lost", "choose", "уже не вільний")
def _(world: World) -> None:
    world.application(citizen=CitizenFactory())
    world.choose("&time=2026-12-01T08:30Z")


@screen("C07-other-zone", "choose", "На Вашому пристрої інший часовий пояс.")
def _(world: World) -> None:
    world.official.agency.time_zone = "Europe/Lisbon"
    world.official.agency.save()
    world.choose()


@screen("C07-own-hold", "choose", "Цей час зарезервовано за Вами")
def _(world: World) -> None:
    world.hold()
    world.choose()


@screen("C07-hold-elsewhere", "choose", "За Вами зарезервовано інший час")
def _(world: World) -> None:
    world.hold(official=ScheduleRuleFactory().official)
    world.choose()


@screen("C07-level-too-low", "choose", "Ця установа просить увійти надійнішим способом")
def _(world: World) -> None:
    world.official.agency.minimum_level = "high"
    world.official.agency.save()
    world.choose()


@screen("C07-no-consent", "choose", "погодьтеся, будь ласка, з умовами використання послуги")
def _(world: World) -> None:
    world.citizen.consents.all().delete()
    world.choose(consent=False)


@screen("C07-paused", "choose", "Запис тимчасово призупинено")
def _(world: World) -> None:
    Service.objects.create(key="video-reception", is_paused=True)
    world.choose()


@screen("C07-no-time", "choose", "Виберіть час прийому")
def _(world: World) -> None:
    world.choose()
    world.send("#times")


@screen("C07-robot", "choose", "Підтвердьте, що Ви не робот")
def _(world: World) -> None:
    world.choose("&time=2026-12-01T08:30Z")
    world.send("#times", altcha="")


@screen("C07-taken", "choose", "Цей час щойно зайняли.")
def _(world: World) -> None:
    world.choose("&time=2026-12-01T08:30Z")
    world.application(citizen=CitizenFactory())
    world.send("#times", altcha=solved_captcha())


@screen("C07-seats", "choose_seat", "Допомога жестовою мовою")
def _(world: World) -> None:
    centre_with_seat()
    world.open("choose_seat", query=f"?official={world.official.pk}")


@screen("C07-no-seat", "choose_seat", "Центру з таким місцем не знайдено.")
def _(world: World) -> None:
    world.open("choose_seat", query=f"?official={world.official.pk}&near=Ніде")


@screen("C07-at-a-seat", "choose", "Ви говоритимете з ЦНАП.")
def _(world: World) -> None:
    seat = centre_with_seat()
    world.choose(f"&seat={seat.public_id}&time=2026-12-01T08:30Z")


def centre_with_seat() -> CentreWorkplace:
    return video_seat(centre(name="ЦНАП міста Яворівка"), has_sign_language=True)


@screen("C07-queue", "waiting_join", "Як працює черга")
def _(world: World) -> None:
    world.open_signed_in("waiting_join", query=f"?official={world.official.pk}")


@screen("C07-queue-change", "waiting_join", "Ви перші в черзі.")
def _(world: World) -> None:
    wait(fill(world.official), signed_in(world.citizen))
    world.open_signed_in("waiting_join", query=f"?official={world.official.pk}")


@screen("C11-queue", "cabinet", "Ви в черзі:")
def _(world: World) -> None:
    wait(fill(world.official), signed_in(world.citizen))
    world.open_signed_in("cabinet")


@screen("C11-queue-offer", "cabinet", "Для Вас звільнився час:")
def _(world: World) -> None:
    _offered(world)
    world.open_signed_in("cabinet")


@screen("C07-offer", "waiting_offer", "Цей час за Вами до")
def _(world: World) -> None:
    world.open_signed_in("waiting_offer", _offered(world).public_id)


@screen("C07-offer-over", "waiting_offer", "Цей час Вам уже не пропонуємо.")
def _(world: World) -> None:
    offer = _offered(world)
    WaitingOffer.objects.update(answer="expired", answered_at=NOW)
    world.open_signed_in("waiting_offer", offer.public_id)


@screen("C07-leave", "waiting_leave", "Ви втратите місце.")
def _(world: World) -> None:
    entry = wait(fill(world.official), signed_in(world.citizen))
    world.open_signed_in("waiting_leave", entry.public_id)


def _offered(world: World) -> WaitingOffer:
    full = fill(world.official)
    wait(full, signed_in(world.citizen))
    full.first.occupancies.all().delete()
    return serve()[0]
