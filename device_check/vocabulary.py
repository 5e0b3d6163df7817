"""The closed words of a check: steps, verdicts and codes, the same in table, script and server.

Nothing here needs Django, NumPy or OpenCV.
"""

from collections.abc import Mapping
from enum import StrEnum


class Step(StrEnum):
    """What is checked, in the order of the page."""

    BROWSER = "browser"
    PERMISSION = "permission"
    CAMERA = "camera"
    MICROPHONE = "microphone"
    SPEAKERS = "speakers"
    CONNECTION = "connection"
    CLOCK = "clock"


class Verdict(StrEnum):
    """What an analysis, a step or the whole run comes to; the values are those of runs and analyses.

    Steps have words of their own, in which they are stored and the browser reports them: `step_word`
    and `of_step`.
    """

    GOOD = "good"
    USABLE = "usable"
    BAD = "bad"
    NOT_CHECKED = "not_checked"
    SKIPPED = "skipped"

    @property
    def step_word(self) -> str:
        """How a step says it: good is "ok", usable "advice", bad "problem"."""
        return _STEP_WORDS[self]

    @classmethod
    def of_step(cls, word: object) -> "Verdict":
        """Read the word of a step.

        Raises:
            ValueError: it is none.
        """
        for verdict, known in _STEP_WORDS.items():
            if word == known:
                return verdict
        raise ValueError("not a verdict of a step")


_STEP_WORDS: Mapping[Verdict, str] = {
    Verdict.GOOD: "ok",
    Verdict.USABLE: "advice",
    Verdict.BAD: "problem",
    Verdict.NOT_CHECKED: "not_checked",
    Verdict.SKIPPED: "skipped",
}

JUDGED = (Verdict.GOOD, Verdict.USABLE, Verdict.BAD)
"""What was really looked at, from the best to the worst."""

IMAGE_PROBLEMS = (
    "too_dark", "too_bright", "low_contrast", "blurred", "covered", "frozen", "backlight",
    "flicker", "no_face", "face_far", "face_near", "off_centre", "several_faces",
)  # fmt: skip
"""What the analysis of the stills can say about the camera."""

SOUND_PROBLEMS = (
    "silent", "too_quiet", "clipping", "noisy", "hum", "no_speech", "bad_sound_card",
)  # fmt: skip
"""What the analysis of the sound can say about the microphone."""

DEVICE_PROBLEMS = ("no_device", "busy", "ended", "overconstrained", "virtual_device")
"""What the browser alone knows of a camera or a microphone."""

BROWSER_PROBLEMS: Mapping[Step, tuple[str, ...]] = {
    Step.BROWSER: ("unsupported", "insecure_page", "in_app_browser"),
    Step.PERMISSION: ("denied_by_browser", "denied_by_system", "dismissed", "policy_blocked"),
    Step.CAMERA: DEVICE_PROBLEMS,
    Step.MICROPHONE: DEVICE_PROBLEMS,
    Step.SPEAKERS: ("not_heard", "no_output"),
    Step.CONNECTION: (
        "slow", "high_delay", "lossy", "no_udp", "turn_unreachable", "turn_denied", "offline",
    ),
    Step.CLOCK: ("skewed",),
}  # fmt: skip
"""Codes that the browser may report, by step."""

ANALYSED_PROBLEMS: Mapping[Step, tuple[str, ...]] = {
    Step.CAMERA: IMAGE_PROBLEMS,
    Step.MICROPHONE: SOUND_PROBLEMS,
}
"""Codes that only the analysis of the server reports, by step."""

NOT_ANALYSED_PROBLEMS = ("analysis_busy", "analysis_failed")
"""Why a step of the analysis is not checked: too many at once, or it did not answer."""

TRANSPORTS = ("udp", "tcp", "tls", "http")
"""Ways to the TURN servers, and the way without them."""

_TIMES_OF_TRANSPORT: Mapping[str, tuple[float, float]] = {
    "rtt_ms": (0, 600_000),
    "loss_percent": (0, 100),
    "kbit_per_s": (0, 100_000_000),
}

MEASURES: Mapping[Step, Mapping[str, tuple[float, float]]] = {
    Step.BROWSER: {},
    Step.PERMISSION: {},
    Step.CAMERA: {"cameras": (0, 100), "width": (0, 20_000), "height": (0, 20_000), "fps": (0, 1_000)},
    Step.MICROPHONE: {"microphones": (0, 100), "sample_rate": (0, 1_000_000)},
    Step.SPEAKERS: {"speakers": (0, 100)},
    Step.CONNECTION: {
        **_TIMES_OF_TRANSPORT,
        "jitter_ms": (0, 600_000),
        "fps": (0, 1_000),
        **{
            f"{transport}_{name}": limits
            for transport in TRANSPORTS
            for name, limits in _TIMES_OF_TRANSPORT.items()
        },
    },
    Step.CLOCK: {"skew_seconds": (-4_000_000_000, 4_000_000_000)},
}  # fmt: skip
"""Numbers that the browser may report, by step, each with its least and greatest value.

Of the connection, the names without a transport are those of the best way; a transport that was
not reached has no numbers. Milliseconds, per cent, kilobits and seconds; skew is the browser's
clock minus the server's.
"""
