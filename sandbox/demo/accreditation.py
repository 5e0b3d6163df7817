"""The test of people of centres in the demonstration: its page, and one administrator who has passed it."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from wagtail.models import Page

from cms_pages.models import CentreTestPage
from diia_videoreception.models import CentreMember, CentreTestAttempt
from diia_videoreception.services.centres import testing
from sandbox.demo.publishing import publish

PASSED = "admin1"
"""Who has passed; `admin2` can try."""
TITLE = "Тест «Цифровий посередник»"
LEAD = "Десять запитань про те, як допомагати людям і діяти від їхнього імені. Пройти можна після навчання."
INSTRUCTION = (
    "1. Прочитайте «Моє право» на сторінках центру: там видно, чого ще бракує.\n"
    "2. Налаштуйте другий фактор входу, якщо ще не зробили цього: без нього діяти від імені людей не можна.\n"
    "3. Тримайте під рукою пам’ятку: згода, що саме робимо, хто підтверджує."
)
QUESTIONS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "Людина просить: «Введіть пароль від мого ключа, бо я не бачу». Що робите?",
        (
            "Не вводжу. Пропоную збільшити текст або інший спосіб підтвердження",
            "Вводжу, якщо людина сама диктує пароль",
            "Прошу людину написати пароль на папері",
            "Вводжу, але кличу свідка з черги",
        ),
        "Пароль від ключа знає лише його власник. Центр ніколи про нього не просить.",
    ),
    (
        "З чого починається розмова з людиною, яка прийшла до центру?",
        (
            "«Чим ми можемо Вам допомогти?»",
            "«Дайте паспорт і код»",
            "«У Вас є електронний підпис?»",
            "«Заповніть цю анкету»",
        ),
        "Спершу слухаємо потребу, потім питаємо про підпис.",
    ),
    (
        "Людина не має електронного підпису і не хоче його отримувати. Що робите?",
        (
            "Пропоную інші способи: допомогу від її імені або паперову заяву",
            "Пояснюю, що без підпису послуги не буде",
            "Оформлюю підпис замість неї",
            "Прошу прийти, коли підпис з’явиться",
        ),
        "Нікого не примушуємо отримувати підпис: звичайний спосіб завжди лишається.",
    ),
    (
        "Людина відкликала згоду, заявка ще не подана. Що далі?",
        (
            "Зупиняюся одразу",
            "Завершую і подаю",
            "Подаю, якщо лишилося одне поле",
            "Питаю керівника, чи можна подати",
        ),
        "Після відкликання нічого від імені людини не робимо.",
    ),
    (
        "Хто підтверджує, що дані в заявці правильні?",
        (
            "Сама людина",
            "Адміністратор, який їх увів",
            "Керівник центру",
            "Ніхто: портал перевіряє сам",
        ),
        "Той, хто вводить, не підтверджує. Людина читає і підтверджує сама.",
    ),
    (
        "Код з SMS прийшов на телефон людини. Хто може його ввести?",
        (
            "Людина вводить або називає його сама, бо згодна",
            "Адміністратор, поки людина відійшла",
            "Будь-хто з родичів",
            "Колега, якщо адміністратор зайнятий",
        ),
        "Введений код — це згода. Без людини її немає.",
    ),
    (
        "Чи можна діяти від власного імені як посередник?",
        (
            "Ні, лише для інших",
            "Так, якщо немає черги",
            "Так, з дозволу керівника",
            "Так, раз на місяць",
        ),
        "Для себе портал відкриваємо як усі, зі свого кабінету.",
    ),
    (
        "Що робити після слів людини про свою потребу?",
        (
            "Повторити своїми словами: «Правильно ми зрозуміли?»",
            "Одразу шукати установу",
            "Записати й попросити зачекати",
            "Поставити наступне запитання анкети",
        ),
        "Повторюємо почуте, щоб людина могла нас виправити.",
    ),
    (
        "Вам треба відійти від столу, на екрані заявка людини. Що робите?",
        (
            "Блокую екран або завершую візит",
            "Лишаю як є: у центрі всі свої",
            "Вимикаю монітор",
            "Прошу людину припильнувати",
        ),
        "На столі без нагляду не лишаємо нічиїх даних.",
    ),
    (
        "Людина питає, скільки коштує допомога центру. Що відповідаєте?",
        (
            "Це безоплатно",
            "Стільки ж, скільки послуга",
            "Залежить від складності",
            "Платить той, хто не має підпису",
        ),
        "Допомога безоплатна. Те саме людина може зробити сама.",
    ),
    (
        "Чим завершуємо візит?",
        (
            "Даємо пам’ятку з номером і пояснюємо, як зробити це самостійно",
            "Кажемо, що все готово",
            "Просимо підписати порожній бланк",
            "Обіцяємо зателефонувати",
        ),
        "Пам’ятка каже, що буде далі, і вчить зробити це без нас.",
    ),
    (
        "Ваше навчання закінчилося вчора, а візит відкрито. Що можна?",
        (
            "Лише завершити візит і передати людину колезі",
            "Доробити розпочате",
            "Діяти ще тиждень",
            "Діяти, якщо керівник поруч",
        ),
        "Право зникає того самого дня. Відкриті візити можна лише завершити.",
    ),
)


def load_test(parent: Page, editor: AbstractBaseUser, *, now: datetime) -> None:
    """Publish the test where there is none, and have it passed by who is to be seen acting."""
    if not CentreTestPage.objects.exists():
        page = CentreTestPage(
            title=TITLE,
            slug="test-posrednyka",
            lead=LEAD,
            questions=[("question", _question(*one)) for one in QUESTIONS],
            instruction=INSTRUCTION,
        )
        publish(parent, page, editor)
    for member in CentreMember.objects.live().filter(user__username=PASSED):
        if not CentreTestAttempt.objects.filter(user=member.user_id).exists():
            _pass(member, now=now)


def _question(text: str, answers: tuple[str, ...], explanation: str) -> dict[str, Any]:
    """Return a question as an editor's form makes it; the right answer is the first one."""
    written = [{"text": one, "is_right": one == answers[0]} for one in answers]
    return {"text": text, "answers": written, "explanation": explanation}


def _pass(member: CentreMember, *, now: datetime) -> None:
    """Take the test as a person does: begin, answer, hand in."""
    about = {"user": member.user, "now": now}
    attempt = testing.start(member.centre.public_id, language="uk", **about)
    right = {
        (question.key, answer.key)
        for question in attempt.version.questions
        for answer in question.answers
        if answer.is_right
    }
    key = (member.centre.public_id, attempt.public_id)
    for number, item in enumerate(attempt.paper, 1):
        place = next(
            place for place, answer in enumerate(item.answers) if (item.question, answer) in right
        )
        testing.answer(*key, number=number, place=place, **about)
    testing.finish(*key, **about)
