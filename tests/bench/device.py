"""Speed of the analysis, as a multiple of what OpenCV and NumPy alone need for the same work.

Times are processor time of this thread, both sides taken in turns, so that a busy machine does
not change the ratio.
"""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time

import numpy as np

from device_check.analysis import analyse
from device_check.analysis.face import _network
from device_check.analysis.light import _SECOND_DIFFERENCES
from device_check.analysis.opencv import cv2
from tests.bench import Figure
from tests.device_check.analysis.samples import jpeg, person_in_room, room, voice, wav

STILL_LIMIT = 2
EMPTY_ROOM_LIMIT = 3
"""Not met yet: faces far away are looked for in thirty parts of the picture, where nobody is near."""
SOUND_LIMIT = 15
"""Milliseconds, as promised; far more than is needed on any machine of today."""
ROUNDS = 40


def figures() -> list[Figure]:
    """Measures one 720p still and three seconds of sound."""
    still = jpeg(person_in_room(0.3, 0.5, 0.4, room_of=room(1280, 720)))
    sound = wav(voice(48_000), 48_000)
    bare = _bare(still)
    pairs = [(_time(lambda: analyse([still], None)), _time(bare)) for _ in range(ROUNDS)]
    whole, floor = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    empty = jpeg(room(1280, 720))
    # Where no face is found, the network looks again.
    rooms = [
        (_time(lambda: analyse([empty], None)), _time(lambda: analyse([still], None)))
        for _ in range(ROUNDS)
    ]
    searched = min(pair[0] for pair in rooms) / min(pair[1] for pair in rooms)
    heard = min(_time(lambda: analyse([], sound)) for _ in range(ROUNDS))
    return [
        Figure("device: one 720p still / bare operations", whole / floor, STILL_LIMIT),
        Figure("device: an empty room / a portrait", searched, EMPTY_ROOM_LIMIT),
        Figure("device: three seconds of sound (ms)", heard * 1000, SOUND_LIMIT),
    ]


def _time(act: Callable[[], object]) -> float:
    start = thread_time()
    act()
    return thread_time() - start


def _bare(still: bytes) -> Callable[[], None]:
    """Decoding, the array operations of the measures, and one pass of the network."""
    data = np.frombuffer(still, np.uint8)
    network, names = _network()
    small = cv2.resize(cv2.imdecode(data, cv2.IMREAD_COLOR), (480, 270))
    blob = cv2.dnn.blobFromImage(cv2.resize(small, (128, 128)), 1 / 127.5)

    def once() -> None:
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
        reduced = cv2.resize(picture, (480, 270), interpolation=cv2.INTER_AREA)
        grey = cv2.cvtColor(reduced, cv2.COLOR_BGR2GRAY)
        cv2.calcHist([grey], [0], None, [256], [0, 256])
        for kernel, _ in _SECOND_DIFFERENCES:
            differences = cv2.filter2D(grey, cv2.CV_16S, kernel)
            squares = cv2.multiply(differences, differences, dtype=cv2.CV_32F)
            cv2.resize(squares, (20, 11), interpolation=cv2.INTER_AREA)
        cv2.resize(grey, (32, 18), interpolation=cv2.INTER_AREA)
        network.setInput(blob)
        network.forward(names)

    return once
