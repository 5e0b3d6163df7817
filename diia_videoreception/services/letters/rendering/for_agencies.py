"""News of applications for moderators: numbers, times and links, nothing personal.

An e-mail of an agency is read by several people and kept in places that we do not know.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from diia_videoreception.models import AgencyNews, Application, Letter
from diia_videoreception.rules.terms import decide_until
from diia_videoreception.rules.transitions import (
    AWAITING_DECISION,
    OPEN_STATES,
    UNDECIDED_STATES,
)
from diia_videoreception.selectors.booking.answer_tasks import has_answer_to_come
from diia_videoreception.services.letters.rendering.blocks import (
    Block,
    Facts,
    Heading,
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
from diia_videoreception.wording import long_date, long_moment_and_zone

News = AgencyNews.Kind


def agency_news(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Tell at once of one new or cancelled application, of an answer, or of a wish to move.

    Raises:
        NothingToSend: the new one has been decided or cancelled meanwhile, or is gone; so it is with
            an answer to a proposal that is answered by now.
    """
    found = list(_still_true([letter.facts]).values())
    if not found:
        raise NothingToSend
    (application,) = found
    match News(letter.facts["news"]):
        case News.NEW:
            return _new(application)
        case News.CANCELLED:
            return _cancelled(application)
        case news:
            return _about_answer(application, news)


def _new(application: Application) -> Wording:
    decided_by = decide_until(
        application.start, submitted_at=application.submitted_at, term=application.decide_by
    )
    return Wording(
        subject=_("New application No. %(number)s") % {"number": application.number},
        title=_("A new application is waiting for a decision"),
        blocks=[
            Facts(
                [
                    (_("Application number"), both_numbers(application)),
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
                    (_("Application number"), both_numbers(application)),
                    (_("Time"), _moment(application, application.start)),
                ]
            ),
            Paragraph(_("This time is available again.")),
            _link(application),
        ],
    )


def _about_answer(application: Application, news: News) -> Wording:
    """Tell how the citizen answered a proposed time or a question; their words stand behind the sign-in."""
    title, what_now = {
        News.PROPOSAL_ACCEPTED: (
            _("The citizen has accepted the proposed time"),
            _("The time is confirmed. You do not need to do anything."),
        ),
        News.PROPOSAL_REFUSED: (
            _("The citizen has refused the proposed time"),
            _("The earlier time stands. The citizen’s wishes are on the page of the application."),
        ),
        News.PROPOSAL_EXPIRED: (
            _("The citizen has not answered the proposed time"),
            _("The proposed time is available again, the earlier one stands."),
        ),
        News.CLARIFICATION_ANSWERED: (
            _("The citizen has answered the question"),
            _("The answer is on the page of the application, which waits for your decision."),
        ),
        News.CLARIFICATION_EXPIRED: (
            _("The citizen has not answered the question"),
            _("The application waits for your decision."),
        ),
        News.CORRECTED: (
            _("The citizen has corrected the application"),
            _("What has changed is on the page of the application. Read it before you decide."),
        ),
        News.MOVE_REQUESTED: (
            _("A citizen asks to move a confirmed reception"),
            _(
                "The confirmed time stands. Which times the citizen wishes and why is on the page of the "
                "application: move the reception, propose another time or refuse."
            ),
        ),
        News.MOVE_WITHDRAWN: (
            _("The citizen no longer asks to move the reception"),
            _("The confirmed time stands. You do not need to do anything."),
        ),
    }[news]
    return Wording(
        subject=_("Application No. %(number)s: %(news)s")
        % {"number": application.number, "news": news.label},
        title=title,
        blocks=[
            Facts(
                [
                    (_("Application number"), both_numbers(application)),
                    (_("Time"), _moment(application, application.start)),
                ]
            ),
            Paragraph(what_now),
            _link(application),
        ],
    )


_HEADINGS = {
    News.NEW: gettext_lazy("New applications waiting for a decision"),
    News.CANCELLED: gettext_lazy("Cancelled by citizens"),
    News.PROPOSAL_ACCEPTED: gettext_lazy("Proposed times that citizens accepted"),
    News.PROPOSAL_REFUSED: gettext_lazy("Proposed times that citizens refused"),
    News.PROPOSAL_EXPIRED: gettext_lazy("Proposed times that nobody answered"),
    News.CLARIFICATION_ANSWERED: gettext_lazy("Questions that citizens answered"),
    News.CLARIFICATION_EXPIRED: gettext_lazy("Questions that nobody answered"),
    News.CORRECTED: gettext_lazy("Corrected by citizens"),
    News.MOVE_REQUESTED: gettext_lazy("Citizens who ask to move a confirmed reception"),
    News.MOVE_WITHDRAWN: gettext_lazy("Citizens who no longer ask to move a reception"),
}


def agency_digest(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """Return what is new since the last digest, each kind of news under its heading.

    Raises:
        NothingToSend: nothing of it is true any more.
    """
    facts = letter.facts["news"]
    found = _still_true(facts)
    told = {
        kind: [
            found[fact["application"], kind]
            for fact in facts
            if fact["news"] == kind and (fact["application"], kind) in found
        ]
        for kind in _HEADINGS
    }
    if not any(told.values()):
        raise NothingToSend
    listed = (_listed(str(heading), told[kind]) for kind, heading in _HEADINGS.items())
    return Wording(
        subject=_digest_subject(told),
        title=_("News about applications"),
        blocks=[
            *chain.from_iterable(listed),
            _all_applications(),
        ],
    )


def _digest_subject(told: Mapping[News, Sequence[Application]]) -> str:
    new, cancelled = len(told[News.NEW]), len(told[News.CANCELLED])
    answered = sum(map(len, told.values())) - new - cancelled
    if answered:
        return _("Applications: new %(new)s, cancelled %(cancelled)s, answers %(answers)s") % {
            "new": new,
            "cancelled": cancelled,
            "answers": answered,
        }
    return _("Applications: new %(new)s, cancelled %(cancelled)s") % {
        "new": new,
        "cancelled": cancelled,
    }


def _listed(heading: str, applications: list[Application]) -> Iterator[Block]:
    if applications:
        yield Heading(heading)
        yield Items([f"{both_numbers(one)}: {_moment(one, one.start)}" for one in applications])


_TRUE_IN = {
    News.NEW: UNDECIDED_STATES,
    News.CANCELLED: {Application.State.CANCELLED},
    News.PROPOSAL_ACCEPTED: {Application.State.CONFIRMED},
    News.PROPOSAL_REFUSED: OPEN_STATES,
    News.PROPOSAL_EXPIRED: OPEN_STATES,
    News.CLARIFICATION_ANSWERED: AWAITING_DECISION,
    News.CLARIFICATION_EXPIRED: AWAITING_DECISION,
    News.CORRECTED: UNDECIDED_STATES,
    News.MOVE_REQUESTED: {Application.State.CONFIRMED},
    News.MOVE_WITHDRAWN: {Application.State.CONFIRMED},
}
"""In which states of the application a piece of news still holds."""


def _still_true(facts: list[dict[str, str]]) -> dict[tuple[str, News], Application]:
    """Return those applications of which the news still holds, by number and kind of news."""
    numbers = {fact["application"] for fact in facts}
    rows = Application.objects.filter(number__in=numbers).select_related("official__unit__agency")
    found = {one.number: one for one in rows}
    told = [(found.get(fact["application"]), News(fact["news"])) for fact in facts]
    asking = set(rows.filter(move_requests__answer="").values_list("number", flat=True))
    return {
        (one.number, news): one
        for one, news in told
        if one
        and one.state in _TRUE_IN[news]
        and (news is not News.MOVE_REQUESTED or one.number in asking)
        and (news is not News.CORRECTED or one.corrected_at is not None)
    }


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
    applications = _still_waiting(letter)
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
            Paragraph(_what_a_lapse_is()),
            _all_applications(),
        ],
    )


def agency_overdue(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """To moderators and heads: the agency's term for the decision on these applications has passed.

    Raises:
        NothingToSend: all of them have been decided meanwhile.
    """
    applications = _still_waiting(letter)
    return Wording(
        subject=_("Applications whose term has passed: %(count)s") % {"count": len(applications)},
        title=_("The term for the decision has passed"),
        blocks=[
            Paragraph(
                _("There is no decision yet. The citizens see until when it was to be made.")
            ),
            Items([_in_words(application) for application in applications]),
            Paragraph(_what_a_lapse_is()),
            _all_applications("?waiting=overdue"),
        ],
    )


def agency_answers_overdue(letter: Letter, *, for_sending: bool, now: datetime) -> Wording:
    """To moderators and heads: the agency's term for these answers after receptions has passed.

    Raises:
        NothingToSend: none of them is to come any more.
    """
    numbers = letter.facts["applications"]
    waiting = Application.objects.filter(has_answer_to_come(), number__in=numbers)
    applications = list(waiting.select_related("official__unit__agency").order_by("start", "pk"))
    if not applications:
        raise NothingToSend
    return Wording(
        subject=_("Answers whose term has passed: %(count)s") % {"count": len(applications)},
        title=_("The term for the answer has passed"),
        blocks=[
            Paragraph(_("The citizens were told until when they get a written answer.")),
            Items([_in_words(application) for application in applications]),
            _all_applications("?waiting=answer_overdue"),
        ],
    )


def _still_waiting(letter: Letter) -> list[Application]:
    """Return those applications of a letter that nobody has decided yet.

    Raises:
        NothingToSend: there are none.
    """
    waiting = Application.objects.filter(
        number__in=letter.facts["applications"], state__in=UNDECIDED_STATES
    ).select_related("official__unit__agency")
    applications = list(waiting.order_by("start", "pk"))
    if not applications:
        raise NothingToSend
    return applications


def _what_a_lapse_is() -> str:
    return _(
        "If there is no decision by the start of the reception, the application ends as "
        "“not considered in time” and we tell the citizen."
    )


def _all_applications(query: str = "") -> Link:
    path = reverse("videoreception_applications:index")
    return Link(_("Open the applications"), absolute(path + query))


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
                    (_("Application number"), both_numbers(application)),
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
    return f"{both_numbers(application)}: {moment}, {official.full_name}"
