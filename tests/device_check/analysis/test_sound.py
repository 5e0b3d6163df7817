"""Every problem of a sound is named when it is there, and good speech has none."""

import numpy as np
import pytest

from device_check.analysis import Problem, Verdict, analyse
from tests.device_check.analysis.samples import (
    RATE,
    Array,
    interrupted,
    listen,
    mains,
    melody,
    noise,
    plucked,
    struck,
    tones,
    voice,
    wav,
)

ROOM = noise((3 * RATE,), 0.003)


def rumble() -> Array:
    """A fan or the wind: the lower, the stronger, and never steady."""
    waves = np.fft.rfft(noise((3 * RATE,), 1))
    sound = np.fft.irfft(waves / np.maximum(np.arange(len(waves)), 20))
    return 0.05 * sound / sound.std()


def keyboard() -> Array:
    sound = noise((3 * RATE,), 0.0005)
    for number in range(22):
        start = int((0.1 + 0.13 * number) * RATE)
        sound[start : start + 480] += noise((480,), 0.12, number) * np.exp(-np.arange(480) / 100)
    return sound


BAD = {
    "nothing": (np.zeros(3 * RATE), {Problem.SILENT}),
    "last bit": (noise((3 * RATE,), 1 / 32768), {Problem.SILENT}),
    "far away": (voice() * 0.02, {Problem.TOO_QUIET}),
    "whisper": (voice() * 0.008, {Problem.TOO_QUIET}),
    "too loud": (voice() * 8, {Problem.CLIPPING}),
    "cut off earlier": (np.clip(voice() * 6, -0.8, 0.8), {Problem.CLIPPING}),
    "cut off and turned down": (np.clip(voice() * 6, -0.8, 0.8) / 4, {Problem.CLIPPING}),
    "cut off on one side": (np.clip(voice() * 6, -0.2, 0.8), {Problem.CLIPPING}),
    "rumble": (rumble(), {Problem.NO_SPEECH}),
    "keyboard": (keyboard(), {Problem.NO_SPEECH}),
    "street": (voice() + noise((3 * RATE,), 0.03), {Problem.NOISY}),
    "loud street": (voice() + noise((3 * RATE,), 0.05), {Problem.NOISY}),
    "mains": (voice() + mains(), {Problem.HUM}),
    "rectifier": (voice() + 0.1 * np.sin(np.arange(3 * RATE) / RATE * 2 * np.pi * 100), {Problem.HUM}),
    "mains alone": (mains() + ROOM / 5, {Problem.HUM, Problem.NO_SPEECH}),
    "room": (ROOM, {Problem.NO_SPEECH}),
    "tone": (0.3 * np.sin(np.arange(3 * RATE) * 0.4), {Problem.NO_SPEECH}),
    "offset": (voice() * 0.7 + 0.1, {Problem.BAD_SOUND_CARD}),
    "offset down": (voice() * 0.7 - 0.04, {Problem.BAD_SOUND_CARD}),
}  # fmt: skip


@pytest.mark.parametrize("pitch", [100, 150, 200])
@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
def test_speech__has_no_problem(rate: int, pitch: int) -> None:
    result = listen(voice(rate, pitch), rate)
    assert result.problems == ()
    assert result.verdict == Verdict.GOOD


@pytest.mark.parametrize("level", [0.2, 0.5, 2])
def test_speech__may_be_soft_or_strong(level: float) -> None:
    assert listen(voice() * level).problems == ()


def test_quiet_room_around_speech__is_good() -> None:
    assert listen(voice() + noise((3 * RATE,), 0.002)).problems == ()


@pytest.mark.parametrize("name", BAD)
def test_bad_sound__has_its_problem(name: str) -> None:
    sound, problems = BAD[name]
    result = listen(sound)
    assert problems <= set(result.problems)
    assert result.verdict == (Verdict.BAD if Problem.SILENT in problems else Verdict.USABLE)


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        "far away",
        "too loud",
        "cut off on one side",
        "keyboard",
        "street",
        "mains",
        "rectifier",
        "offset",
    ],
)
def test_bad_sound__has_no_other_problem(name: str) -> None:
    sound, problems = BAD[name]
    assert set(listen(sound).problems) == problems


NO_VOICE = {
    "ring tone": interrupted(tones(440, 480), 1.5, 0.6),
    "busy tone": interrupted(tones(425), 0.7, 0.5),
    "electronic ring": interrupted(np.sign(tones(1100)) * 0.2, 0.12, 0.6),
    "bell": struck({523: 1.5, 1240: 2.5, 2100: 4, 3050: 6}, 1.4),
    "door chime": struck({660: 3, 1320: 4, 523: 3}, 0.9),
    "chord": plucked(110, 165, 220, 277, 330),
    "string": plucked(196),
    "noise between silences": interrupted(noise((3 * RATE,), 0.15), 1.2, 0.5),
    "bursts of noise": interrupted(noise((3 * RATE,), 0.15), 0.4, 0.5),
    "long noise once": interrupted(noise((3 * RATE,), 0.15), 3, 0.5),
}


@pytest.mark.parametrize("name", NO_VOICE)
def test_loud_sound_without_a_voice__is_no_speech(name: str) -> None:
    assert Problem.NO_SPEECH in listen(NO_VOICE[name]).problems


@pytest.mark.parametrize("pitch", [90, 140, 210, 290])
@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
def test_voice_that_glides__is_speech(rate: int, pitch: int) -> None:
    assert listen(melody(rate, pitch), rate).problems == ()
    noisy = melody(rate, pitch) + noise((3 * rate,), 0.02)
    assert Problem.NO_SPEECH not in listen(noisy, rate).problems


def test_voice_over_a_bell__is_speech() -> None:
    assert Problem.NO_SPEECH not in listen(melody() + 0.3 * NO_VOICE["bell"]).problems


def _beside(left: Array, right: Array) -> Array:
    return np.stack([left, right], axis=1)


def test_stereo__is_judged_by_the_louder_channel() -> None:
    dead = np.zeros(3 * RATE)
    for sound in (_beside(voice(), dead), _beside(dead, voice()), _beside(voice(), voice())):
        assert analyse([], wav(sound)).problems == ()
    assert Problem.SILENT in analyse([], wav(_beside(dead, dead))).problems


def test_measures__are_those_of_the_sound() -> None:
    tone = 0.5 * np.sin(np.arange(3 * RATE) * 0.4)
    measures = listen(tone).measures["audio"]
    assert measures["peak"] == pytest.approx(-6, abs=0.1)
    assert measures["level"] == pytest.approx(-9, abs=0.1)
    assert measures["range"] < 0.5
    assert listen(mains()).measures["audio"]["hum"] > 0.95
    slow = 0.61 * np.sin(np.arange(144_000) / 48_000 * 2 * np.pi * 50)
    assert listen(slow, 48_000).measures["audio"]["clipped_runs"] == 0
    assert listen(voice() * 0.7 + 0.1).measures["audio"]["offset"] == pytest.approx(0.1, abs=0.002)
