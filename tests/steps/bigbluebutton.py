"""A BigBlueButton without sound and picture: it judges checksums by a formula of its own (its API, 3.0)."""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from integrations.common.fetching import FetchedResponse

SECRET = "only-for-tests-bigbluebutton-secret"
BASE = "https://bbb.example.gov.ua/bigbluebutton/"
OPTIONS: dict[str, Any] = {"url": BASE, "secret": SECRET}
_BITS = {40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}


def is_signed(url: str, secret: str) -> bool:
    """As the server's ApiController does: what stands before the checksum, as it was sent."""
    parts = urlsplit(url)
    query, _, checksum = parts.query.rpartition("&checksum=")
    call = parts.path.rpartition("/")[2]
    kind = _BITS.get(len(checksum))
    made = hashlib.new(kind, f"{call}{query}{secret}".encode()).hexdigest() if kind else ""
    return bool(made) and hmac.compare_digest(made, checksum)


def xml(returncode: str, **texts: str) -> bytes:
    inside = "".join(f"<{name}>{text}</{name}>" for name, text in texts.items())
    return f"<response><returncode>{returncode}</returncode>{inside}</response>".encode()


@dataclass
class BigBlueButton:
    """What stands behind `fetch_within`."""

    meetings: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    records: str = "false"
    made: int = 1_531_155_809_613

    def __call__(self, seconds: float, method: str, url: str, **given: Any) -> FetchedResponse:
        assert method == "GET"
        return FetchedResponse(200, self.answer(url))

    def answer(self, url: str) -> bytes:
        if not is_signed(url, SECRET):
            return xml("FAILED", messageKey="checksumError", message="Checksums do not match")
        parts = urlsplit(url)
        call, asked = parts.path.rpartition("/")[2], dict(parse_qsl(parts.query))
        del asked["checksum"]
        self.asked.append((call, asked))
        known = self.meetings.get(asked["meetingID"])
        match call:
            case "create":
                if known is None:
                    self.made += 1
                    known = self.meetings[asked["meetingID"]] = asked | {
                        "createTime": str(self.made)
                    }
                inside = {"meetingID": known["meetingID"], "createTime": known["createTime"]}
                return xml("SUCCESS", **inside, messageKey="")
            case "isMeetingRunning":
                return xml("SUCCESS", running="true" if known else "false")
            case "getMeetingInfo" if known:
                attendees = "<attendee><recording>true</recording></attendee>"
                return xml("SUCCESS", recording=self.records, attendees=attendees)
            case "end" if self.meetings.pop(asked["meetingID"], None):
                return xml("SUCCESS", messageKey="sentEndMeetingRequest")
        return xml(
            "FAILED", messageKey="notFound", message="No meeting with that meeting ID exists"
        )

    def join(self, url: str) -> dict[str, str] | None:
        """Who comes in by an address; nobody by one that is changed, or of an earlier meeting."""
        asked = dict(parse_qsl(urlsplit(url).query))
        known = self.meetings.get(asked.get("meetingID", ""))
        is_right = is_signed(url, SECRET) and known is not None
        return asked if is_right and known and asked["createTime"] == known["createTime"] else None
