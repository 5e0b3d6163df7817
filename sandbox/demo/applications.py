"""Applications in different states, made through the services at moments in the past.

What is filed and when is told from the day alone (`plan`); writing it follows the plan.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

import altcha
from altcha_django.challenge import build_challenge
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import Application, ConsentText, Official
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.rules.slots import Interval
from diia_videoreception.rules.transitions import Act
from diia_videoreception.selectors.accounts.consents import RULES
from diia_videoreception.selectors.accounts.sessions import signed_in
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking.centre_seats import open_seats
from diia_videoreception.services.accounts import citizens, consents
from diia_videoreception.services.booking import applications, deadlines, drafts, holds, moderation
from diia_videoreception.services.booking.drafts import DraftAnswers
from sandbox.demo.citizens import citizen
from sandbox.demo.diary import Diary
from sandbox.demo.schedules import DAY

FILLING_IN = timedelta(minutes=6)
REFUSAL = "Це питання розглядає відділ розвитку порталу. Подайте, будь ласка, заявку до нього."


class Fate(Enum):
    """What became of an application."""

    WAITS = auto()
    CONFIRMED = auto()
    COMPLETED = auto()
    LAPSED = auto()
    DECLINED = auto()
    CANCELLED = auto()
    MOVED = auto()


@dataclass(frozen=True, slots=True)
class Story:
    """Who asks whom for what; moments are distances from the day of the demonstration.

    Attributes:
        filed: When the application is filed.
        after: Its reception is at the first free time after this.
        decided: When it is decided or cancelled; of no use while it waits.
        at_seat: Whether the citizen speaks from the video seat of a centre.
    """

    who: str
    surname: str
    topic: str
    fate: Fate
    filed: timedelta
    after: timedelta
    decided: timedelta = timedelta(0)
    at_seat: bool = False


STORIES = (
    Story("olena", "Яременко", "Межі ділянки", Fate.COMPLETED, -20 * DAY, -15 * DAY, -18 * DAY),
    Story("olena", "Дячук", "Асистент учителя", Fate.LAPSED, -12 * DAY, -8 * DAY),
    Story(
        "olena", "Рудий", "Пропозиція щодо вебсайту", Fate.DECLINED, -9 * DAY, -5 * DAY, -8 * DAY
    ),
    # As soon as possible, so that the way into the room can be seen.
    Story(
        "olena",
        "Литвин",
        "Повторне звернення щодо електронної довідки",
        Fate.CONFIRMED,
        -6 * DAY,
        timedelta(hours=2),
        -4 * DAY,
    ),
    Story(
        "olena", "Зінченко", "Підручники для 5 класу", Fate.CANCELLED, -3 * DAY, 2 * DAY, -2 * DAY
    ),
    Story(
        "taras", "Савчук", "Прийом для ветеранів громади", Fate.MOVED, -5 * DAY, 3 * DAY, -3 * DAY
    ),
    Story(
        "olena",
        "Шевчук",
        "Не відкривається електронна послуга для громади",
        Fate.WAITS,
        -1 * DAY,
        4 * DAY,
    ),
    Story(
        "taras",
        "Шевчук",
        "Переклад порталу мовами національних меншин",
        Fate.WAITS,
        -2 * DAY,
        4 * DAY,
    ),
    Story(
        "halyna",
        "Зінченко",
        "Програма з історії для вечірньої школи",
        Fate.WAITS,
        -2 * DAY,
        4 * DAY,
    ),
    Story(
        "nadiia",
        "Дячук",
        "Інклюзивна група в сільському садку",
        Fate.WAITS,
        -1 * DAY,
        4 * DAY,
        at_seat=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A story with its moments on a given day."""

    story: Story
    filed: datetime
    decided: datetime
    time: Interval
    moved_to: Interval | None


def plan(now: datetime, diary: Diary) -> list[Planned]:
    """Return when everything of the stories happens; takes the times in the diary.

    Raises:
        StopIteration: an official has no free time.
    """
    return [_planned(story, now, diary) for story in STORIES]


def _planned(story: Story, now: datetime, diary: Diary) -> Planned:
    filed, decided = now + story.filed, now + story.decided
    who, surname = story.who, story.surname
    time = next(diary.free(surname, seen=filed, after=now + story.after, also=who))
    moved_to = None
    if story.fate is Fate.MOVED:
        moved_to = next(diary.free(surname, seen=decided, after=time.start, also=who))
    for taken in (time, moved_to):
        if taken is not None:
            diary.take(surname, taken)
            diary.take(who, taken)
    return Planned(story, filed, decided, time, moved_to)


def load_applications(*, now: datetime) -> None:
    """Load some of Олена Вербицька in every state, and a few that wait for the moderators."""
    for planned in plan(now, Diary(now)):
        _carry_out(planned)


def _carry_out(planned: Planned) -> None:
    actor = actor_of(planned.story.who, planned.filed)
    application = file_application(actor, planned)
    match planned.story.fate:
        case Fate.CONFIRMED:
            confirm(application, planned.decided)
        case Fate.COMPLETED:
            confirm(application, planned.decided)
            complete(application, application.end)
        case Fate.LAPSED:
            deadlines.lapse_undecided(now=application.start)
        case Fate.DECLINED:
            moderation.decline(
                moderator=admin(),
                public_id=application.public_id,
                version=application.version,
                refusal=Refusal(REFUSAL),
                now=planned.decided,
            )
        case Fate.CANCELLED:
            applications.cancel(actor=actor, public_id=application.public_id, now=planned.decided)
        case Fate.MOVED if planned.moved_to is not None:
            moderation.confirm_other_time(
                moderator=admin(),
                public_id=application.public_id,
                version=application.version,
                start=planned.moved_to.start,
                is_agreed=True,
                now=planned.decided,
            )


def actor_of(slug: str, now: datetime) -> SignedIn:
    """Return the citizen, signed in and with the terms accepted."""
    person = citizen(slug)
    if person is None:
        raise LookupError(slug)
    identity = person.identity(now)
    known = citizens.get_or_create_citizen(identity, now=now)
    terms = ConsentText.objects.exclude(service=RULES).get()
    consents.accept(citizen=known, text_id=terms.pk, now=now)
    return signed_in(known, identity)


def file_application(actor: SignedIn, planned: Planned) -> Application:
    """Hold the planned time and files the application for it."""
    official = Official.objects.get(last_name=planned.story.surname)
    seat = open_seats().first() if planned.story.at_seat else None
    holds.reserve(
        actor=actor,
        official_id=official.pk,
        start=planned.time.start,
        captcha=_proof(),
        seat_id=seat.public_id if seat is not None else None,
        now=planned.filed,
    )
    phone = actor.citizen.phone or "+380441234567"
    draft = drafts.save_answers(
        citizen=actor.citizen,
        answers=DraftAnswers(topic=planned.story.topic, phone=phone),
        now=planned.filed,
    )
    return applications.submit(
        actor=actor,
        draft_token=draft.token,
        captcha=_proof(),
        channel=Application.Channel.WEB,
        now=planned.filed + FILLING_IN,
    )


def confirm(application: Application, now: datetime) -> None:
    """Confirm it as the administrator of the portal."""
    moderation.confirm(
        moderator=admin(),
        public_id=application.public_id,
        version=application.version,
        now=now,
    )


def complete(application: Application, now: datetime) -> None:
    """Note that the reception took place."""
    application.refresh_from_db()
    moderation.note_outcome(
        moderator=admin(),
        public_id=application.public_id,
        version=application.version,
        outcome=Act.COMPLETE,
        now=now,
    )


def admin() -> AbstractBaseUser:
    return get_user_model().objects.get(username="admin")


def _proof() -> str:
    """Return a real proof of work for a challenge that is easy, since nobody else is asked to solve it."""
    challenge = build_challenge(cost=1, key_prefix="0")
    solution = altcha.solve_challenge(challenge)
    if solution is None:
        raise RuntimeError("the proof of work was not found")
    return altcha.Payload(challenge, solution).to_base64()
