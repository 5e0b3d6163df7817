"""Edges of controls and the mark of the focus stand out from what is around them (WCAG 1.4.11).

Texts are axe's business; it does not look at edges.
"""

import re
from itertools import product
from pathlib import Path

import pytest

STYLES = Path(__file__).parent.parent / "diia_videoreception/static/diia_videoreception/css/vr.css"
EDGES = ("border", "focus", "primary")
AROUND = ("surface", "ground", "sunken")
ENOUGH = 3.0


def schemes() -> dict[str, dict[str, str]]:
    """The colours of the light and of the dark scheme by name."""
    text = STYLES.read_text()
    light, dark = (dict(re.findall(r"--vr-([\w-]+): (#\w+)", part)) for part in parts(text))
    return {"light": light, "dark": light | dark}


def parts(text: str) -> tuple[str, str]:
    before, after = text.split("prefers-color-scheme: dark", 1)
    return before, after.split("\n}\n", 1)[0]


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges__stand_out(scheme: str) -> None:
    colours = schemes()[scheme]
    assert contrast("#000", "#fff") == pytest.approx(21)

    weak = {
        (edge, around): round(ratio, 2)
        for edge, around in product(EDGES, AROUND)
        if (ratio := contrast(colours[edge], colours[around])) < ENOUGH
    }
    assert not weak


def test_controls__have_the_edge_that_stands_out() -> None:
    edged = re.search(
        r"^([^{\n]+)\{ border: 1\.5px solid var\(--vr-border\)", STYLES.read_text(), re.M
    )
    assert edged
    assert {".vr-input", ".vr-chip > span", ".vr-radio-card", ".vr-captcha"} <= set(
        re.split(r",\s*", edged[1].strip())
    )
