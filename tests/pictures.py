"""`python -m tests.pictures FOLDER`: puts the pictures that the guides show into docs/pictures.

The folder is what walks through a browser have left there (`SHOTS`); `make pictures` does both. Few colours make
them small enough for a repository.
"""

import re
import sys
from pathlib import Path

from PIL import Image

DOCS = Path(__file__).parent.parent / "docs"
WIDTH, COLOURS = 1280, 64


def pictures_named() -> set[str]:
    """File names of the pictures that the guides show."""
    text = "".join(path.read_text("utf-8") for path in DOCS.glob("*.md"))
    return set(re.findall(r"!\[[^\]]+\]\(pictures/([\w-]+\.png)\)", text))


def main(folder: Path) -> None:
    """Take over every picture that a guide names."""
    target = DOCS / "pictures"
    target.mkdir(exist_ok=True)
    for name in sorted(pictures_named()):
        with Image.open(folder / f"{Path(name).stem}-{WIDTH}.png") as shot:
            shot.convert("RGB").quantize(COLOURS).save(target / name, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
