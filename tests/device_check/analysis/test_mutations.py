"""Damaged files of every kind are examined or refused; nothing else ever happens, and fast."""

import random
import time

import cv2
import numpy as np
import pytest

from device_check.analysis import UnusableInput, analyse
from tests.device_check.analysis.samples import jpeg, portrait, voice, wav
from tests.steps.samples import mutated

MAX_SECONDS = 3.0
FEW, MANY = 60, 600


def _progressive() -> bytes:
    options = [cv2.IMWRITE_JPEG_PROGRESSIVE, 1, cv2.IMWRITE_JPEG_QUALITY, 60]
    return bytes(cv2.imencode(".jpg", portrait(320, 240).astype(np.uint8), options)[1])


FILES = {
    "jpeg": lambda: jpeg(portrait(320, 240), 60),
    "progressive": _progressive,
    "wav": lambda: wav(voice(8_000)[:8_000], 8_000),
}


def _examine(kind: str, count: int) -> None:
    chance = random.Random(kind)
    data = FILES[kind]()
    examined = 0
    for _ in range(count):
        damaged = mutated(data, chance)
        if kind == "wav" and chance.random() < 0.7:
            # Damage in the header, which is a small part of the file.
            damaged = mutated(data[:44], chance) + data[44:]
        began = time.process_time()
        try:
            result = analyse(*(([], damaged) if kind == "wav" else ([damaged], None)))
        except UnusableInput:
            continue
        assert time.process_time() - began < MAX_SECONDS
        assert type(result).from_json(result.as_json()) == result
        examined += 1
    assert 0 < examined < count


@pytest.mark.parametrize("kind", FILES)
def test_damaged_file__is_examined_or_refused(kind: str) -> None:
    _examine(kind, FEW)


@pytest.mark.torture
@pytest.mark.parametrize("kind", FILES)
def test_many_damaged_files__are_examined_or_refused(kind: str) -> None:
    _examine(kind, MANY)
