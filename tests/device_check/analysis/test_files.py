"""Files that are not what they should be are refused by name, at once and in little memory."""

import subprocess
import sys
import textwrap

import cv2
import numpy as np
import pytest

from device_check.analysis import Analysis, UnusableInput, analyse
from device_check.analysis.wav import read_wav
from tests.device_check.analysis.samples import (
    RATE,
    chunk,
    jpeg,
    portrait,
    riff,
    room,
    voice,
    wav,
    wav_format,
)
from tests.harness.growth import LIMIT, growth

STILL = jpeg(portrait())
SOUND = wav(voice())
SAMPLES = SOUND[44:]


def _sized(width: int, height: int) -> bytes:
    """The still with another size in its header."""
    start = STILL.index(b"\xff\xc0") + 5
    size = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return STILL[:start] + size + STILL[start + 4 :]


def _png() -> bytes:
    return bytes(cv2.imencode(".png", room().astype(np.uint8))[1])


def _encoded(picture: np.ndarray, *options: int) -> bytes:
    return bytes(cv2.imencode(".jpg", picture.astype(np.uint8), options)[1])


def _scans(count: int) -> bytes:
    progressive = _encoded(portrait(320, 240), cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
    start = progressive.rindex(b"\xff\xda")
    return progressive[:start] + progressive[start:-2] * count + b"\xff\xd9"


def _hidden() -> bytes:
    """A picture of 64 megapixels within what decoders skip as fill, before one of 4 megapixels."""
    visible = _encoded(np.full((2_000, 2_000), 128), cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
    end = visible.index(b"\xff\xda")
    end += 2 + int.from_bytes(visible[end + 2 : end + 4], "big")
    size = visible.index(b"\xff\xc2") + 5
    larger = visible[2:size] + (8_000).to_bytes(2, "big") * 2 + visible[size + 4 : end]
    skipped = larger + bytes(20) + b"\xff\xd9"
    return b"\xff\xd8\xff\x00" + (len(skipped) + 2).to_bytes(2, "big") + skipped + visible[2:]


IMAGES = {
    "nothing": (b"", "empty"),
    "text": (b"hello", "not_jpeg"),
    "png": (_png(), "not_jpeg"),
    "signature": (b"\xff\xd8", "truncated"),
    "half": (STILL[: len(STILL) // 2], "truncated"),
    "last octets": (STILL[:-2], "truncated"),
    "header": (STILL[:300], "truncated"),
    "no picture": (b"\xff\xd8\xff\xd9", "truncated"),
    "noise": (b"\xff\xd8" + bytes(range(256)) * 20, "unreadable"),
    "too large": (STILL + bytes(600 * 1024), "too_large"),
    "bomb": (_sized(12_000, 12_000), "too_many_pixels"),
    "widest": (_sized(65_535, 65_535), "too_many_pixels"),
    "no size": (_sized(0, 0), "unreadable"),
    "strip": (_sized(4_000, 70), "unreadable"),
    "stamp": (jpeg(portrait(32, 24)), "unreadable"),
    "scans": (_scans(60), "unreadable"),
    "hidden": (_hidden(), "unreadable"),
    "arithmetic": (STILL.replace(b"\xff\xc0", b"\xff\xc9", 1), "unreadable"),
}
SOUNDS = {
    "nothing": (b"", "empty"),
    "text": (b"hello", "not_wav"),
    "signature": (b"RIFF\x04\0\0\0WAV?", "not_wav"),
    "too large": (SOUND + bytes(2 * 1024 * 1024), "too_large"),
    "too long": (wav(np.tile(voice(8_000), 4), 8_000), "too_large"),
    "too short": (wav(voice()[:2_000]), "empty"),
    "no samples": (riff(chunk(b"fmt ", wav_format()), chunk(b"data", b"")), "empty"),
    "half": (SOUND[: len(SOUND) // 2], "lying_header"),
    "longer file": (SOUND + bytes(100), "lying_header"),
    "longer data": (
        riff(chunk(b"fmt ", wav_format()), b"data\xff\xff\xff\x0f" + SAMPLES),
        "lying_header",
    ),
    "endless and empty": (riff(chunk(b"fmt ", wav_format()), b"data\xff\xff\xff\xff"), "empty"),
    "shorter data": (
        riff(chunk(b"fmt ", wav_format()), b"data\x10\0\0\0" + b"\x7f" * 1_000),
        "lying_header",
    ),
    "no format": (riff(chunk(b"data", SAMPLES)), "lying_header"),
    "short format": (riff(chunk(b"fmt ", wav_format()[:10]), chunk(b"data", SAMPLES)), "lying_header"),
    "rates": (
        riff(chunk(b"fmt ", wav_format()[:8] + b"\1\0\0\0" + wav_format()[12:]), chunk(b"data", SAMPLES)),
        "lying_header",
    ),
    "12 bits": (riff(chunk(b"fmt ", wav_format(bits=12)), chunk(b"data", SAMPLES)), "wrong_format"),
    "long floats": (riff(chunk(b"fmt ", wav_format(3, bits=64)), chunk(b"data", SAMPLES)), "wrong_format"),
    "compressed": (riff(chunk(b"fmt ", wav_format(6, bits=8)), chunk(b"data", SAMPLES)), "wrong_format"),
    "6 channels": (riff(chunk(b"fmt ", wav_format(channels=6)), chunk(b"data", SAMPLES)), "wrong_format"),
    "no channels": (riff(chunk(b"fmt ", wav_format(channels=0)), chunk(b"data", SAMPLES)), "wrong_format"),
    "slow": (riff(chunk(b"fmt ", wav_format(rate=4_000)), chunk(b"data", SAMPLES)), "wrong_format"),
    "no rate": (riff(chunk(b"fmt ", wav_format(rate=0)), chunk(b"data", SAMPLES)), "wrong_format"),
    "fast": (riff(chunk(b"fmt ", wav_format(rate=192_000)), chunk(b"data", SAMPLES)), "wrong_format"),
}  # fmt: skip


def _refused(images: list[bytes], audio: bytes | None) -> str:
    with pytest.raises(UnusableInput) as refusal:
        analyse(images, audio)
    return refusal.value.code.value


@pytest.mark.parametrize("name", IMAGES)
def test_image__is_refused(name: str) -> None:
    data, code = IMAGES[name]
    assert _refused([data], None) == code
    assert _refused([STILL, data], SOUND) == code


@pytest.mark.parametrize("name", SOUNDS)
def test_sound__is_refused(name: str) -> None:
    data, code = SOUNDS[name]
    assert _refused([], data) == code
    assert _refused([STILL], data) == code


def test_nothing__is_refused() -> None:
    assert _refused([], None) == "nothing_given"


def test_six_images__are_refused() -> None:
    assert _refused([STILL] * 6, None) == "too_many"


def test_images_of_different_sizes__are_refused() -> None:
    assert _refused([STILL, jpeg(portrait(800, 600)), STILL], None) == "different_sizes"


def _same(data: bytes) -> Analysis:
    result = analyse([data], None)
    assert result.problems == ()
    return result


def test_progressive_and_grey_jpeg__are_fine() -> None:
    _same(_encoded(portrait(), cv2.IMWRITE_JPEG_PROGRESSIVE, 1))
    _same(_encoded(portrait().mean(axis=2)))
    _same(STILL + b"what some cameras append")


def test_extra_chunks_and_extensible_format__are_fine() -> None:
    subformat = bytes.fromhex("0100000000001000800000aa00389b71")
    extensible = wav_format(0xFFFE) + b"\x16\0\x10\0\4\0\0\0" + subformat
    listed = chunk(b"LIST", b"INFOodd")
    for data in (
        riff(listed, chunk(b"fmt ", extensible), listed, chunk(b"data", SAMPLES), listed),
        wav(voice(), RATE, listed),
    ):
        assert analyse([], data).problems == ()


def _as(kind: int, bits: int, samples: np.ndarray) -> bytes:
    form = wav_format(kind, rate=RATE, bits=bits)
    return riff(chunk(b"fmt ", form), chunk(b"data", samples.tobytes()))


def _24_bits() -> np.ndarray:
    values = np.round(voice() * 2**23).astype("<i4")
    return values.view(np.uint8).reshape(-1, 4)[:, :3]


WRITTEN_BY_OTHERS = {
    "8 bits": _as(1, 8, np.round(voice() * 127 + 128).astype(np.uint8)),
    "24 bits": _as(1, 24, _24_bits()),
    "32 bits": _as(1, 32, np.round(voice() * 2**31 * 0.999).astype("<i4")),
    "floats": _as(3, 32, voice().astype("<f4")),
    "floats over the top and none": _as(
        3, 32, np.where(np.arange(3 * RATE) % 9_000 == 0, np.nan, voice()).astype("<f4")
    ),
    "into a pipe": b"RIFF\xff\xff\xff\xffWAVE"
    + chunk(b"fmt ", wav_format())
    + chunk(b"LIST", b"INFOISFT")
    + b"data\xff\xff\xff\xff"
    + SAMPLES,
    "into a pipe by sox": riff(chunk(b"fmt ", wav_format()), b"data\x00\xf0\xff\x7f" + SAMPLES),
    "wrong length of the file": SOUND[:4] + b"\x02\x00\x00\x00" + SOUND[8:],
    "cut within a sample": riff(chunk(b"fmt ", wav_format()), chunk(b"data", SAMPLES + b"\0")),
}


@pytest.mark.parametrize("name", WRITTEN_BY_OTHERS)
def test_wav_of_common_programs__is_read(name: str) -> None:
    measures = analyse([], WRITTEN_BY_OTHERS[name]).measures["audio"]
    expected = analyse([], SOUND).measures["audio"]
    assert measures["level"] == pytest.approx(expected["level"], abs=0.2)
    assert measures["peak"] == pytest.approx(expected["peak"], abs=0.2)


def test_wav_of_many_chunks__costs_in_proportion() -> None:
    def of_chunks(number: int) -> bytes:
        junk = chunk(b"junk", b"") * number
        return riff(chunk(b"fmt ", wav_format()), junk, chunk(b"data", SAMPLES))

    assert growth(read_wav, of_chunks, 80_000) < LIMIT


def test_worst_input__stays_within_its_memory() -> None:
    """Five stills of the most pixels and bytes allowed, and the longest sound, in 700 MB."""
    script = """
        import resource
        import numpy as np, cv2
        from device_check.analysis import analyse
        from tests.device_check.analysis.samples import jpeg, noise, wav
        from tests.harness.memory import peak_megabytes
        chance = np.random.default_rng(1)
        coarse = chance.integers(0, 255, (256, 256, 3)).astype(np.uint8)
        picture = cv2.resize(coarse, (2048, 2048))
        options = [cv2.IMWRITE_JPEG_PROGRESSIVE, 1, cv2.IMWRITE_JPEG_QUALITY, 60]
        still = bytes(cv2.imencode(".jpg", picture, options)[1])
        assert 200_000 < len(still) < 600 * 1024, len(still)
        sound = wav(noise((480_000, 2), 0.1), 48_000)
        resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
        analyse([still] * 5, sound)
        print(peak_megabytes())
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 700
