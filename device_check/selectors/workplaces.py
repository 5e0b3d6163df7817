"""What the portal knows of its workplaces, and what is wrong with them in words."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from device_check.models import Workplace

MISSED_REPORTS: Final = 3
"""So many missed reports in a row make a workplace silent."""
SKEW_SECONDS: Final = 60
"""Sign-in with a token fails at a larger difference."""
DELAY_MS: Final = 1000

CAMERA_WORDS: Final[Mapping[str, str | Promise]] = {
    "no_device": _("the camera is not connected"),
    "busy": _("another program is using the camera"),
    "no_picture": _("the camera gives no picture"),
    "no_answer": _("the camera does not answer"),
    "too_dark": _("the picture is too dark"),
    "too_bright": _("the picture is too bright"),
    "low_contrast": _("the picture has little contrast"),
    "blurred": _("the picture is blurred"),
    "covered": _("the camera is covered"),
    "frozen": _("the picture does not move"),
    "backlight": _("a bright light is behind the person"),
    "flicker": _("the light flickers"),
}
MICROPHONE_WORDS: Final[Mapping[str, str | Promise]] = {
    "no_device": _("the microphone is not connected"),
    "no_library": _("the microphone is not checked: the agent lacks PortAudio"),
    "no_sound": _("the microphone gives no sound"),
    "no_answer": _("the microphone does not answer"),
    "silent": _("the microphone is switched off or muted"),
    "clipping": _("the microphone is too loud"),
    "noisy": _("the microphone picks up a lot of noise"),
    "hum": _("the microphone hums"),
    "bad_sound_card": _("the sound card distorts the sound"),
}


@dataclass(frozen=True, slots=True)
class WorkplaceState:
    """A workplace as the list shows it.

    Attributes:
        workplace: The row.
        report_moment: When the last report was made, by the clock of the workplace.
        silent: Whether it has missed three reports.
        problems: What is wrong, in words; empty when nothing is, or nothing is known.
    """

    workplace: Workplace
    report_moment: datetime | None
    silent: bool
    problems: tuple[str | Promise, ...]

    @property
    def expected(self) -> bool:
        """Whether reports should come."""
        return self.workplace.status == Workplace.Status.ACTIVE

    @property
    def heard(self) -> bool:
        return self.workplace.last_report_at is not None

    @property
    def is_troubled(self) -> bool:
        """Whether somebody has to look after it."""
        return self.expected and (self.silent or bool(self.problems) or not self.heard)


def workplaces() -> QuerySet[Workplace]:
    """Return all workplaces, by centre and name; for superusers."""
    return Workplace.objects.order_by("site_code", "label", "pk")


def workplace_with(public_id: uuid.UUID) -> Workplace | None:
    return Workplace.objects.filter(public_id=public_id).first()


def is_accepted(public_key: str) -> bool:
    """Return whether the key belongs to a workplace that may report now."""
    return Workplace.objects.filter(public_key=public_key, status=Workplace.Status.ACTIVE).exists()


def accepted_by_key(public_key: str) -> Workplace | None:
    """Return the workplace that may report with this key now."""
    return Workplace.objects.filter(public_key=public_key, status=Workplace.Status.ACTIVE).first()


def state_of(workplace: Workplace, *, now: datetime) -> WorkplaceState:
    """Return what the last report says, and whether the next ones are missing."""
    report: dict[str, Any] = workplace.last_report
    if workplace.last_report_at is None or not report:
        return WorkplaceState(workplace, None, silent=False, problems=())
    if workplace.status != Workplace.Status.ACTIVE:
        return WorkplaceState(workplace, _moment(report), silent=False, problems=())
    missing = now - workplace.last_report_at > MISSED_REPORTS * timedelta(seconds=report["every"])
    return WorkplaceState(
        workplace,
        _moment(report),
        silent=missing,
        problems=tuple(_problems(report)),
    )


def _moment(report: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(report["moment"])


def _problems(report: Mapping[str, Any]) -> Iterable[str | Promise]:
    camera, microphone = report["camera"], report["microphone"]
    yield from (CAMERA_WORDS.get(code, code) for code in camera["problems"])
    if camera["present"] is None and not camera["problems"]:
        yield _("the camera is not checked")
    yield from (MICROPHONE_WORDS.get(code, code) for code in microphone["problems"])
    if microphone["present"] is None and not microphone["problems"]:
        yield _("the microphone is not checked")
    skew = report["skew_seconds"]
    if skew is not None and abs(skew) > SKEW_SECONDS:
        minutes = max(1, round(abs(skew) / 60))
        yield ngettext_lazy(
            "the clock is wrong by %(minutes)d minute",
            "the clock is wrong by %(minutes)d minutes",
            "minutes",
        ) % {"minutes": minutes}
    if report["rtt_ms"] is not None and report["rtt_ms"] > DELAY_MS:
        yield _("the connection to the portal is slow")
