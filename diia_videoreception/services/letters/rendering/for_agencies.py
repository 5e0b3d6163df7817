"""News of applications for moderators: numbers, times and links, nothing personal.

An e-mail of an agency is read by several people and kept in places that we do not know.
"""

from collections.abc import Iterator
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diia_videoreception.models import AgencyNews, Application, Letter
from diia_videoreception.rules.times import DECISION_DUE
from diia_videoreception.services.letters.rendering.blocks import (
    Block,
    Facts,
    Heading,
    Items,
    Link,
    Paragraph,
    Wording,
)
from diia_videoreception.services.letters.rendering.context import NothingToSend, absolute
from diia_videoreception.wording import long_date, long_moment_and_zone

News = AgencyNews.Kind


def agency_news(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell at once of one new or cancelled application.

    Raises:
        NothingToSend: the new one has been decided or cancelled meanwhile, or is gone.
    """
    application = _still_true([letter.facts]).get(letter.facts["application"])
    if application is None:
        raise NothingToSend
    if letter.facts["news"] == News.NEW:
        return _new(application)
    return _cancelled(application)


def _new(application: Application) -> Wording:
    due = application.start - DECISION_DUE
    decided_by = due if due > application.submitted_at else application.start
    return Wording(
        subject=_("New application No. %(number)s") % {"number": application.number},
        title=_("A new application is waiting for a decision"),
        blocks=[
            Facts(
                [
                    (_("Application number"), application.number),
                    (_("Requested time"), _moment(application, application.start)),
                    (_("Decide not later than"), _moment(application, decided_by)),
                ]
            ),
            _link(application),
        ],
    )


def _cancelled(application: Application) -> Wording:
    return Wording(
        subject=_("Application No. %(number)s cancelled by the citizen")
        % {"number": application.number},
        title=_("The citizen has cancelled the application"),
        blocks=[
            Facts(
                [
                    (_("Application number"), application.number),
                    (_("Time"), _moment(application, application.start)),
                ]
            ),
            Paragraph(_("This time is available again.")),
            _link(application),
        ],
    )


def agency_digest(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Return the new and the cancelled applications since the last digest.

    Raises:
        NothingToSend: nothing of it is true any more.
    """
    found = _still_true(letter.facts["news"])
    new, cancelled = (
        [
            found[fact["application"]]
            for fact in letter.facts["news"]
            if fact["news"] == kind and fact["application"] in found
        ]
        for kind in (News.NEW, News.CANCELLED)
    )
    if not new and not cancelled:
        raise NothingToSend
    return Wording(
        subject=_("Applications: new %(new)s, cancelled %(cancelled)s")
        % {"new": len(new), "cancelled": len(cancelled)},
        title=_("News about applications"),
        blocks=[
            *_listed(_("New applications waiting for a decision"), new),
            *_listed(_("Cancelled by citizens"), cancelled),
            Link(
                _("Open the applications"), absolute(reverse("videoreception_applications:index"))
            ),
        ],
    )


def _listed(heading: str, applications: list[Application]) -> Iterator[Block]:
    if applications:
        yield Heading(heading)
        yield Items([f"{one.number}: {_moment(one, one.start)}" for one in applications])


def _still_true(facts: list[dict[str, str]]) -> dict[str, Application]:
    """Return those of which the news still holds, by number: new ones undecided, cancelled ones cancelled."""
    states = {
        News.NEW.value: Application.State.SUBMITTED,
        News.CANCELLED.value: Application.State.CANCELLED,
    }
    wanted = {fact["application"]: states[fact["news"]] for fact in facts}
    found = Application.objects.filter(number__in=wanted).select_related("official__unit__agency")
    return {one.number: one for one in found if one.state == wanted[one.number]}


def _moment(application: Application, moment: datetime) -> str:
    return long_moment_and_zone(moment, application.official.agency.time_zone)


def _link(application: Application) -> Link:
    path = reverse("videoreception_applications:inspect", args=[application.public_id])
    return Link(_("Open the application"), absolute(path))


def agency_alarm(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """To the moderators: these applications begin within a day and nobody has decided.

    Raises:
        NothingToSend: all of them have been decided meanwhile.
    """
    waiting = Application.objects.filter(
        number__in=letter.facts["applications"], state=Application.State.SUBMITTED
    ).select_related("official__unit__agency")
    applications = list(waiting.order_by("start", "pk"))
    if not applications:
        raise NothingToSend
    return Wording(
        subject=_("Applications waiting for a decision: %(count)s") % {"count": len(applications)},
        title=ngettext(
            "%(count)s application is waiting for a decision",
            "%(count)s applications are waiting for a decision",
            len(applications),
        )
        % {"count": len(applications)},
        blocks=[
            Paragraph(
                _("Less than 24 hours are left before the reception, and there is no decision yet.")
            ),
            Items([_in_words(application) for application in applications]),
            Paragraph(
                _(
                    "If there is no decision by the start of the reception, the application ends as "
                    "“not considered in time” and we tell the citizen."
                )
            ),
            Link(
                _("Open the applications"), absolute(reverse("videoreception_applications:index"))
            ),
        ],
    )


def agency_objection(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """To the moderators: a citizen objects to what was noted of a reception; by when to answer.

    Raises:
        NothingToSend: it has been answered meanwhile.
    """
    application = (
        Application.objects.filter(
            number=letter.facts["application"], objection__answered_at__isnull=True
        )
        .filter(objection__isnull=False)
        .select_related("official__unit__agency")
        .first()
    )
    if application is None:
        raise NothingToSend
    return Wording(
        subject=_("Objection to the record, application No. %(number)s")
        % {"number": application.number},
        title=_("A citizen does not agree with what was recorded"),
        blocks=[
            Facts(
                [
                    (_("Application number"), application.number),
                    (_("The reception was planned for"), _moment(application, application.start)),
                    (
                        _("Answer not later than"),
                        long_date(date.fromisoformat(letter.facts["due"])),
                    ),
                ]
            ),
            _link(application),
        ],
    )


def _in_words(application: Application) -> str:
    official = application.official
    moment = long_moment_and_zone(application.start, official.agency.time_zone)
    return f"{application.number}: {moment}, {official.full_name}"
