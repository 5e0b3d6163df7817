"""Receptions for the official who holds them: number and time; who comes and why stands behind the sign-in.

Mailboxes of officials are read by secretaries, and calendars are shared.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from diia_videoreception.models import Application, Letter, Official
from diia_videoreception.selectors.booking.conferences import is_held_in_browser
from diia_videoreception.services.letters.rendering.blocks import (
    Block,
    Facts,
    Items,
    Link,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import (
    NothingToSend,
    absolute,
    both_numbers,
)
from diia_videoreception.wording import (
    clock_and_zone,
    day_month,
    long_moment_and_zone,
    short_moment_and_zone,
)

DAY = timedelta(days=1)


def reception_of_official(letter: Letter) -> Application:
    """Return the reception that a letter to an official is about.

    Raises:
        NothingToSend: it is gone.
    """
    found = (
        Application.objects.filter(number=letter.facts["application"])
        .select_related("official__unit__agency", "reception")
        .first()
    )
    if found is None:
        raise NothingToSend
    return found


def confirmed(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell that a reception was confirmed.

    Raises:
        NothingToSend: it was moved or called off meanwhile: another letter tells that.
    """
    application = _still_true(letter)
    return Wording(
        subject=_("Reception confirmed: %(moment)s") % {"moment": _short(application)},
        title=_("A reception with you is confirmed"),
        blocks=[Facts(_rows(application)), *_rest(letter, application, for_sending=for_sending)],
    )


def moved(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell that a confirmed reception takes place at another time.

    Raises:
        NothingToSend: as `confirmed`.
    """
    application = _still_true(letter)
    was = datetime.fromisoformat(letter.facts["old_start"])
    zone = application.official.agency.time_zone
    return Wording(
        subject=_("Time of the reception changed: %(moment)s") % {"moment": _short(application)},
        title=_("A reception with you was moved"),
        blocks=[
            Facts([(_("Earlier time"), long_moment_and_zone(was, zone)), *_rows(application)]),
            *_rest(letter, application, for_sending=for_sending),
        ],
    )


def switched(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell that a reception goes on in another conference.

    Raises:
        NothingToSend: as `confirmed`.
    """
    application = _still_true(letter)
    where = (
        _("You need only a browser.")
        if is_held_in_browser(application)
        else _("It goes on in the agency’s program; the moderator knows login and password.")
    )
    return Wording(
        subject=_("Another video connection: %(moment)s") % {"moment": _short(application)},
        title=_("A reception with you goes on in another place"),
        blocks=[
            Facts(_rows(application)),
            Paragraph(where),
            *_rest(letter, application, for_sending=for_sending),
        ],
    )


def cancelled(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell that a confirmed reception will not take place.

    Raises:
        NothingToSend: it is gone.
    """
    application = reception_of_official(letter)
    # For a substitute of the earlier day it was moved away, for the official given to another.
    application.start = datetime.fromisoformat(letter.facts["start"])
    told = Official.objects.filter(pk=letter.facts.get("official", application.official_id))
    application.official = told.select_related("unit__agency").first() or application.official
    blocks: list[Block] = [Facts(_rows(application)), Paragraph(_("This time is available again."))]
    if for_sending:
        blocks.append(Paragraph(_("The attached file removes the reception from your calendar.")))
    return Wording(
        subject=_("Reception cancelled: %(moment)s") % {"moment": _short(application)},
        title=_("A reception with you was cancelled"),
        blocks=[*blocks, *_in_whose_place(letter), _day_link()],
    )


def tomorrow(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Return the receptions of the next day, the evening before.

    Raises:
        NothingToSend: there are none any more, or the day is over.
    """
    day = date.fromisoformat(letter.facts["day"])
    listed = [one for one in _listed(letter) if _day(one) == day and one.end > now]
    if not listed:
        raise NothingToSend
    return Wording(
        subject=_("Receptions on %(day)s: %(count)s")
        % {"day": day_month(day), "count": len(listed)},
        title=_("Your receptions on %(day)s") % {"day": day_month(day)},
        blocks=[
            Items(
                [
                    f"{clock_and_zone(one.start, one.official.agency.time_zone)}: {both_numbers(one)}"
                    for one in listed
                ]
            ),
            *_in_whose_place(letter),
            _who_comes(),
            Link(
                _("Open my day"),
                absolute(f"{reverse('diia_videoreception:official_day')}?day={day.isoformat()}"),
            ),
        ],
    )


def _listed(letter: Letter) -> list[Application]:
    rows = Application.objects.filter(
        number__in=letter.facts["applications"], state=Application.State.CONFIRMED
    )
    return list(rows.select_related("official__unit__agency").order_by("start", "pk"))


def _day(application: Application) -> date:
    return application.start.astimezone(ZoneInfo(application.official.agency.time_zone)).date()


def _still_true(letter: Letter) -> Application:
    application = reception_of_official(letter)
    is_same = application.start == datetime.fromisoformat(letter.facts["start"])
    # Older letters do not say to which official they are.
    is_same &= letter.facts.get("official", application.official_id) == application.official_id
    if application.state != Application.State.CONFIRMED or not is_same:
        raise NothingToSend
    return application


def _rows(application: Application) -> list[tuple[str, str]]:
    zone = application.official.agency.time_zone
    return [
        (_("Date and time"), long_moment_and_zone(application.start, zone)),
        (_("Application number"), both_numbers(application)),
        (_("Official"), application.official.full_name),
    ]


def _rest(letter: Letter, application: Application, *, for_sending: bool) -> list[Block]:
    attached = [Paragraph(_("A file for your calendar is attached."))] if for_sending else []
    path = reverse("diia_videoreception:official_reception", args=[application.public_id])
    return [
        *_in_whose_place(letter),
        *attached,
        _who_comes(),
        Link(_("Open the reception"), absolute(path)),
    ]


def _in_whose_place(letter: Letter) -> list[Block]:
    """Return why a letter comes to somebody who is not the official."""
    if not letter.facts.get("substitute"):
        return []
    return [Paragraph(_("You get this letter because you substitute the official on this day."))]


def _who_comes() -> Paragraph:
    return Paragraph(_("You see who comes and with what question after signing in."))


def _day_link() -> Link:
    return Link(_("Open my day"), absolute(reverse("diia_videoreception:official_day")))


def _short(application: Application) -> str:
    return short_moment_and_zone(application.start, application.official.agency.time_zone)
