"""Applications in different states, made through the services at moments in the past."""

from datetime import datetime, timedelta

import altcha
from altcha_django.challenge import build_challenge
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import Application, ConsentText, Official
from diia_videoreception.rules.transitions import Act
from diia_videoreception.selectors.accounts.consents import RULES
from diia_videoreception.selectors.accounts.sessions import signed_in
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.selectors.booking import availability
from diia_videoreception.services.accounts import citizens, consents
from diia_videoreception.services.booking import applications, deadlines, drafts, holds, moderation
from diia_videoreception.services.booking.drafts import DraftAnswers
from sandbox.demo.citizens import citizen

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def load_applications(*, now: datetime) -> None:
    """Some of Олена Вербицька in every state, and a few that wait for the moderators."""
    _past(now)
    _decided(now)
    _waiting(now)


def _past(now: datetime) -> None:
    olena = _actor("olena", now - 20 * DAY)
    done = _file(olena, "Яременко", now - 20 * DAY, after=now - 15 * DAY, topic="Межі ділянки")
    _confirm(done, now - 18 * DAY)
    done.refresh_from_db()
    moderation.note_outcome(
        moderator=_admin(),
        public_id=done.public_id,
        version=done.version,
        outcome=Act.COMPLETE,
        now=done.end,
    )
    lapsed = _file(olena, "Дячук", now - 12 * DAY, after=now - 8 * DAY, topic="Асистент учителя")
    deadlines.lapse_undecided(now=lapsed.start)


def _decided(now: datetime) -> None:
    olena, taras = _actor("olena", now - 9 * DAY), _actor("taras", now - 5 * DAY)
    declined = _file(
        olena, "Рудий", now - 9 * DAY, after=now - 5 * DAY, topic="Пропозиція щодо вебсайту"
    )
    moderation.decline(
        moderator=_admin(),
        public_id=declined.public_id,
        version=declined.version,
        reason="Це питання розглядає відділ розвитку порталу. Подайте, будь ласка, заявку до нього.",
        now=now - 8 * DAY,
    )
    # As soon as possible, so that the password of the conference can be seen.
    soon = _file(
        olena,
        "Литвин",
        now - 6 * DAY,
        after=now + 2 * HOUR,
        topic="Повторне звернення щодо електронної довідки",
    )
    _confirm(soon, now - 4 * DAY)
    cancelled = _file(
        olena, "Зінченко", now - 3 * DAY, after=now + 2 * DAY, topic="Підручники для 5 класу"
    )
    applications.cancel(actor=olena, public_id=cancelled.public_id, now=now - 2 * DAY)
    moved = _file(
        taras, "Савчук", now - 5 * DAY, after=now + 3 * DAY, topic="Прийом для ветеранів громади"
    )
    moderation.confirm_other_time(
        moderator=_admin(),
        public_id=moved.public_id,
        version=moved.version,
        start=_free_time(moved.official, moved.start, seen=now - 3 * DAY),
        now=now - 3 * DAY,
    )


def _waiting(now: datetime) -> None:
    for slug, surname, days, topic in (
        ("olena", "Шевчук", 1, "Не відкривається електронна послуга для громади"),
        ("taras", "Шевчук", 2, "Переклад порталу мовами національних меншин"),
        ("halyna", "Зінченко", 2, "Програма з історії для вечірньої школи"),
        ("nadiia", "Дячук", 1, "Інклюзивна група в сільському садку"),
    ):
        actor = _actor(slug, now - days * DAY)
        _file(actor, surname, now - days * DAY, after=now + 4 * DAY, topic=topic)


def _actor(slug: str, now: datetime) -> SignedIn:
    """The citizen, signed in and with the terms accepted."""
    person = citizen(slug)
    if person is None:
        raise LookupError(slug)
    identity = person.identity(now)
    known = citizens.recognise(identity, now=now)
    terms = ConsentText.objects.exclude(service=RULES).get()
    consents.accept(citizen=known, text_id=terms.pk, now=now)
    return signed_in(known, identity)


def _file(
    actor: SignedIn, surname: str, now: datetime, *, after: datetime, topic: str
) -> Application:
    """Holds the first free time after `after` and files an application for it."""
    official = Official.objects.select_related("unit__agency").get(last_name=surname)
    holds.reserve(
        actor=actor,
        official_id=official.pk,
        start=_free_time(official, after, seen=now),
        captcha=_proof(),
        now=now,
    )
    phone = actor.citizen.phone or "+380441234567"
    draft = drafts.save_answers(
        citizen=actor.citizen, answers=DraftAnswers(topic=topic, phone=phone), now=now
    )
    return applications.submit(
        actor=actor,
        draft_token=draft.token,
        captcha=_proof(),
        channel=Application.Channel.WEB,
        now=now + timedelta(minutes=6),
    )


def _free_time(official: Official, after: datetime, *, seen: datetime) -> datetime:
    days = availability.calendar(
        official,
        first=after.date(),
        last=after.date() + timedelta(days=official.horizon_days),
        citizen=None,
        now=seen,
    )
    return next(
        slot.start
        for day in days
        for slot in day.slots
        if slot.start > after and slot.state is availability.SlotState.FREE
    )


def _confirm(application: Application, now: datetime) -> None:
    moderation.confirm(
        moderator=_admin(),
        public_id=application.public_id,
        version=application.version,
        now=now,
    )


def _admin() -> AbstractBaseUser:
    return get_user_model().objects.get(username="admin")


def _proof() -> str:
    """A real proof of work for a challenge that is easy, since nobody else is asked to solve it."""
    challenge = build_challenge(cost=1, key_prefix="0")
    solution = altcha.solve_challenge(challenge)
    if solution is None:
        raise RuntimeError("the proof of work was not found")
    return altcha.Payload(challenge, solution).to_base64()
