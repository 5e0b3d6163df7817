"""Putting letters to agencies, officials and other staff into the outbox; no cabinet shows them."""

from datetime import date, datetime
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.conf import app_settings
from diia_videoreception.models import (
    Agency,
    AgencyModerator,
    AgencyNews,
    Application,
    Letter,
    LetterText,
    Official,
    OfficialSubstitute,
)
from diia_videoreception.rules.slots import Interval
from diia_videoreception.rules.times import next_digest
from diia_videoreception.services.letters.queueing import facts_about, to_address
from diia_videoreception.services.transactions import insert_new


def queue_agency_alarm(
    *, agency: Agency, applications: list[Application], now: datetime
) -> Letter | None:
    """Tell the moderators that these applications wait for a decision; nobody without an address."""
    if not agency.email:
        return None
    return _to_agency(
        Letter.Kind.AGENCY_ALARM,
        agency=agency,
        facts={"applications": [application.number for application in applications]},
        now=now,
    )


def queue_overdue_alarm(
    kind: Letter.Kind, *, agency: Agency, applications: list[Application], now: datetime
) -> list[Letter]:
    """Tell the moderators, and each head at their own address, that a term of the agency has passed.

    Args:
        kind: `AGENCY_OVERDUE` for decisions, `AGENCY_ANSWERS_OVERDUE` for answers.
    """
    heads = AgencyModerator.objects.filter(agency=agency, is_head=True, user__is_active=True)
    own = [str(getattr(head.user, "email", "")) for head in heads.select_related("user")]
    return [
        to_address(
            kind,
            address=address,
            language=settings.LANGUAGE_CODE,
            agency=agency,
            facts={"applications": [application.number for application in applications]},
            now=now,
        )
        for address in dict.fromkeys([agency.email, *own])
        if address
    ]


def _to_agency(
    kind: Letter.Kind, *, agency: Agency, facts: dict[str, object], now: datetime
) -> Letter:
    """Write a letter to the moderators, in the language of the portal; the agency has an address."""
    return to_address(
        kind,
        address=agency.email,
        language=settings.LANGUAGE_CODE,
        agency=agency,
        facts=facts,
        now=now,
    )


def notify_agency(application: Application, news: AgencyNews.Kind, *, now: datetime) -> None:
    """Tell the moderators what a citizen has done, or not done in time, at once or with the next digest.

    Nobody is told when the agency has no address. What would come too late with the digest is told
    at once.
    """
    agency = application.official.agency
    if not agency.email:
        return
    digest = next_digest(now, ZoneInfo(agency.time_zone), hour=app_settings.digest_hour)
    if agency.notices == Agency.Notices.DAILY and digest < application.start:
        insert_new(AgencyNews(application=application, kind=news, agency=agency, created_at=now))
        return
    _to_agency(Letter.Kind.AGENCY_NEWS, agency=agency, facts=_fact(application, news), now=now)


def notify_official(
    kind: Letter.Kind,
    application: Application,
    *,
    now: datetime,
    old_start: datetime | None = None,
    official: Official | None = None,
    time: Interval | None = None,
) -> None:
    """Tell the official of a reception confirmed, moved or called off, with a calendar file; and substitutes.

    Nobody is told where the official does not sign in, or has no address. A substitute is told of
    what begins on their days; to one who was to hold it before it was moved, it is called off.

    Args:
        official: To whom it is told, where somebody else receives by now.
        time: When they were to receive, where that is another time than now.
    """
    official = official or application.official
    facts = facts_about(application, {"application": application.number, "official": official.pk})
    if old_start is not None:
        facts["old_start"] = old_start.isoformat()
    told_time = time or application.time
    facts |= {"start": told_time.start.isoformat(), "end": told_time.end.isoformat()}
    recipients = recipients_of(official, told_time.start)
    for address, is_substitute in recipients:
        told = facts | ({"substitute": True} if is_substitute else {})
        _to_official(kind, official=official, address=address, facts=told, now=now)
    if old_start is None:
        return
    old_end = old_start + (application.end - application.start)
    gone = facts | {
        "start": old_start.isoformat(), "end": old_end.isoformat(), "substitute": True
    }  # fmt: skip
    called_off = Letter.Kind.OFFICIAL_CANCELLED
    for address, _ in recipients_of(official, old_start):
        if address not in dict(recipients):
            _to_official(called_off, official=official, address=address, facts=gone, now=now)


def queue_evening(official: Official, *, day: date, numbers: list[str], now: datetime) -> int:
    """Write the list of the receptions of a day, to the official and to who substitutes them then.

    Returns:
        How many letters were written.
    """
    noon = datetime.combine(day, clock_time(12), ZoneInfo(official.agency.time_zone))
    recipients = recipients_of(official, noon)
    for address, is_substitute in recipients:
        facts: dict[str, object] = {"day": day.isoformat(), "applications": numbers}
        if is_substitute:
            facts["substitute"] = True
        _to_official(
            Letter.Kind.OFFICIAL_TOMORROW, official=official, address=address, facts=facts, now=now
        )
    return len(recipients)


def recipients_of(official: Official, moment: datetime) -> list[tuple[str, bool]]:
    """Return the addresses of an official and of who substitutes them at a moment.

    Each with whether it is a substitute's; an address once.
    """
    substitutes = OfficialSubstitute.objects.filter(
        official=official, user__is_active=True, starts_at__lte=moment, ends_at__gt=moment
    ).select_related("user")
    found = {str(getattr(one.user, "email", "")): True for one in substitutes.order_by("pk")}
    own = address_of(official)
    found.pop(own, None)
    addresses = ([(own, False)] if own else []) + list(found.items())
    return [(address, is_substitute) for address, is_substitute in addresses if address]


def address_of(official: Official) -> str:
    """Return where letters to an official go; empty where nobody signs in as them, or has no address."""
    user = official.user
    return str(getattr(user, "email", "")) if user is not None and user.is_active else ""


def _to_official(
    kind: Letter.Kind, *, official: Official, address: str, facts: dict[str, object], now: datetime
) -> Letter:
    return to_address(
        kind,
        address=address,
        language=settings.LANGUAGE_CODE,
        agency=official.agency,
        facts=facts,
        now=now,
    )


def queue_objection(application: Application, *, due: date, now: datetime) -> Letter | None:
    """Tell the moderators that a citizen objects to what was noted; nobody without an address."""
    agency = application.official.agency
    if not agency.email:
        return None
    facts: dict[str, object] = {"application": application.number, "due": due.isoformat()}
    return _to_agency(Letter.Kind.AGENCY_OBJECTION, agency=agency, facts=facts, now=now)


def notify_user(
    kind: Letter.Kind, user: AbstractBaseUser, *, now: datetime, **facts: object
) -> Letter | None:
    """Tell a member of staff what became of their account; nobody where it has no address."""
    address = str(getattr(user, "email", ""))
    if not address:
        return None
    return to_address(
        kind,
        address=address,
        language=settings.LANGUAGE_CODE,
        user=user,
        facts={"moment": now.isoformat(), **facts},
        now=now,
    )


def notify_of_case(
    news: Letter.CaseNews, application: Application, user: AbstractBaseUser, *, now: datetime
) -> Letter | None:
    """Tell a moderator that a case is theirs now, or no more; nobody without an address."""
    number = application.number
    return notify_user(Letter.Kind.STAFF_CASE, user, now=now, news=news.value, application=number)


def queue_text_trial(text: LetterText, user: AbstractBaseUser, *, now: datetime) -> Letter | None:
    """Write a trial of own words to the member of staff who tries them; nobody without an address."""
    address = str(getattr(user, "email", ""))
    if not address:
        return None
    return to_address(
        Letter.Kind.TEXT_TRIAL,
        address=address,
        language=text.language,
        user=user,
        own_text=text,
        now=now,
    )


def queue_digest(agency: Agency, *, now: datetime) -> Letter | None:
    """Write one letter of all that the agency has not been told yet; each row goes into one letter.

    Call it within an act.
    """
    waiting = AgencyNews.objects.filter(agency=agency).select_related("application")
    news = list(waiting.select_for_update(of=("self",)))
    AgencyNews.objects.filter(pk__in=[one.pk for one in news]).delete()
    if not news or not agency.email:
        return None
    facts = [_fact(one.application, one.kind) for one in news]
    return _to_agency(Letter.Kind.AGENCY_DIGEST, agency=agency, facts={"news": facts}, now=now)


def _fact(application: Application, news: str) -> dict[str, object]:
    return {"application": application.number, "news": str(news)}
