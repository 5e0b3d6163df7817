"""Twice the worst input costs less than three times, whatever walks it: nothing here is quadratic."""

import struct
import time
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest

from device_check.analysis import UnusableInput
from device_check.analysis import jpeg as device_check_jpeg
from integrations.examination import formats, pdf, pdf_attachments
from integrations.examination.examiner import examine
from integrations.examination.formats import FileRefused
from integrations.examination.jpeg import read_jpeg
from integrations.examination.png import read_png
from tests.steps import samples

HEAD = samples.jpeg(samples.picture(size=(16, 16)))
SCAN = HEAD.index(b"\xff\xda") + 14


def chunks_of(kind: bytes, count: int) -> bytes:
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return (
        samples.PNG_SIGNATURE
        + samples.chunk(b"IHDR", header)
        + samples.chunk(kind, b"") * count
        + samples.chunk(b"IEND", b"")
    )


def _colour_after_pieces(count: int) -> bytes:
    gamma = samples.chunk(b"gAMA", b"\0\0\xb1\x8f")
    pieces = chunks_of(b"IDAT", count)
    return pieces[:33] + gamma + pieces[33:-12] + gamma * count + pieces[-12:]


WORST: dict[str, tuple[Callable[[bytes], object], Callable[[int], bytes], int]] = {
    "jpeg, a scan of fill octets": (
        read_jpeg,
        lambda n: HEAD[:SCAN] + b"\xff" * n + b"\0" + b"\xff" * n,
        2_000_000,
    ),
    "text of blanks in a pdf": (
        pdf_attachments._ACTIVE_TEXT.search,
        lambda n: b"<" + b" " * n,
        20_000,
    ),
    "text of opening signs in a pdf": (
        pdf_attachments._ACTIVE_TEXT.search,
        lambda n: b"< " * n,
        100_000,
    ),
    "cells of blanks in a pdf": (
        pdf_attachments._FORMULA.search,
        lambda n: b";" + b" " * n + b";" * n,
        200_000,
    ),
    "png, colours after many pieces": (
        read_png,
        lambda n: _colour_after_pieces(n),
        9_000,
    ),
    "jpeg, fill octets before a marker": (
        read_jpeg,
        lambda n: HEAD[:2] + b"\xff" * n + b"\0" + HEAD[2:],
        2_000_000,
    ),
    "jpeg, fill octets and zeros": (
        read_jpeg,
        lambda n: HEAD[:2] + b"\xff\xff\xff\0" * n + HEAD[2:],
        200_000,
    ),
    "jpeg, restarts": (read_jpeg, lambda n: HEAD[:SCAN] + b"\xff\xd0" * n + HEAD[SCAN:], 400_000),
    "jpeg, short segments": (
        read_jpeg,
        lambda n: HEAD[:2] + b"\xff\xfe\0\x02" * n + HEAD[2:],
        9_000,
    ),
    "jpeg, scans": (
        read_jpeg,
        lambda n: HEAD[:-2] + HEAD[HEAD.index(b"\xff\xda") : -2] * n + HEAD[-2:],
        9_000,
    ),
    "jpeg, tables that nothing uses": (
        read_jpeg,
        lambda n: samples.with_segments(
            HEAD, *[samples.segment(0xDB, (b"\3" + bytes(64)) * 900)] * (n // 900)
        ),
        9_000,
    ),
    "jpeg, empty tables of codes": (
        read_jpeg,
        lambda n: samples.with_segments(
            HEAD, *[samples.segment(0xC4, (b"\3" + bytes(16)) * 900)] * (n // 900)
        ),
        9_000,
    ),
    "jpeg of a camera, fill octets": (
        lambda data: device_check_jpeg.read_header(data),
        lambda n: HEAD[:SCAN] + b"\xff" * n + b"\0",
        250_000,
    ),
    "png, chunks without content": (read_png, lambda n: chunks_of(b"tEXt", n), 20_000),
    "png, chunks that are kept": (read_png, lambda n: chunks_of(b"tRNS", n), 20_000),
    "png, data in pieces": (read_png, lambda n: chunks_of(b"IDAT", n), 20_000),
    "pdf, nothing but a header": (
        formats.sniff,
        lambda n: b"Content-Type: " + b"a" * n + b"%PDF-",
        500,
    ),
    "pdf, objects": (
        pdf.examine,
        lambda n: samples.raw_pdf([*samples.PAGE_TREE, *[b"<< /A [1] >>"] * n]),
        8_000,
    ),
    "pdf, nested arrays": (
        pdf.examine,
        lambda n: samples.raw_pdf([*samples.PAGE_TREE, *[b"[" * 90 + b"]" * 90] * n]),
        500,
    ),
    "pdf, objects without a table": (
        pdf.examine,
        lambda n: samples.raw_pdf([*samples.PAGE_TREE, *[b"0"] * n]).replace(
            b"startxref\n", b"startxref\n9"
        ),
        8_000,
    ),
    "pdf, ends of revisions": (pdf.examine, lambda n: b"%PDF-1.7 " + b"startxref " * n, 100_000),
    "pdf, an XFA form of unfinished names": (
        pdf.examine,
        lambda n: samples.raw_pdf(
            [
                samples.PAGE_TREE[0].replace(b">>", b"/AcroForm << /XFA 4 0 R >> >>"),
                *samples.PAGE_TREE[1:],
                samples.stream(
                    b"/Filter /FlateDecode", zlib.compress(b"<" + b" " * n + b"<a" + b"a-." * n)
                ),
            ]
        ),
        500_000,
    ),
    "pdf, an attachment in blanks": (
        pdf.examine,
        lambda n: samples.raw_pdf(
            [
                *samples.PAGE_TREE,
                samples.stream(
                    b"/Type /EmbeddedFile /Filter /FlateDecode", zlib.compress(b" " * n + b"<")
                ),
            ]
        ),
        2_000_000,
    ),
    "pdf, one attachment many times": (
        pdf.examine,
        lambda n: samples.raw_pdf(
            [
                *samples.PAGE_TREE,
                samples.stream(b"/Type /EmbeddedFile", b"1;2;3"),
                *[b"<< /F (a.csv) /EF << /F 4 0 R >> >>"] * n,
            ]
        ),
        4_000,
    ),
    "a link": (
        lambda data: pdf._LINK.match(data.decode()),
        lambda n: b"a/" * n + b":",
        200_000,
    ),
}


def seconds(read: Callable[[bytes], object], data: bytes) -> float:
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        with suppress(FileRefused, UnusableInput):
            read(data)
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.parametrize("case", WORST)
def test_twice_the_input__costs_less_than_three_times(case: str) -> None:
    read, make, size = WORST[case]
    # Small ones first: what is quadratic would not end with the large ones.
    for part in (size // 100, size // 10, size):
        once = seconds(read, make(part))
        twice = seconds(read, make(2 * part))
        # Below two hundredths of a second the clock says little.
        assert twice < max(3 * once, 0.02), f"{part}: {once:.3f} s, then {twice:.3f} s"
        assert twice < 2


def test_the_jpeg_that_once_stopped_a_server__takes_no_time() -> None:
    data = HEAD[:SCAN] + b"\xff" * (5 * 1024 * 1024 - SCAN - 1) + b"\0"
    began = time.process_time()
    with pytest.raises(FileRefused):
        examine(data, megapixels=120)
    assert time.process_time() - began < 1
