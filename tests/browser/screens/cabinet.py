"""C11, C12 and C14: the own applications, what happens to them, letters."""

from datetime import timedelta

from diia_videoreception.models import AgencyModerator, Answer, Application, Letter
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.services.booking import applications, deadlines
from diia_videoreception.services.booking.equipment import ask_for_check
from tests.browser.screens.registry import screen
from tests.browser.world import REASON, World
from tests.factories import NOW, signed_in
from tests.harness.checks import NO_MICROPHONE, finished_check
from tests.harness.clock import START
from tests.steps import move_requests, proposals
from tests.steps.written_answers import answer_in_writing


def open_case(world: World, application: Application) -> None:
    world.open_signed_in("case", application.public_id)


# --- C11 My applications -------------------------------------------------------------------------


@screen("C11-empty", "cabinet", "У Вас ще немає заявок.")
def _(world: World) -> None:
    world.open_signed_in("cabinet")


@screen("C11-hold", "cabinet", "За Вами зарезервовано час")
def _(world: World) -> None:
    world.hold()
    world.open_signed_in("cabinet")


@screen("C11-list", "cabinet", "Завершені")
def _(world: World) -> None:
    world.decide("confirm", world.application(start=START + timedelta(days=1)))
    world.application(topic="Хочу дізнатися, як оформити допомогу на дитину. " * 3)
    for days, state in enumerate(("declined", "cancelled", "lapsed", "completed"), start=1):
        world.application(state=state, start=START - timedelta(days=30 * days))
    world.write()
    world.open_signed_in("cabinet")


@screen("C11-second-page", "cabinet", "Сторінка 2 з 2")
def _(world: World) -> None:
    for days in range(21):
        world.application(state="completed", start=START - timedelta(days=30 + days))
    world.open_signed_in("cabinet", query="?page=2")


# --- C12 One application -------------------------------------------------------------------------


@screen("C12-submitted", "case", "Дата і час можуть змінитися.")
def _(world: World) -> None:
    open_case(world, world.application(needs=["companion"], companion="Мельник Олег, син"))


@screen("C12-without-address", "case", "Листи надходять лише сюди.")
def _(world: World) -> None:
    world.no_address()
    open_case(world, world.application())


@screen("C12-confirmed", "case", "можна побачити з")
def _(world: World) -> None:
    open_case(world, world.confirmed())


@screen("C12-checked-and-asked", "case", "Установа просить Вас перевірити камеру і мікрофон.")
def _(world: World) -> None:
    confirmed = world.confirmed()
    finished_check(confirmed, at=NOW - timedelta(hours=1), verdict="bad", microphone=NO_MICROPHONE)
    moderator = AgencyModerator.objects.get().user
    ask_for_check(moderator=moderator, public_id=confirmed.public_id, now=NOW)
    open_case(world, confirmed)


@screen("C12-moved", "case", "Час прийому змінено")
def _(world: World) -> None:
    world.confirmed()
    moved = world.decide(
        "confirm_other_time", Application.objects.get(), start=START + timedelta(minutes=30)
    )
    open_case(world, moved)


@screen("C13-proposed", "case", "Установа пропонує інший час")
def _(world: World) -> None:
    application = world.application()
    proposals.propose(application, world.moderator(), START + timedelta(days=7))
    open_case(world, application)
    world.page.get_by_text("Цей час мені не підходить").click()


@screen("C13-proposed-when-confirmed", "case", "прийом залишиться у теперішній час")
def _(world: World) -> None:
    confirmed = world.confirmed()
    proposals.propose(confirmed, world.moderator(), START + timedelta(days=7))
    open_case(world, confirmed)


@screen("C13-wishes-refused", "case", "може бути щонайбільше 1000")
def _(world: World) -> None:
    application = world.application()
    proposals.propose(application, world.moderator(), START + timedelta(days=7))
    open_case(world, application)
    world.send("main form:has([name=wishes])", wishes="а" * 1001)


@screen("C13-refused", "case", "Попередній час залишається за Вами")
def _(world: World) -> None:
    application = world.application()
    proposals.propose(application, world.moderator(), START + timedelta(days=7))
    open_case(world, application)
    world.page.get_by_text("Цей час мені не підходить").click()
    world.press("Попросити інший час")


@screen("C13-accepted", "case", "Новий час підтверджено.")
def _(world: World) -> None:
    application = world.application()
    proposals.propose(application, world.moderator(), START + timedelta(days=7))
    open_case(world, application)
    world.press("Погодитися: вівторок, 8 грудня, 10:30")


@screen("C13-too-late", "case", "На цю пропозицію вже не можна відповісти")
def _(world: World) -> None:
    application = world.application()
    proposal = proposals.propose(application, world.moderator(), START + timedelta(days=7))
    open_case(world, application)
    world.at(proposal.deadline)
    world.sign_in()
    world.press("Погодитися: вівторок, 8 грудня, 10:30")


def _later(world: World) -> Application:
    """A reception of which it is not told when it is 8:30: that is the server's clock of another."""
    return world.decide("confirm", world.application(start=START + timedelta(hours=1)))


@screen("C12-answered-in-writing", "case", "Установа відповіла Вам письмово")
def _(world: World) -> None:
    application = world.application()
    answer_in_writing(application, world.moderator())
    open_case(world, application)


@screen("C12-ask-for-another-time", "case_move", "Який час Вам зручний?")
def _(world: World) -> None:
    world.open_signed_in("case_move", _later(world).public_id)


@screen("C12-another-time-refused", "case_move", "Напишіть, чому просите інший час")
def _(world: World) -> None:
    world.open_signed_in("case_move", _later(world).public_id)
    world.press("Надіслати прохання")


@screen("C12-asked-too-often", "case_move", "стільки разів, скільки можна")
def _(world: World) -> None:
    confirmed = _later(world)
    for _number in range(3):
        move_requests.take_back(move_requests.ask(confirmed, START + timedelta(days=7)))
    world.open_signed_in("case_move", confirmed.public_id)


@screen("C12-asks-for-another-time", "case", "Ви просите інший час")
def _(world: World) -> None:
    confirmed = _later(world)
    move_requests.ask(confirmed, START + timedelta(days=7), START + timedelta(days=14))
    open_case(world, confirmed)


@screen("C12-not-moved", "case", "Установа не може перенести прийом")
def _(world: World) -> None:
    confirmed = _later(world)
    move_requests.ask(confirmed, START + timedelta(days=7))
    move_requests.refuse(confirmed, world.moderator())
    open_case(world, confirmed)


@screen("C12-soon", "case", "Показати пароль")
def _(world: World) -> None:
    confirmed = world.confirmed()
    world.at(START - timedelta(minutes=10))
    open_case(world, confirmed)


@screen("C12-password", "case", "Запишіть або скопіюйте пароль")
def _(world: World) -> None:
    confirmed = world.confirmed()
    world.at(START - timedelta(minutes=10))
    open_case(world, confirmed)
    world.page.get_by_text("Що потрібно").click()
    world.press("Показати пароль")


@screen("C12-password-too-late", "case", "Пароль з’являється за 15 хвилин до прийому.")
def _(world: World) -> None:
    confirmed = world.confirmed()
    world.at(START - timedelta(minutes=10))
    open_case(world, confirmed)
    world.at(START + timedelta(minutes=46))
    world.sign_in()
    world.press("Показати пароль")


@screen("C12-over", "case", "Час цього прийому минув.")
def _(world: World) -> None:
    confirmed = world.confirmed()
    world.at(START + timedelta(hours=1))
    open_case(world, confirmed)


@screen("C12-declined", "case", "Установа відхилила заявку")
def _(world: World) -> None:
    open_case(world, world.decide("decline", world.application(), refusal=Refusal(REASON)))


@screen("C12-called-off", "case", "Установа скасувала прийом")
def _(world: World) -> None:
    world.confirmed()
    open_case(world, world.decide("decline", Application.objects.get(), refusal=Refusal(REASON)))


@screen("C12-cancelled", "case", "Ви скасували заявку")
def _(world: World) -> None:
    application = world.application()
    applications.cancel(actor=signed_in(world.citizen), public_id=application.public_id, now=NOW)
    open_case(world, application)


@screen("C12-lapsed", "case", "Установа не розглянула Вашу заявку вчасно")
def _(world: World) -> None:
    application = world.application()
    world.at(START)
    deadlines.lapse_undecided(now=START)
    open_case(world, application)


@screen("C12-held", "case", "Прийом відбувся")
def _(world: World) -> None:
    open_case(world, world.application(state="completed", start=START - timedelta(days=30)))


@screen("C17-answered", "case", "Відповідь посадової особи")
def _(world: World) -> None:
    held = world.application(state="completed", start=START - timedelta(days=30))
    Answer.objects.create(
        application=held,
        text="Подайте нову довідку.\n\nВиплату поновлять.",
        saved_at=NOW,
        sent_at=NOW,
    )
    open_case(world, held)


@screen("C17-not-rated", "case", "Виберіть число від 1 до 5.")
def _(world: World) -> None:
    open_case(world, world.application(state="completed", start=START - timedelta(days=30)))
    world.press("Надіслати оцінку")


@screen("C17-rated", "case", "Дякуємо за оцінку.")
def _(world: World) -> None:
    open_case(world, world.application(state="completed", start=START - timedelta(days=30)))
    world.page.get_by_role("radio", name="4").check()
    world.press("Надіслати оцінку")


@screen("C17-agency-absent", "case", "Прийом не відбувся з вини установи")
def _(world: World) -> None:
    absent = world.application(state="agency_absent", start=NOW - timedelta(hours=1))
    open_case(world, absent)


@screen("C17-citizen-absent", "case", "Надіслати заперечення")
def _(world: World) -> None:
    absent = world.application(state="citizen_absent", start=NOW - timedelta(hours=1))
    open_case(world, absent)


@screen("C17-objected", "case", "Установа відповість не пізніше")
def _(world: World) -> None:
    absent = world.application(state="citizen_absent", start=NOW - timedelta(hours=1))
    open_case(world, absent)
    world.page.get_by_label("Що було інакше").fill("У мене зникло світло, я телефонувала.")
    world.press("Надіслати заперечення")


# --- C14 Cancelling ------------------------------------------------------------------------------


@screen("C14-confirm", "case_cancel", "Цей час зможе обрати інша людина.")
def _(world: World) -> None:
    world.open_signed_in("case_cancel", world.application().public_id)


# --- Letters -------------------------------------------------------------------------------------


@screen("letters-empty", "letters", "Листів ще немає.")
def _(world: World) -> None:
    world.no_address()
    world.open_signed_in("letters")


@screen("letters-list", "letters", "Прийом підтверджено")
def _(world: World) -> None:
    world.confirmed()
    world.decide("decline", Application.objects.get(), refusal=Refusal(REASON))
    world.open_signed_in("letters")


@screen("letter-confirmation", "letter", "вівторок, 1 грудня 2026 року")
def _(world: World) -> None:
    world.confirmed()
    world.open_signed_in("letter", Letter.objects.get(kind="confirmation").public_id)


@screen("letter-declined", "letter", "Зверніться до Пенсійного фонду.")
def _(world: World) -> None:
    world.decide("decline", world.application(), refusal=Refusal(REASON))
    world.open_signed_in("letter", Letter.objects.get(kind="declined").public_id)


@screen("letter-lapsed", "letter", "не розглянула")
def _(world: World) -> None:
    world.application()
    world.at(START)
    deadlines.lapse_undecided(now=START)
    world.open_signed_in("letter", Letter.objects.get(kind="lapsed").public_id)
