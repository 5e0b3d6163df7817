"""The five figures on top of a report, with those of the period that it is compared with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext, ngettext, pgettext

from diia_videoreception.selectors.booking.reports import Figures, Outcomes
from diia_videoreception.wagtail_admin.reports.figures import (
    average,
    percent,
    percent_words,
    span_words,
    stars_words,
)


@dataclass(frozen=True, slots=True)
class Card:
    """One figure on top of a report."""

    label: str
    value: str
    notes: Sequence[str]


def cards(found: Figures, was: Figures | None) -> list[Card]:
    """Return the five figures on top."""
    outcomes = found.outcomes
    return [
        Card(
            pgettext("how many", "Receptions"),
            str(outcomes.all),
            _notes(was is not None and _difference(found, was)),
        ),
        Card(
            gettext("From filing to the decision"),
            span_words(found.to_answer.median),
            _notes(
                found.to_answer.number and _most(found.to_answer.most),
                was is not None and _was(span_words(was.to_answer.median)),
            ),
        ),
        Card(
            gettext("From filing to the reception"),
            span_words(found.to_reception.median),
            _notes(
                found.to_reception.number and _most(found.to_reception.most),
                was is not None and _was(span_words(was.to_reception.median)),
            ),
        ),
        Card(
            gettext("Did not come"),
            percent_words(percent(outcomes.citizen_absent, outcomes.all)),
            _notes(
                outcomes.all and _absent(outcomes),
                was is not None
                and _was(percent_words(percent(was.outcomes.citizen_absent, was.outcomes.all))),
            ),
        ),
        Card(
            gettext("Rating"),
            stars_words(average(found.stars)),
            _notes(
                outcomes.held and _rated(found),
                was is not None and _was(stars_words(average(was.stars))),
            ),
        ),
    ]


def _notes(*found: str | int | bool) -> list[str]:
    return [str(one) for one in found if one]


def _difference(found: Figures, was: Figures) -> str:
    more = found.outcomes.all - was.outcomes.all
    if more > 0:
        return gettext("%(count)s more than in the compared period") % {"count": more}
    if more < 0:
        return gettext("%(count)s fewer than in the compared period") % {"count": -more}
    return gettext("as many as in the compared period")


def _was(words: str) -> str:
    return gettext("it was: %(figure)s") % {"figure": words}


def _most(span: timedelta | None) -> str:
    return gettext("nine of ten people: up to %(span)s") % {"span": span_words(span)}


def _absent(outcomes: Outcomes) -> str:
    people = ngettext("%(count)d person", "%(count)d people", outcomes.citizen_absent) % {
        "count": outcomes.citizen_absent
    }
    return gettext("%(people)s; because of the agency: %(count)s") % {
        "people": people,
        "count": outcomes.agency_absent,
    }


def _rated(found: Figures) -> str:
    rated = percent(sum(found.stars.values()), found.outcomes.held)
    return gettext("%(percent)s of people have rated") % {"percent": percent_words(rated)}
