"""From where on something is a problem: measured defaults, each replaceable by a setting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """All thresholds of the analysis.

    Luma runs from 0 (black) to 255, L* (CIE lightness) from 0 to 100; sizes and places are shares
    of the picture; sound levels are dBFS (0 is the loudest that a file can hold).
    """

    # Light
    dark_luma: float = 60
    very_dark_luma: float = 25
    dark_highlights: float = 90
    """95th percentile of luma below which even the brightest parts are dark."""
    well_lit_face: float = 50
    """L* of the bright parts of a face that is lit well enough, however dark the room behind it."""
    plain_face: float = 24
    """L* of the bright parts from which on a face is plain to see, though it wants more light."""
    bright_luma: float = 200
    very_bright_luma: float = 235
    blown_share: float = 0.20
    """Share of pixels at 250 and above that is too much."""
    very_blown_share: float = 0.45
    bright_face: float = 75
    """L* up to which a face is not too bright, however white the wall behind it."""
    blown_face: float = 82
    """L* from which on a face is too bright, however dark the room behind it."""
    low_contrast: float = 20
    """Standard deviation of luma."""

    # Sharpness
    blurred: float = 0.0065
    """Fine detail in the sharpest places beyond the noise, as a share of the contrast."""
    very_blurred: float = 0.0006

    # Covered lens
    covered_structure: float = 1.5
    """Standard deviation of a coarse picture without its gradient, in luma."""
    smooth_structure: float = 5
    """The same for a picture without any fine detail."""

    # Several stills
    frozen_difference: float = 0.15
    """Mean difference of two stills in luma below which nothing moved, not even noise."""
    frozen_share: float = 0.75
    """Share of neighbouring pairs without a difference."""
    flicker_deviation: float = 4
    """Standard deviation of the stills' mean luma."""

    # Face
    face_score: float = 0.75
    """How sure the detector must be, 0 to 1."""
    no_face_stills: int = 3
    """Stills without a face, of five; of fewer stills, all must be without."""
    far_height: float = 0.15
    near_height: float = 0.65
    centre_left: float = 0.20
    centre_right: float = 0.80
    centre_top: float = 0.15
    centre_bottom: float = 0.60
    backlit_face: float = 41
    """L* of the bright parts of a face in shadow, whatever the skin."""
    backlit_even_face: float = 50
    """The same of a face in which nothing shines: light from the front makes relief."""
    even_relief: float = 12
    """L* by which the bright parts of such a face stand out of its middle, at most."""
    backlit_difference: float = 30
    """L* of the background less L* of the face."""

    # Sound
    silent_peak: float = -80
    silent_level: float = -75
    quiet_level: float = -45
    """90th percentile of the level in 20 ms."""
    quiet_peak: float = -36
    clipped_runs: int = 3
    """Runs of three or more samples at the limit that are still tolerated."""
    noisy_range: float = 15
    """dB between the 90th and the 10th percentile of the level."""
    noise_floor: float = -55
    """10th percentile of the level below which no noise disturbs."""
    speech_range: float = 6
    speech_seconds: float = 0.08
    """Shorter sounds are clicks, not syllables."""
    voice_flatness: float = 0.3
    """Flatness of the spectrum above which a sound is noise (white noise has 0.56)."""
    voice_pitched: float = 0.3
    """Share of the loud frames with a pitch below which only whispering is a voice."""
    voice_gliding: float = 0.58
    """Share of the steps in which the pitch glides; bells and ring tones have up to 0.5."""
    voice_partials: float = 15
    """Partials of a voice that speaks without melody; notes of instruments have up to 14."""
    min_syllables: float = 1.6
    max_syllables: float = 6
    """Syllables a second of such a voice; an electronic bell rattles faster."""
    whisper_change: float = 4
    """dB by which whispering changes its spectrum in 80 ms; steady noise has up to 3."""
    hum_share: float = 0.20
    """Share of the power that stands steadily at 50, 100, 150 and 200 Hz."""
    offset: float = 0.02
    """Constant part of the signal, as a share of full scale."""


DEFAULTS: Final = Thresholds()
