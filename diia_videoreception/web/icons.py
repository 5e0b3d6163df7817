"""The icons that stand in pages, read once from `static/diia_videoreception/icons`.

Each file is a drawing of its own, 24 × 24, in strokes of the current colour; how thick they are says the style
sheet. A new icon is a new file.
"""

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "static" / "diia_videoreception" / "icons"


def _inside(svg: str) -> str:
    """Return what stands between the tags of the drawing."""
    return svg[svg.index(">") + 1 : svg.rindex("</svg>")]


ICONS = {file.stem: _inside(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.svg"))}
"""What stands inside the svg, by the name of the icon."""
