"""No signal names the network address of either side; the relay's alone passes."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diia_videoreception.rules.signals import (
    MalformedSignal,
    SignalKind,
    clean_signal,
    relayed_candidate,
    relayed_sdp,
)
from tests.harness.growth import LIMIT, growth
from tests.steps.signals import (
    CANDIDATES,
    HOST,
    MAPPED,
    RELAY,
    RELAYED,
    SDP,
    SIX,
    addresses,
)


def test_addresses__are_found() -> None:
    assert {HOST, MAPPED, SIX, RELAY} < addresses(SDP)


def test_description__names_no_address_but_the_relays() -> None:
    cleaned = clean_signal(SignalKind.DESCRIPTION, {"type": "offer", "sdp": SDP}, direct=False)

    assert cleaned is not None
    assert addresses(str(cleaned["sdp"])) == {RELAY, "0.0.0.0"}


def test_description__keeps_what_the_call_needs() -> None:
    lines = relayed_sdp(SDP).split("\r\n")

    for kept in (
        "v=0", "t=0 0", "a=group:BUNDLE 0 1", "a=ice-ufrag:hX4p", "a=setup:actpass", "a=mid:0",
        "a=sendrecv", "a=rtcp-mux", "a=rtpmap:111 opus/48000/2", "a=ssrc:3735928559 cname:q1w2e3",
        "a=fingerprint:sha-256 6B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35",
        "o=- 4611731400430051336 2 IN IP4 0.0.0.0", "m=audio 9 UDP/TLS/RTP/SAVPF 111 63",
        "m=video 0 UDP/TLS/RTP/SAVPF 96", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "a=sctp-port:5000",
    ):  # fmt: skip
        assert kept in lines
    assert relayed_sdp(relayed_sdp(SDP)) == relayed_sdp(SDP)


def test_description__of_a_local_network_passes_as_it_is() -> None:
    payload = {"type": "answer", "sdp": SDP}

    assert clean_signal(SignalKind.DESCRIPTION, payload, direct=True) == payload


def test_candidate__of_another_relay_is_dropped() -> None:
    own = [ipaddress.ip_network(f"{RELAY}/32"), ipaddress.ip_network("2001:db8::/64")]
    six = RELAYED.replace(RELAY, "2001:db8::7")
    for text, passes in (
        (RELAYED, True),
        (six, True),
        (RELAYED.replace(RELAY, "198.51.100.99"), False),
        (RELAYED.replace(RELAY, "127.0.0.1"), False),
    ):
        payload = {"candidate": f"candidate:{text}", "sdpMid": "0", "sdpMLineIndex": 0}
        cleaned = clean_signal(SignalKind.CANDIDATE, payload, direct=False, relays=own)
        assert (cleaned is not None) is passes
        assert ("typ relay" in relayed_sdp(f"a=candidate:{text}\r\n", own)) is passes


@pytest.mark.parametrize("text", CANDIDATES)
def test_candidate__of_a_host_goes_nowhere(text: str) -> None:
    payload = {"candidate": f"candidate:{text}", "sdpMid": "0", "sdpMLineIndex": 0}

    assert clean_signal(SignalKind.CANDIDATE, payload, direct=False) is None
    assert clean_signal(SignalKind.CANDIDATE, payload, direct=True) is not None


def test_candidate__of_the_relay_passes_without_whom_it_was_lent_to() -> None:
    assert relayed_candidate(f"candidate:{RELAYED}") == (
        f"1467250027 1 udp 41885439 {RELAY} 21004 typ relay raddr 0.0.0.0 rport 0 "
        "generation 0 ufrag hX4p"
    )


@pytest.mark.parametrize("name", ["evil.leak.example", "leak-abc.local", "1.2.3", "::1%eth0x y"])
def test_candidate__of_a_relay_with_a_name_goes_nowhere(name: str) -> None:
    assert relayed_candidate(f"1 1 udp 1 {name} 5 typ relay") is None


def test_description__a_line_with_a_control_character_is_left_out() -> None:
    hidden = "a=mid:2\0a=candidate:1 1 udp 1 192.168.77.5 5 typ host"

    assert relayed_sdp(f"v=0\r\n{hidden}\r\na=mid:3\r\n") == "v=0\r\na=mid:3\r\n"


def test_candidate__that_there_are_no_more_passes() -> None:
    payload = {"candidate": "", "sdpMid": "0", "sdpMLineIndex": 0, "usernameFragment": None}

    assert clean_signal(SignalKind.CANDIDATE, payload, direct=False) == payload


def test_text__passes_alone() -> None:
    cleaned = clean_signal(SignalKind.TEXT, {"text": "Добрий де", "html": "<b>"}, direct=False)

    assert cleaned == {"text": "Добрий де"}


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (SignalKind.DESCRIPTION, None),
        (SignalKind.DESCRIPTION, []),
        (SignalKind.DESCRIPTION, {"type": "offer"}),
        (SignalKind.DESCRIPTION, {"type": "offer", "sdp": 5}),
        (SignalKind.DESCRIPTION, {"type": "offer", "sdp": "v=0", "epoch": -1}),
        (SignalKind.CANDIDATE, {"candidate": "", "epoch": True}),
        (SignalKind.CANDIDATE, {"candidate": "", "epoch": "1"}),
        (SignalKind.DESCRIPTION, {"type": "hello", "sdp": "v=0"}),
        (SignalKind.DESCRIPTION, {"type": ["offer"], "sdp": "v=0"}),
        (SignalKind.DESCRIPTION, {"type": {}, "sdp": "v=0"}),
        (SignalKind.CANDIDATE, {"candidate": None}),
        (SignalKind.CANDIDATE, {"candidate": "", "sdpMid": 5}),
        (SignalKind.CANDIDATE, {"candidate": "", "sdpMLineIndex": True}),
        (SignalKind.CANDIDATE, {"candidate": "", "sdpMLineIndex": -1}),
        (SignalKind.CANDIDATE, {"candidate": "", "usernameFragment": "x" * 257}),
    ],
)
def test_signal__that_no_browser_sends_is_malformed(kind: SignalKind, payload: object) -> None:
    with pytest.raises(MalformedSignal):
        clean_signal(kind, payload, direct=False)


def test_signal__passes_on_nothing_beside_what_it_is() -> None:
    later = {"type": "offer", "sdp": "v=0\r\n", "epoch": 2}
    assert clean_signal(SignalKind.DESCRIPTION, later, direct=False) == later
    payload = {"type": "offer", "sdp": "v=0\r\n", "address": HOST, "epoch": 0}

    assert clean_signal(SignalKind.DESCRIPTION, payload, direct=False) == {
        "type": "offer", "sdp": "v=0\r\n",
    }  # fmt: skip


ADDRESS = st.ip_addresses().map(str) | st.uuids().map(lambda name: f"{name}.local")
LINE = st.one_of(
    st.sampled_from(SDP.split("\r\n")),
    st.builds("c=IN IP4 {}".format, ADDRESS),
    st.builds("o=- 1 1 IN IP6 {}".format, ADDRESS),
    st.builds("a=candidate:1 1 udp 1 {} 5 typ host".format, ADDRESS),
    st.builds("a=candidate:1 1 udp 1 {} 5 typ srflx raddr {} rport 1".format, ADDRESS, ADDRESS),
    st.builds("a=rtcp:5 IN IP6 {}".format, ADDRESS),
    st.builds("a=unknown:{}".format, ADDRESS),
    st.builds("k=clear:{}".format, ADDRESS),
    st.builds("{}".format, ADDRESS),
)


@given(lines=st.lists(LINE, max_size=12), end=st.sampled_from(["\r\n", "\n", "\r", "\u2028"]))
def test_description__never_lets_an_address_through(lines: list[str], end: str) -> None:
    kept = relayed_sdp(end.join(lines))

    assert addresses(kept) <= {RELAY, "0.0.0.0"}


@given(text=st.text(max_size=200) | st.text(max_size=40).map(RELAYED.__add__))
def test_candidate__of_anything_is_a_relays_or_none(text: str) -> None:
    assert (relayed_candidate(text) or "typ relay").count("typ relay") == 1


@pytest.mark.parametrize(
    "part",
    [
        "a=candidate:" + "1 " * 30 + "\r\n",
        f"a=candidate:{RELAYED}\r\n",
        "m=audio 9 X\r\n",
        "\n",
        "a=candidate:1 1 udp 1 x 1 typ relay" + " generation 0" * 20 + "\r\n",
    ],
)
def test_description__takes_linear_time(part: str) -> None:
    assert growth(relayed_sdp, lambda size: part * size, 2_000) < LIMIT


@pytest.mark.parametrize(
    "part", ["1 ", " ", "a", "1 1 udp 1 x 1 typ relay ", "raddr 1 ", "candidate:"]
)
def test_candidate__takes_linear_time(part: str) -> None:
    head = "1 1 udp 1 x 1 typ relay "
    assert growth(relayed_candidate, lambda size: head + part * size, 20_000) < LIMIT
