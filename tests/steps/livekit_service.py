"""LiveKit's RoomService and webhooks as its own library for Python judges and signs them, without a server.

Answers are those of livekit-server 1.13 (Twirp, as JSON).
"""

import hashlib
import json
from base64 import b64encode
from datetime import timedelta
from typing import Any

import jwt
from livekit.api import AccessToken, TokenVerifier

from integrations.common.fetching import FetchedResponse
from integrations.conference.base import Entry
from integrations.conference.livekit import LiveKitRoom
from tests.harness.clock import NOW
from tests.steps.livekit import API

SCRIPT = b"LivekitClient = {};"
LIVEKIT_OPTIONS: dict[str, Any] = API | {
    "url": "wss://livekit.example.gov.ua",
    "script_url": "https://static.example.gov.ua/livekit-client.umd.js",
    "script_integrity": f"sha384-{b64encode(hashlib.sha384(SCRIPT).digest()).decode()}",
}
UNTIL = NOW + timedelta(hours=1)
NOT_FOUND = FetchedResponse(404, b'{"code": "not_found", "msg": "requested room does not exist"}')
UNAUTHENTICATED = FetchedResponse(401, b'{"code": "unauthenticated", "msg": "permissions denied"}')


class LiveKitService:
    """What stands behind `fetch_within`: judges each token, and remembers who is in which room."""

    def __init__(self) -> None:
        self.rooms: dict[str, list[str]] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answer: FetchedResponse | None = None

    def __call__(self, seconds: float, method: str, url: str, **given: Any) -> FetchedResponse:
        if self.answer is not None:
            return self.answer
        if method == "GET":
            return FetchedResponse(200, SCRIPT)
        prefix = "https://livekit.example.gov.ua/twirp/livekit.RoomService/"
        assert url.startswith(prefix)
        assert given["headers"]["Content-Type"] == "application/json"
        claims = TokenVerifier(**API).verify(given["headers"]["Authorization"].split()[1])
        name, asked = url.removeprefix(prefix), json.loads(given["body"])
        self.asked.append((name, asked))
        return self._answer(name, asked, claims.video)

    def _answer(self, name: str, asked: dict[str, Any], may: Any) -> FetchedResponse:
        is_admin = may.room_admin and may.room == asked.get("room")
        match name:
            case "CreateRoom" if may.room_create:
                self.rooms.setdefault(asked["name"], [])
            case "DeleteRoom" if may.room_create:
                if self.rooms.pop(asked["room"], None) is None:
                    return NOT_FOUND
            case "ListRooms" if may.room_list:
                pass
            case "ListParticipants" if is_admin:
                if asked["room"] not in self.rooms:
                    return NOT_FOUND
                people = [{"identity": one} for one in self.rooms[asked["room"]]]
                return FetchedResponse(200, json.dumps({"participants": people}).encode())
            case "RemoveParticipant" if is_admin:
                if asked["identity"] not in self.rooms.get(asked["room"], []):
                    return NOT_FOUND
                self.rooms[asked["room"]].remove(asked["identity"])
            case _:
                return UNAUTHENTICATED
        return FetchedResponse(200, b"{}")

    def come(self, room: LiveKitRoom, entry: Entry) -> None:
        token = room.join(entry, until=UNTIL).server["token"]
        claims = TokenVerifier(**API).verify(token)
        self.rooms[claims.video.room].append(claims.identity)


def told_by_livekit(event: str, room_name: str, identity: str = "", **more: Any) -> bytes:
    said = {"event": event, "room": {"sid": "RM_1", "name": room_name}, "id": "EV_1"}
    if identity:
        said["participant"] = {"sid": "PA_1", "identity": identity}
    return json.dumps(said | more).encode()


def signed_by_livekit(
    body: bytes, *, secret: str = API["api_secret"], **claims: Any
) -> dict[str, str]:
    """The header by LiveKit's own library; its server signs the hash of the body (webhook/url_notifier.go)."""
    digest = b64encode(hashlib.sha256(body).digest()).decode()
    token = AccessToken(API["api_key"], secret).with_sha256(digest)
    token = token.with_ttl(timedelta(minutes=5)).to_jwt()
    if claims:
        raw = jwt.decode(token, options={"verify_signature": False})
        token = jwt.encode(raw | claims, secret, "HS256")
    return {"Authorization": token}
