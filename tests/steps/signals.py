"""A session description full of addresses, and what finds them."""

import ipaddress
import re
from contextlib import suppress

RELAY = "198.51.100.7"
HOST, MAPPED, SIX = "10.0.0.17", "203.0.113.9", "2001:db8::17"
RELAYED = (
    f"1467250027 1 udp 41885439 {RELAY} 21004 typ relay raddr {MAPPED} rport 52010 "
    "generation 0 ufrag hX4p network-id 1 network-cost 10"
)
CANDIDATES = [
    f"842163049 1 udp 1677729535 {MAPPED} 46154 typ srflx raddr {HOST} rport 46154 generation 0",
    f"1 1 udp 2122260223 {HOST} 46154 typ host generation 0 ufrag hX4p",
    f"2 1 tcp 1518280447 {SIX} 9 typ host tcptype active generation 0",
    f"3 1 udp 1 {MAPPED} 1 typ prflx raddr {HOST} rport 1",
    "4 1 udp 2122260223 4f0d8a3e-1b2c-4d5e-8f90-a1b2c3d4e5f6.local 46154 typ host",
]
SDP = "\r\n".join(
    [
        "v=0",
        f"o=alice 4611731400430051336 2 IN IP4 {HOST}",
        "s=-",
        "i=from my desk at 10.0.0.17",
        "t=0 0",
        "a=group:BUNDLE 0 1",
        "a=extmap-allow-mixed",
        "a=msid-semantic: WMS 0f4a",
        "m=audio 46154 UDP/TLS/RTP/SAVPF 111 63",
        f"c=IN IP4 {MAPPED}",
        f"a=rtcp:46155 IN IP4 {MAPPED}",
        *(f"a=candidate:{candidate}" for candidate in CANDIDATES),
        f"a=candidate:{RELAYED}",
        f"a=remote-candidates:1 {HOST} 46154",
        f"a=x-somebody-new:{HOST}",
        "a=ice-ufrag:hX4p",
        "a=ice-pwd:zX8Yk0nq3jQm6v2pR1sT4uW7",
        "a=ice-options:trickle",
        "a=fingerprint:sha-256 6B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35",
        "a=setup:actpass",
        "a=mid:0",
        "a=sendrecv",
        "a=rtcp-mux",
        "a=rtpmap:111 opus/48000/2",
        "a=fmtp:111 minptime=10;useinbandfec=1",
        "a=ssrc:3735928559 cname:q1w2e3",
        "m=video 0 UDP/TLS/RTP/SAVPF 96",
        f"c=IN IP6 {SIX}",
        "a=mid:1",
        "a=inactive",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "c=IN IP4 0.0.0.0",
        "a=mid:2",
        "a=sctp-port:5000",
        "a=max-message-size:262144",
        "",
    ]
)


def addresses(text: str) -> set[str]:
    """Every address in a text, of both families, and every name of a host in the local network."""
    found = set(re.findall(r"\b\d{1,3}(?:\.\d{1,3}){3}\b", text))
    for word in re.split(r"[\s;,=]+", text):
        for part in (word, word.partition(":")[2]):
            with suppress(ValueError):
                found.add(str(ipaddress.ip_address(part)))
    return found | set(re.findall(r"\S+\.local\b", text))
