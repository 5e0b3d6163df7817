"""What the page's script calls while it checks; the answers are JSON."""

import os
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from device_check import errors, verdicts
from device_check.conf import app_settings
from device_check.models import CheckRun
from device_check.selectors.runs import run_of_browser
from device_check.services import runs
from device_check.services.analysing import analyse_step
from device_check.vocabulary import JUDGED, Step, Verdict
from device_check.web import host
from device_check.web.browsers import short_name
from device_check.web.endpoints import OVERHEAD, endpoint, json_body, raw_body
from device_check.web.page import limits_of_page
from device_check.web.turn import turn_servers
from integrations.common.local_urls import local_url

PAYLOAD_DOWN = 1024 * 1024
"""Most bytes that are sent to measure the way down."""
PAYLOAD_UP = 512 * 1024
"""Most bytes that are taken to measure the way up."""
_WORST = (Verdict.NOT_CHECKED, *JUDGED)


@endpoint("POST", scope="run")
def begin(request: HttpRequest) -> HttpResponse:
    """201 {"run", "turn": […], "limits": {…}}; body {"context"?}."""
    context = json_body(request).get("context") or ""
    if not isinstance(context, str):
        raise errors.Unreadable
    now = timezone.now()
    run = runs.start(
        subject=host.subject_of(request),
        context=host.require_context(request, context),
        session_hash=host.browser_hash(request, begin=True),
        browser=short_name(request.headers.get("User-Agent", "")),
        now=now,
    )
    turn = turn_servers(app_settings.turn, user=run.public_id.hex, now=now)
    return JsonResponse(
        {"run": str(run.public_id), "turn": turn, "limits": limits_of_page()}, status=201
    )


def _analysis_limit() -> int:
    return app_settings.max_images * app_settings.max_image_bytes + app_settings.max_sound_bytes


@endpoint("POST", scope="analyse", limit=_analysis_limit)
def analyse(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """{"verdict", "problems", "measures", "status"}; multipart `image` (1 to 5) and/or `audio` (1)."""
    run, now = _own_run(request, public_id), timezone.now()
    images = [
        _content(file, app_settings.max_image_bytes) for file in request.FILES.getlist("image")
    ]
    sounds = [
        _content(file, app_settings.max_sound_bytes) for file in request.FILES.getlist("audio")
    ]
    if not images and not sounds:
        raise errors.UnusableFile(code="nothing_given")
    if len(images) > app_settings.max_images or len(sounds) > 1:
        raise errors.UnusableFile(code="too_many")
    results: dict[str, verdicts.StepResult] = {}
    if images:
        results["image"] = analyse_step(run, Step.CAMERA, images=images, now=now)
    if sounds:
        results["audio"] = analyse_step(run, Step.MICROPHONE, audio=sounds[0], now=now)
    worst = max((result.verdict for result in results.values()), key=_WORST.index)
    return JsonResponse(
        {
            "status": "not_checked" if worst is Verdict.NOT_CHECKED else "analysed",
            "verdict": worst.value,
            "problems": [code for result in results.values() for code in result.problems],
            "measures": {part: result.measures for part, result in results.items()},
        }
    )


def _content(file: "UploadedFile[bytes]", limit: int) -> bytes:
    if (file.size or 0) > limit:
        raise errors.TooLarge
    content: bytes = file.read()
    return content


@endpoint("POST", scope="step")
def report(request: HttpRequest, public_id: UUID, step: str) -> HttpResponse:
    """{"verdict", "problems"} as stored; body {"verdict", "problems", "measures"} in `vocabulary`."""
    run = _own_run(request, public_id)
    body = json_body(request)
    result = runs.report_step(
        run,
        _step(step),
        verdict=body.get("verdict"),
        problems=body.get("problems", []),
        measures=body.get("measures", {}),
        now=timezone.now(),
    )
    return JsonResponse({"verdict": result.verdict.step_word, "problems": result.problems})


def _step(name: str) -> Step:
    try:
        return Step(name)
    except ValueError:
        raise errors.NotFound from None


@endpoint("POST", scope="step")
def finish(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """{"verdict", "summary": {step: {"verdict", "problems"}}, "valid_until", "next"}; body {"next"?}."""
    run = _own_run(request, public_id)
    wanted = json_body(request).get("next")
    finished = runs.finish(run, now=timezone.now())
    return JsonResponse(
        {
            "verdict": finished.verdict,
            "summary": summary_of(finished),
            "valid_until": _iso(finished.valid_until),
            "next": local_url(wanted),
        }
    )


def summary_of(run: CheckRun) -> dict[str, dict[str, Any]]:
    """Return verdict and problems by step, in the order of the page."""
    return {
        step.value: {name: run.steps[step][name] for name in ("verdict", "problems")}
        for step in Step
        if step in run.steps
    }


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _own_run(request: HttpRequest, public_id: UUID) -> CheckRun:
    key = host.browser_hash(request)
    found = key and run_of_browser(
        public_id=public_id, session_hash=key, subject=host.subject_of(request)
    )
    if not found:
        raise errors.NotFound
    return found


@endpoint("GET", scope="ping")
def ping(request: HttpRequest) -> HttpResponse:
    """Almost nothing, for the round trip; every server adds the header Date, for the clock."""
    return JsonResponse({})


@endpoint("GET", scope="payload")
def payload_down(request: HttpRequest) -> HttpResponse:
    """`bytes` random bytes, at most PAYLOAD_DOWN, that no proxy can compress."""
    wanted = request.GET.get("bytes", "")
    is_short = wanted.isascii() and wanted.isdigit() and len(wanted) <= len(str(PAYLOAD_DOWN))
    if not is_short or not 0 < int(wanted) <= PAYLOAD_DOWN:
        raise errors.TooLarge
    return HttpResponse(os.urandom(int(wanted)), content_type="application/octet-stream")


@endpoint("POST", scope="payload", limit=lambda: PAYLOAD_UP - OVERHEAD)
def payload_up(request: HttpRequest) -> HttpResponse:
    """Say how many bytes arrived; they are thrown away."""
    return JsonResponse({"bytes": len(raw_body(request))})


@csrf_exempt
def payload(request: HttpRequest) -> HttpResponse:
    """Throughput without a relay; the way up is guarded behind its limit of size."""
    return (payload_up if request.method == "POST" else payload_down)(request)
