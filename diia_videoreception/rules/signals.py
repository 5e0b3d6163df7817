"""What two browsers tell each other to connect, without the network address of either.

A session description and its candidates (RFC 8839, RFC 8866) name where a browser can be reached.
Only what the relay has lent may be passed on: the other person learns the relay's address alone.
"""

import ipaddress
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

Relays = Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]

MAX_SIGNAL_BYTES: Final = 64 * 1024
MAX_LIVE_TEXT: Final = 4000
"""Characters of a line that is not finished yet: as many as a message may have."""
NOWHERE: Final = "0.0.0.0"  # noqa: S104 - said in place of an address, nobody listens on it
_NO_PORT: Final = "9"
"""The port of nothing (discard), as descriptions have it before any candidate is known."""
_MAX_TOKEN: Final = 256
_MAX_CANDIDATE: Final = 1024
_MAX_EPOCH: Final = 1_000_000


class SignalKind(StrEnum):
    """What a signal carries."""

    DESCRIPTION = "description"
    CANDIDATE = "candidate"
    TEXT = "text"
    """What somebody is writing at this moment, while the browsers have no way of their own."""


class MalformedSignal(ValueError):
    """It is none of the signals that browsers send."""


_ATTRIBUTES: Final = frozenset(
    {
        "bundle-only", "candidate", "content", "end-of-candidates", "extmap", "extmap-allow-mixed",
        "fingerprint", "fmtp", "framerate", "group", "ice-lite", "ice-options", "ice-pwd",
        "ice-ufrag", "imageattr", "inactive", "max-message-size", "maxptime", "mid", "msid",
        "msid-semantic", "ptime", "recvonly", "rid", "rtcp", "rtcp-fb", "rtcp-mux",
        "rtcp-mux-only", "rtcp-rsize", "rtpmap", "sctp-port", "sctpmap", "sendonly", "sendrecv",
        "setup", "simulcast", "ssrc", "ssrc-group", "tls-id",
    }
)  # fmt: skip
"""Attributes that are known to hold no address, or whose address is replaced below.

A browser must ignore attributes that it does not know, so leaving out those of tomorrow breaks
nothing and lets no address slip through.
"""
_LINES: Final = frozenset("vstbm")
"""Lines that hold no address (`m` has its port replaced); `o`, `c` and `a` are rewritten."""
_TYPES: Final = frozenset({"offer", "answer", "pranswer", "rollback"})
_CANDIDATE: Final = re.compile(
    r"(?:candidate:)?(?P<head>[\x21-\x7e]{1,64} \d{1,5} [A-Za-z]{1,8} \d{1,10}) "
    r"(?P<address>[\x21-\x7e]{1,256}) (?P<port>\d{1,5}) typ (?P<type>[a-z]{1,16})"
    r"(?P<rest>(?: [\x21-\x7e]{1,256}){0,40})",
    re.ASCII,
)


def clean_signal(
    kind: SignalKind, payload: object, *, direct: bool, relays: Relays = ()
) -> dict[str, object] | None:
    """Keep of a signal what the other browser needs and may know.

    Args:
        kind: What it is said to be.
        payload: What the browser sent.
        direct: Whether the two may learn each other's addresses: in one local network, by a setting.
        relays: Networks that the relays lend addresses of; empty where nobody has said them.

    Returns:
        What is passed on, None for a candidate that is not.

    Raises:
        MalformedSignal: it is no such signal.
    """
    if not isinstance(payload, Mapping):
        raise MalformedSignal
    if kind is SignalKind.DESCRIPTION:
        return _description(payload, direct=direct, relays=relays)
    if kind is SignalKind.TEXT:
        return _text(payload)
    return _candidate(payload, direct=direct, relays=relays)


def _description(
    payload: Mapping[str, object], *, direct: bool, relays: Relays
) -> dict[str, object]:
    type_, sdp = payload.get("type"), payload.get("sdp", "")
    if not isinstance(type_, str) or type_ not in _TYPES or not isinstance(sdp, str):
        raise MalformedSignal
    if not sdp.strip() and type_ != "rollback":
        raise MalformedSignal
    return {
        "type": type_,
        "sdp": sdp if direct else relayed_sdp(sdp, relays),
        **_epoch(payload),
    }


def _text(payload: Mapping[str, object]) -> dict[str, object]:
    text = payload.get("text")
    if not isinstance(text, str) or len(text) > MAX_LIVE_TEXT:
        raise MalformedSignal
    return {"text": text}


def _candidate(
    payload: Mapping[str, object], *, direct: bool, relays: Relays
) -> dict[str, object] | None:
    text = payload.get("candidate")
    mid, line = payload.get("sdpMid"), payload.get("sdpMLineIndex")
    fragment = payload.get("usernameFragment")
    if not isinstance(text, str):
        raise MalformedSignal
    if not all(value is None or _is_token(value) for value in (mid, fragment)):
        raise MalformedSignal
    if line is not None and (type(line) is not int or not 0 <= line < 1000):
        raise MalformedSignal
    # An empty one says that there are no more.
    if text and not direct:
        relayed = relayed_candidate(text, relays)
        if relayed is None:
            return None
        text = f"candidate:{relayed}"
    return {
        "candidate": text,
        "sdpMid": mid,
        "sdpMLineIndex": line,
        "usernameFragment": fragment,
        **_epoch(payload),
    }


def _epoch(payload: Mapping[str, object]) -> dict[str, object]:
    """Return which attempt of these two browsers it belongs to; nothing for the first."""
    value = payload.get("epoch", 0)
    if type(value) is not int or not 0 <= value <= _MAX_EPOCH:
        raise MalformedSignal
    return {"epoch": value} if value else {}


def _is_token(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _MAX_TOKEN


def relayed_candidate(text: str, relays: Relays = ()) -> str | None:
    """Return a candidate of the relay without the address that it was lent to; None for any other.

    A changed page may call any address a relay's: where it is known what the relays lend, anything else
    is dropped.

    Args:
        text: With or without "candidate:" before it; the answer is without.
        relays: As for `clean_signal`.
    """
    if len(text) > _MAX_CANDIDATE:
        return None
    found = _CANDIDATE.fullmatch(text.strip())
    if found is None or found["type"] != "relay" or not _is_lent(found["address"], relays):
        return None
    kept = [f"{found['head']} {found['address']} {found['port']} typ relay"]
    # What follows are pairs of a name and a value.
    words = found["rest"].split()
    for name, value in zip(words[::2], words[1::2], strict=False):
        if name in {"raddr", "rport"}:
            kept.append(f"{name} {NOWHERE if name == 'raddr' else 0}")
        elif name in {"generation", "ufrag", "tcptype"}:
            kept.append(f"{name} {value}")
    return " ".join(kept)


def _is_lent(text: str, relays: Relays) -> bool:
    """Whether it is an address of the relays: a name would have the other side ask for it."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not relays or any(address in network for network in relays)


def relayed_sdp(sdp: str, relays: Relays = ()) -> str:
    """Return a session description that names no address but the relay's."""
    kept = [line for raw in sdp.splitlines() if (line := _relayed_line(raw, relays)) is not None]
    return "".join(f"{line}\r\n" for line in kept)


def _relayed_line(line: str, relays: Relays) -> str | None:
    """Return one line as it is passed on; None for one that is not."""
    kind, equals, value = line.partition("=")
    # A reader may take a control character for an end.
    if equals != "=" or not line.isprintable():
        return None
    match kind:
        case "o":
            # The name of the user and the address of the machine give way; the numbers count.
            words = value.split()
            return f"o=- {words[1]} {words[2]} IN IP4 {NOWHERE}" if len(words) == 6 else None
        case "c":
            return f"c=IN IP4 {NOWHERE}"
        case "s":
            return "s=-"
        case "m":
            media, _, rest = value.partition(" ")
            port, _, formats = rest.partition(" ")
            # A medium that was turned down has the port 0, which the other side must see.
            return f"m={media} {'0' if port == '0' else _NO_PORT} {formats}"
        case "a":
            return _relayed_attribute(value, relays)
        case _:
            return line if kind in _LINES else None


def _relayed_attribute(value: str, relays: Relays) -> str | None:
    name, _, rest = value.partition(":")
    if name not in _ATTRIBUTES:
        return None
    if name == "candidate":
        relayed = relayed_candidate(rest, relays)
        return None if relayed is None else f"a=candidate:{relayed}"
    if name == "rtcp":
        return f"a=rtcp:{_NO_PORT} IN IP4 {NOWHERE}"
    return f"a={value}"
