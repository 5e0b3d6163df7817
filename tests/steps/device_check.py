"""A browser in front of the check, and hosts that say who sits there."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from device_check.models import CheckRun


def subject_from_header(request: HttpRequest) -> str:
    """A host that believes a header."""
    return request.headers.get("X-Person", "")


def own_context_only(request: HttpRequest, context: str) -> bool:
    """A host whose contexts begin with the name of their owner."""
    person = subject_from_header(request)
    return bool(person) and context.startswith(f"{person}-")


class Browser:
    """Speaks to the check like the script of its page."""

    def __init__(self, person: str = "", **defaults: Any) -> None:
        self.client = Client(enforce_csrf_checks=True, headers={"X-Person": person}, **defaults)
        self.client.get(reverse("device_check:page"))
        self.run = ""

    @property
    def token(self) -> str:
        return str(self.client.cookies["csrftoken"].value)

    def post(self, name: str, *arguments: Any, **body: Any) -> Any:
        return self.client.post(
            reverse(f"device_check:{name}", args=arguments),
            json.dumps(body),
            content_type="application/json",
            headers={"X-CSRFToken": self.token},
        )

    def begin(self, context: str = "") -> Any:
        answer = self.post("runs", **({"context": context} if context else {}))
        if answer.status_code == 201:
            self.run = answer.json()["run"]
        return answer

    def report(self, step: str, verdict: str, *problems: str, **measures: float) -> Any:
        return self.post(
            "step", self.run, step, verdict=verdict, problems=list(problems), measures=measures
        )

    def send(self, *, image: bytes | list[bytes] = b"", audio: bytes | list[bytes] = b"") -> Any:
        images = [image] if isinstance(image, bytes) else image
        sounds = [audio] if isinstance(audio, bytes) else audio
        return self.client.post(
            reverse("device_check:analyse", args=[self.run]),
            {
                "image": [SimpleUploadedFile("0.jpg", content) for content in images if content],
                "audio": [SimpleUploadedFile("a.wav", content) for content in sounds if content],
            },
            headers={"X-CSRFToken": self.token},
        )

    def finish(self, **body: Any) -> Any:
        return self.post("finish", self.run, **body)

    @property
    def row(self) -> CheckRun:
        return CheckRun.objects.get(public_id=self.run)


def anybody(request: HttpRequest, context: str) -> bool:
    """A host who lets everybody check for everything."""
    return True


def any_context(request: HttpRequest, context: str) -> bool:
    """Let everybody check for everything."""
    return True
