"""Forty uploads at once by one person, on real servers: another visitor hardly notices."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import pytest
import requests

from tests.harness import portal
from tests.steps import samples
from tests.steps.api import API, UNLIMITED, identity

AT_ONCE = 40
VISITS = 60


def worst_files() -> list[tuple[str, bytes]]:
    pdf = samples.raw_pdf([*samples.PAGE_TREE, *[b"[" * 99 + b"]" * 99] * 8_000])
    picture = samples.picture("L", (5000, 4000))
    jpeg = samples.jpeg(picture, progressive=True, quality=20)
    last = jpeg.rindex(b"\xff\xda")
    many_passes = jpeg[:-2] + jpeg[last:-2] * 90 + jpeg[-2:]
    scan = jpeg.index(b"\xff\xda") + 10
    fill = jpeg[:scan] + b"\xff" * 2_000_000 + b"\0"
    return [("a.pdf", pdf), ("a.jpg", many_passes), ("b.jpg", fill)]


def visit(url: str, count: int) -> list[float]:
    """Seconds of each visit to a page, by somebody who has not signed in."""
    seconds = []
    for _ in range(count):
        began = time.monotonic()
        assert requests.get(f"{url}/videoreception/sign-in/", timeout=60).status_code == 200
        seconds.append(time.monotonic() - began)
    return seconds


@pytest.mark.alone
@pytest.mark.any_database
def test_uploads_of_one_person__slow_nobody(
    start_servers: Callable[..., Any], tmp_path: Path
) -> None:
    conf = {**UNLIMITED, "EXAMINERS_FOLDER": str(tmp_path / "places")}
    url = start_servers(2, changed={"DIIA_VIDEORECEPTION": conf}).url
    files = worst_files()
    ends = time.monotonic() + 600
    codes = []

    def upload(number: int) -> None:
        while time.monotonic() < ends:
            name, data = files[number % len(files)]
            # A token lives for ten minutes only.
            now = datetime.now(UTC)
            token = portal.access_token(identity(auth_time=now), now=now)
            answer = requests.post(
                f"{url}{API}/draft/documents",
                files={"file": (name, data)},
                headers={"Authorization": f"Bearer {token}"},
                timeout=60,
            )
            codes.append((answer.status_code, answer.json().get("code")))
            if answer.status_code in {429, 503}:
                assert 1 <= int(answer.headers["Retry-After"]) <= 300
                # Even a robot that does not listen sleeps sometimes.
                time.sleep(1)

    visit(url, 10)
    before = visit(url, VISITS)
    with ThreadPoolExecutor(AT_ONCE) as people:
        for number in range(AT_ONCE):
            people.submit(upload, number)
        time.sleep(1)
        during = visit(url, VISITS)
        ends = 0

    assert {status for status, _ in codes} <= {201, 400, 429, 503}, set(codes)
    assert {"own_files_busy", "file_busy"} & {code for _, code in codes}
    # What the same machine needs when nobody uploads is the measure; the floor is the clock's noise.
    assert median(during) <= max(2 * median(before), 0.03), (median(before), median(during))
    slowest = (quantiles(before, n=20)[-1], quantiles(during, n=20)[-1])
    assert slowest[1] <= max(0.2, 4 * slowest[0]), slowest
