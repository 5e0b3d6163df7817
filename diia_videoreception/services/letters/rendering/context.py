"""What a letter is about: the facts kept with it, and what is looked up by ids."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Agency, Application, Letter, Official
from diia_videoreception.rules.refusals import NextStep, choosing_query
from diia_videoreception.selectors.booking.conferences import is_held_in_browser
from diia_videoreception.wording import long_moment_and_zone, short_moment_and_zone

APPLICATION_PAGE = "diia_videoreception:case"
FIRST_WORDS = {
    Letter.Kind.RECEIPT.value: 1,
    Letter.Kind.CONFIRMATION.value: 2,
    Letter.Kind.MOVED.value: 1,
    Letter.Kind.DECLINED.value: 1,
    Letter.Kind.CANCELLED.value: 1,
    Letter.Kind.LAPSED.value: 1,
    Letter.Kind.CHECK_DEVICE.value: 1,
    Letter.Kind.EMAIL_CODE.value: 1,
    Letter.Kind.CREDENTIALS_CHANGED.value: 1,
    Letter.Kind.ADDRESS_CHANGED.value: 1,
}
"""The last version of a kind that greeted nobody and told no legal ground; it stays as it was."""


class NothingToSend(Exception):
    """What the letter was to tell is not true any more."""


def in_first_words(letter: Letter) -> bool:
    """Return whether the letter was written before letters greeted the person."""
    return letter.template_version <= FIRST_WORDS.get(letter.kind, 0)


@dataclass(frozen=True, slots=True)
class ApplicationContext:
    """A letter about an application. Times are those of the letter, not of today."""

    letter: Letter
    application: Application
    start: datetime
    end: datetime
    old_start: datetime | None
    for_sending: bool
    now: datetime

    @property
    def official(self) -> Official:
        return self.application.official

    @property
    def agency(self) -> Agency:
        return self.application.official.agency

    @property
    def decide_by(self) -> datetime | None:
        """When the agency's term for the decision passed when the letter was written."""
        term = self.fact("decide_by")
        return datetime.fromisoformat(term) if term else None

    def fact(self, name: str) -> str:
        return str(self.letter.facts.get(name, ""))

    def long(self, moment: datetime) -> str:
        """«вівторок, 1 грудня 2026 року, 10:30 за київським часом»."""
        return long_moment_and_zone(moment, self.agency.time_zone)

    def short(self, moment: datetime) -> str:
        """«01.12.2026, 10:30 за київським часом», for the subject."""
        return short_moment_and_zone(moment, self.agency.time_zone)

    @property
    def in_first_words(self) -> bool:
        return in_first_words(self.letter)

    @property
    def next_step(self) -> NextStep:
        """Where a refusal sends the person."""
        return NextStep(self.letter.facts.get("next_step") or NextStep.SAME_OFFICIAL)

    @property
    def case_url(self) -> str:
        return application_url(self.application)

    @property
    def is_held_in_browser(self) -> bool:
        """Whether the person needs nothing but a browser."""
        return is_held_in_browser(self.application)

    @property
    def room_url(self) -> str:
        """The page of the room; it asks to sign in."""
        return absolute(reverse("diia_videoreception:room", args=[self.application.public_id]))

    @property
    def room_opens_at(self) -> datetime:
        return self.start - timedelta(minutes=app_settings.room_opens_minutes)

    @property
    def check_url(self) -> str:
        """The device check for this application; it asks to sign in."""
        return absolute(
            reverse("diia_videoreception:case_device_check", args=[self.application.public_id])
        )

    @property
    def choose_url(self) -> str:
        """Where the person chooses anew; empty when the refusal sends to nothing that could be chosen."""
        query = choosing_query(self.next_step, agency=self.agency.pk, official=self.official.pk)
        if query is None:
            return ""
        path = reverse("diia_videoreception:choose")
        return absolute(f"{path}?{urlencode(query)}" if query else path)


def application_context(letter: Letter, *, for_sending: bool, now: datetime) -> ApplicationContext:
    """Read the facts of a letter about an application.

    Raises:
        ValueError: the letter is about none, or a fact is no moment.
    """
    application = letter.application
    if application is None:
        raise ValueError("the letter belongs to no application")
    old_start = letter.facts.get("old_start")
    return ApplicationContext(
        letter=letter,
        application=application,
        start=datetime.fromisoformat(letter.facts["start"]),
        end=datetime.fromisoformat(letter.facts["end"]),
        old_start=datetime.fromisoformat(old_start) if old_start else None,
        for_sending=for_sending,
        now=now,
    )


def application_url(application: Application) -> str:
    """Return the citizen's own page of an application; it asks to sign in, and opening it changes nothing."""
    return absolute(reverse(APPLICATION_PAGE, args=[application.public_id]))


def both_numbers(application: Application) -> str:
    """Return the number of a case as its agency's own people know it: with that of its books, if it has one."""
    if not application.registration_number:
        return application.number
    own = _("agency’s number: %(number)s") % {"number": application.registration_number}
    return f"{application.number} ({own})"


def absolute(path: str) -> str:
    """Return a path of the portal as an address for letters."""
    return f"{app_settings.base_url.rstrip('/')}{path}"
