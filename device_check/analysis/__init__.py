"""What stills of a camera and seconds of a microphone say about a reception (A-09, B-48).

Works without Django. The results are hints, never gates: the thresholds come from few portraits
and synthetic damage. Nothing here tells who a person is, and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Sequence

from device_check.analysis.result import (
    MAX_IMAGES,
    Analysis,
    InputError,
    Problem,
    UnusableInput,
)
from device_check.analysis.thresholds import DEFAULTS, Thresholds
from device_check.vocabulary import Verdict

__all__ = [
    "DEFAULTS",
    "MAX_IMAGES",
    "Analysis",
    "InputError",
    "Problem",
    "Thresholds",
    "UnusableInput",
    "Verdict",
    "analyse",
]


def analyse(
    images: Sequence[bytes], audio: bytes | None, *, thresholds: Thresholds = DEFAULTS
) -> Analysis:
    """Examine stills of one camera, a recording of one microphone, or both.

    Args:
        images: Up to five JPEG files of the same size in pixels, in the order of taking, about
            200 ms apart; empty when there is no camera to examine.
        audio: A WAV file (PCM or 32-bit float, 8 to 48 kHz, one or two channels) of about three seconds
            in which the person speaks, without noise suppression; None when there is none.
        thresholds: From where on something is a problem.

    Raises:
        UnusableInput: The files are not what they should be, or there are none.
    """
    # OpenCV costs 40 MB and 0.1 s: a web process that only passes jobs on never loads it.
    from device_check.analysis import examination  # noqa: PLC0415

    return examination.examine(images, audio, thresholds)
