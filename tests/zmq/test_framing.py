"""Whatever arrives: a message that was checked, or a FramingError."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.zmq import FramingError, Message, MessageLimits, pack, unpack
from integrations.zmq.framing import VERSION

LIMITS = MessageLimits(header_bytes=200, parts=2, part_bytes=50)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=5)
)
HEADERS = st.dictionaries(
    st.text(st.characters(codec="utf-8"), max_size=5),
    st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=4),
    max_size=3,
)


@given(HEADERS, st.lists(st.binary(max_size=50), max_size=2))
def test_message__comes_back_as_it_was(header: dict[str, object], parts: list[bytes]) -> None:
    message = Message(header, tuple(parts))  # type: ignore[arg-type]
    limits = MessageLimits(header_bytes=10_000, parts=2, part_bytes=50)

    assert unpack(pack(message, limits), limits) == message


@given(st.lists(st.binary(max_size=300), max_size=5), st.booleans())
def test_garbage__is_a_framing_error_or_an_object(frames: list[bytes], versioned: bool) -> None:
    try:
        message = unpack([VERSION, *frames] if versioned else frames, LIMITS)
    except FramingError:
        return
    assert isinstance(message.header, dict)


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ([], "empty"),
        ([VERSION], "empty"),
        ([b"\x02", b"{}"], "version"),
        ([b"", b"{}"], "version"),
        ([VERSION, b""], "header"),
        ([VERSION, b"[]"], "header"),
        ([VERSION, b"null"], "header"),
        ([VERSION, b"\xff"], "header"),
        ([VERSION, b'{"a":1,"a":2}'], "header"),
        ([VERSION, b'{"a":NaN}'], "header"),
        ([VERSION, b'{"a":-Infinity}'], "header"),
        ([VERSION, b'{"a":1e999}'], "header"),
        ([VERSION, b'{"a":"\\ud800"}'], "header"),
        ([VERSION, b'{"a":1} '.ljust(201)], "too_large"),
        ([VERSION, b"{}", b"x" * 51], "too_large"),
        ([VERSION, b"{}", b"", b"", b""], "too_many"),
    ],
)
def test_wrong_message__is_refused_by_its_cause(frames: list[bytes], code: str) -> None:
    with pytest.raises(FramingError) as refused:
        unpack(frames, LIMITS)
    assert refused.value.code == code


@pytest.mark.parametrize("data", [b'{"a":' + b"[" * 100_000, b'{"a":' + b"9" * 10_000 + b"}"])
def test_header_made_to_exhaust_the_parser__is_refused(data: bytes) -> None:
    with pytest.raises(FramingError):
        unpack([VERSION, data], MessageLimits(header_bytes=1_000_000))


@pytest.mark.parametrize(
    "message",
    [
        Message({"a": float("nan")}),
        Message({"a": "\ud800"}),
        Message({"a": "x" * 200}),
        Message({}, (b"x" * 51,)),
        Message({}, (b"", b"", b"")),
    ],
)
def test_own_message__over_the_limits_is_not_sent(message: Message) -> None:
    with pytest.raises(FramingError):
        pack(message, LIMITS)
