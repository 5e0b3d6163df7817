"""The setting of each conference that stands on the portal's page and has a server of its own."""

from typing import Any

from tests.steps import bigbluebutton
from tests.steps.janus import SECRETS
from tests.steps.livekit_service import LIVEKIT_OPTIONS

JITSI_OPTIONS: dict[str, Any] = {
    "url": "https://meet.example.gov.ua",
    "app_id": "portal",
    "app_secret": "only-for-tests-jitsi-secret-of-32-letters",
}
ENGINES: dict[str, dict[str, Any]] = {
    name: {"BACKEND": f"integrations.conference.{backend}", "OPTIONS": options}
    for name, backend, options in (
        ("janus", "janus.JanusRoom", SECRETS | {"url": "wss://media.example.gov.ua/janus"}),
        ("livekit", "livekit.LiveKitRoom", LIVEKIT_OPTIONS),
        ("jitsi", "jitsi.JitsiRoom", JITSI_OPTIONS),
        ("bigbluebutton", "bigbluebutton.BigBlueButtonRoom", bigbluebutton.OPTIONS),
    )
}
