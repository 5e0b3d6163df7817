"""Builds the wheel as a release would be built, from a copy without anything left over."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("cms_pages", "device_check", "diia_videoreception", "integrations")
FILES = ("LICENSE", "README.md", "pyproject.toml", "setup.cfg")
NOT_SOURCE = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")


def packages() -> list[str]:
    return [name for name in PACKAGES if (ROOT / name).is_dir()]


def source_files() -> Iterator[str]:
    """Every file of the packages, as the wheel must name it."""
    for package in packages():
        for path in (ROOT / package).rglob("*"):
            parts = path.relative_to(ROOT).parts
            if path.is_file() and not any(
                part == "__pycache__" or part.startswith(".") for part in parts
            ):
                yield "/".join(parts)


def build(folder: Path) -> Path:
    """Builds in a copy under `folder` (setuptools puts an old build/ back into a wheel).

    Returns:
        The wheel's path.
    """
    copied = folder / "source"
    copied.mkdir()
    for package in packages():
        shutil.copytree(ROOT / package, copied / package, ignore=NOT_SOURCE)
    for name in FILES:
        shutil.copy(ROOT / name, copied)
    built = subprocess.run(
        [sys.executable, "-P", "-m", "build", "--wheel", "--no-isolation", "-o", folder, copied],
        capture_output=True,
        text=True,
        check=False,
    )
    if built.returncode:
        raise RuntimeError(f"The wheel cannot be built:\n{built.stdout}{built.stderr}")
    return next(folder.glob("*.whl"))
