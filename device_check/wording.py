"""A finished run in words, for the cabinet, for staff and for letters."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from device_check.models import CheckRun
from device_check.verdicts import NEEDED
from device_check.vocabulary import Step, Verdict

Words = str | Promise

STEPS: Mapping[Step, Words] = MappingProxyType(
    {
        Step.BROWSER: gettext_lazy("Browser"),
        Step.PERMISSION: gettext_lazy("Permission of the browser"),
        Step.CAMERA: gettext_lazy("Camera"),
        Step.MICROPHONE: gettext_lazy("Microphone"),
        Step.SPEAKERS: gettext_lazy("Sound"),
        Step.CONNECTION: gettext_lazy("Connection"),
        Step.CLOCK: gettext_lazy("Clock"),
    }
)

VERDICTS: Mapping[Verdict, Words] = MappingProxyType(
    {
        Verdict.GOOD: gettext_lazy("Everything is ready"),
        Verdict.USABLE: gettext_lazy("Works, there is advice"),
        Verdict.BAD: gettext_lazy("There is a problem"),
        Verdict.NOT_CHECKED: gettext_lazy("Not everything is checked"),
    }
)

_OK: Mapping[Step, Words] = MappingProxyType(
    {
        Step.BROWSER: pgettext_lazy("browser", "fits"),
        Step.PERMISSION: pgettext_lazy("permission", "given"),
        Step.CAMERA: pgettext_lazy("camera", "works"),
        Step.MICROPHONE: pgettext_lazy("microphone", "is heard well"),
        Step.SPEAKERS: pgettext_lazy("sound", "is heard"),
        Step.CONNECTION: pgettext_lazy("connection", "good"),
        Step.CLOCK: pgettext_lazy("clock", "right"),
    }
)
_WITHOUT_RESULT: Mapping[Verdict, Words] = MappingProxyType(
    {
        Verdict.SKIPPED: gettext_lazy("skipped"),
        Verdict.NOT_CHECKED: gettext_lazy("not checked"),
    }
)

PROBLEMS: Mapping[str, Words] = MappingProxyType(
    {
        "unsupported": gettext_lazy("the browser is too old"),
        "insecure_page": gettext_lazy("the page was opened without encryption"),
        "in_app_browser": gettext_lazy("the page was opened inside another app"),
        "denied_by_browser": gettext_lazy("the browser does not allow the camera and microphone"),
        "denied_by_system": gettext_lazy("the system does not allow the camera and microphone"),
        "dismissed": gettext_lazy("the browser’s question was not answered"),
        "policy_blocked": gettext_lazy("the site around the page does not allow the camera"),
        "busy": gettext_lazy("used by another program"),
        "ended": gettext_lazy("was disconnected during the check"),
        "overconstrained": gettext_lazy("the chosen device is no longer there"),
        "virtual_device": gettext_lazy("a program is used instead of a device"),
        "not_heard": gettext_lazy("the person cannot hear the sound"),
        "no_output": gettext_lazy("there is nothing to play the sound"),
        "slow": gettext_lazy("slow internet"),
        "high_delay": gettext_lazy("long delay"),
        "lossy": gettext_lazy("part of the data is lost"),
        "no_udp": gettext_lazy("the network allows only a slower connection"),
        "turn_unreachable": gettext_lazy("the call servers cannot be reached"),
        "turn_denied": gettext_lazy("the call servers refused the connection"),
        "offline": gettext_lazy("no internet"),
        "skewed": gettext_lazy("the clock of the device is wrong"),
        "too_dark": gettext_lazy("too dark"),
        "too_bright": gettext_lazy("too bright"),
        "low_contrast": gettext_lazy("a pale picture"),
        "blurred": gettext_lazy("a blurred picture"),
        "covered": gettext_lazy("the lens is covered"),
        "frozen": gettext_lazy("the picture stands still"),
        "backlight": gettext_lazy("the light comes from behind"),
        "flicker": gettext_lazy("the light flickers"),
        "no_face": gettext_lazy("no face in the picture"),
        "face_far": gettext_lazy("the face is too far away"),
        "face_near": gettext_lazy("the face is too near"),
        "off_centre": gettext_lazy("the face is at the edge"),
        "several_faces": gettext_lazy("several people in the picture"),
        "silent": gettext_lazy("no sound from the microphone"),
        "too_quiet": gettext_lazy("too quiet"),
        "clipping": gettext_lazy("too loud"),
        "noisy": gettext_lazy("noise"),
        "hum": gettext_lazy("a hum"),
        "no_speech": gettext_lazy("no speech"),
        "bad_sound_card": gettext_lazy("the sound card is faulty"),
        "analysis_busy": gettext_lazy("the server was busy"),
        "analysis_failed": gettext_lazy("the server did not answer"),
    }
)
"""Every code of the vocabulary in a few words, but for no_device."""

_NO_DEVICE: Mapping[Step, Words] = MappingProxyType(
    {
        Step.CAMERA: gettext_lazy("no camera"),
        Step.MICROPHONE: gettext_lazy("no microphone"),
    }
)


def problem_in_words(step: Step, code: str) -> str:
    """«немає мікрофона», «світло падає ззаду»."""
    return str(_NO_DEVICE[step] if code == "no_device" else PROBLEMS[code])


def step_in_words(step: Step, verdict: str, problems: list[str]) -> str:
    """«працює», «світло падає ззаду, темно», «пропущено»."""
    if problems:
        return ", ".join(problem_in_words(step, code) for code in problems)
    reported = Verdict.of_step(verdict)
    return str(_WITHOUT_RESULT.get(reported) or _OK[step])


def steps_in_words(run: CheckRun) -> list[tuple[str, str]]:
    """(«Камера», «працює») for every step of the run, in the order of the page."""
    return [
        (
            str(STEPS[step]),
            step_in_words(step, run.steps[step]["verdict"], run.steps[step]["problems"]),
        )
        for step in Step
        if step in run.steps
    ]


def for_staff(run: CheckRun, *, now: datetime) -> str:
    """«перевірено вчора: усе гаразд», «перевірено 24 листопада: немає мікрофона, темно»."""
    found = ", ".join(_not_good(run)) or _("everything is fine")
    return _("checked %(when)s: %(result)s") % {
        "when": _when(run.finished_at or run.started_at, now=now),
        "result": found,
    }


def _not_good(run: CheckRun) -> Iterator[str]:
    if not run.steps:
        yield _("nothing")
        return
    for step in Step:
        result = run.steps.get(step)
        if result and Verdict.of_step(result["verdict"]) not in _WITHOUT_RESULT:
            yield from (problem_in_words(step, code) for code in result["problems"])
        elif step in NEEDED:
            yield _("%(step)s – not checked") % {"step": str(STEPS[step]).lower()}


def _when(moment: datetime, *, now: datetime) -> str:
    zone = ZoneInfo(settings.TIME_ZONE)
    day, today = timezone.localdate(moment, zone), timezone.localdate(now, zone)
    days = (today - day).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return date_format(day, "j E Y" if day.year != today.year else "j E")
