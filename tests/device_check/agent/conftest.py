"""A portal that takes reports as a process of its own, workplaces, and what a camera would see."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.steps.recordings import scene, write_wav
from tests.steps.workplaces import Folder, KeyFolder, RunningPortal, Seat, enrolled, running_portal


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> KeyFolder:
    return KeyFolder(tmp_path_factory.mktemp("portal") / "keys")


@pytest.fixture(scope="package")
def portal(key_folder: KeyFolder, django_db_setup: None) -> Iterator[RunningPortal]:
    """One process for all tests here: it finds the rows of each by itself."""
    with running_portal(key_folder) as running:
        yield running


@pytest.fixture
def seat(transactional_db: None) -> Seat:
    return enrolled()


@pytest.fixture
def folder(seat: Seat, tmp_path: Path) -> Folder:
    path = tmp_path / "agent"
    path.mkdir()
    return Folder(path, seat)


# --- What a camera and a microphone would give --------------------------------------------------


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "scene.png"
    cv2.imwrite(str(path), scene())
    return path


@pytest.fixture
def dark_picture(tmp_path: Path) -> Path:
    path = tmp_path / "dark.jpg"
    cv2.imwrite(str(path), scene(0.04))
    return path


@pytest.fixture
def silence(tmp_path: Path) -> Path:
    return write_wav(tmp_path / "silence.wav", np.zeros(48_000))


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    """Bursts of a harmonic tone with pauses, over quiet noise."""
    time = np.arange(48_000) / 16_000
    tone = sum(np.sin(2 * np.pi * 180 * n * time) / n for n in range(1, 12)) / 4
    spoken = (np.floor(time * 4) % 2 == 0) * 0.5
    noise = np.random.default_rng(3).normal(0, 0.0005, time.size)
    return write_wav(tmp_path / "voice.wav", np.clip(tone * spoken + noise, -0.99, 0.99))
