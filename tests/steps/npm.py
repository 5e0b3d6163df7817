"""Packages of npm that tests take, installed once and kept between runs; no part of the repository."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest


def cached(name: str, sources: Sequence[Path], fill: Callable[[Path], None]) -> Path:
    """Returns a folder filled once and kept between runs."""
    version = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"vr-{name}-{os.getuid()}-{version}"
    if not folder.exists():
        with tempfile.TemporaryDirectory() as work:
            unfinished = Path(work) / name
            unfinished.mkdir()
            fill(unfinished)
            try:
                unfinished.rename(folder)
            except OSError:
                # Another process was quicker.
                assert folder.exists()
    return folder


def installed(name: str, package: Path) -> Path:
    """Returns a folder with the packages that this package.json names."""
    if shutil.which("npm") is None:
        pytest.skip("node and npm are needed")

    def fill(folder: Path) -> None:
        shutil.copy(package, folder)
        words = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
        subprocess.run(words, cwd=folder, check=True)

    return cached(name, [package], fill)
