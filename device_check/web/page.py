"""The page of the device check, and what its script and its templates find in their context."""

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from device_check import errors
from device_check.conf import app_settings
from device_check.models import CheckRun
from device_check.selectors.runs import is_valid, last_finished
from device_check.verdicts import GOOD_CONNECTION, MIN_CONNECTION, SKEW_SECONDS
from device_check.web.host import require_context, subject_of
from device_check.web.throttling import enforce_rate_limit
from integrations.common.local_urls import local_url
from integrations.common.problems import retry_headers

DEVICES = ("camera", "microphone", "autoplay", "speaker-selection")
"""What the page asks the browser for; a frame around it needs the same in its `allow`."""
PERMISSIONS = ", ".join(f"{name}=(self)" for name in DEVICES)
OWN_BASE = "device_check/base.html"
STILLS = 5
"""How many pictures the page takes, unless the portal accepts fewer."""

_ORIGIN = re.compile(r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?", re.ASCII)


def check_context(
    request: HttpRequest, *, context: str = "", next_url: str = "", embed: bool = False
) -> dict[str, Any]:
    """Return what `device_check/block.html` and its script find.

    `config` is for `json_script`: {"urls": {"runs", "ping", "payload"}, "context", "next", "embed",
    "has_turn", "help": {"phone", "url"}, "limits", "connection": {"good", "least"},
    "skew_seconds"}. `stills` is how many pictures are
    taken, `help` is the same for the template, `last_run` the person's newest finished
    run for this context or None, `last_run_is_valid` whether it still counts, `stylesheet` the
    static file of the setting.

    Raises:
        NotFound: the context is not the person's.
    """
    require_context(request, context)
    last = last_finished(subject=subject_of(request), context=context)
    return {
        "config": {
            "urls": {
                "runs": reverse("device_check:runs"),
                "ping": reverse("device_check:ping"),
                "payload": reverse("device_check:payload"),
            },
            "context": context,
            "next": next_url,
            "embed": embed,
            "has_turn": bool(app_settings.turn.urls),
            "help": {"phone": app_settings.help.phone, "url": app_settings.help.url},
            "limits": limits_of_page(),
            "connection": {
                name: {
                    "rtt_ms": limits.rtt_ms,
                    "loss_percent": limits.loss_percent,
                    "kbit_per_s": limits.kbit_per_s,
                }
                for name, limits in (("good", GOOD_CONNECTION), ("least", MIN_CONNECTION))
            },
            "skew_seconds": SKEW_SECONDS,
        },
        "stills": min(STILLS, app_settings.max_images),
        "help": app_settings.help,
        "next": next_url,
        "embed": embed,
        "last_run": last,
        "last_run_is_valid": _is_valid(last),
        "stylesheet": app_settings.stylesheet,
    }


def _is_valid(run: CheckRun | None) -> bool:
    return run is not None and is_valid(run, now=timezone.now())


def limits_of_page() -> dict[str, int]:
    """Return what the page may send: {"images", "image_bytes", "sound_bytes", "run_minutes"}."""
    return {
        "images": app_settings.max_images,
        "image_bytes": app_settings.max_image_bytes,
        "sound_bytes": app_settings.max_sound_bytes,
        "run_minutes": app_settings.run_minutes,
    }


@require_safe
@ensure_csrf_cookie
@xframe_options_exempt
def page(request: HttpRequest) -> HttpResponse:
    """Show the check as a page of its own (C15): ?context=…&next=local address&embed=1.

    Renders `device_check/check.html` with the values of `check_context` and `base_template`. It
    may use camera and microphone; with `embed=1` the portal itself and EMBED_ORIGINS
    may show it in a frame, nobody else and else nobody.
    """
    embed = request.GET.get("embed") == "1"
    try:
        enforce_rate_limit(request, "page")
        values = check_context(
            request,
            context=request.GET.get("context", ""),
            next_url=local_url(request.GET.get("next")),
            embed=embed,
        )
    except errors.NotFound as error:
        raise Http404 from error
    except errors.TooManyRequests as error:
        return too_many(error)
    # In somebody else's frame the portal's own frame would be one too many.
    base = OWN_BASE if embed else app_settings.base_template
    response = render(request, "device_check/check.html", values | {"base_template": base})
    patch_cache_control(response, no_store=True, private=True)
    response.headers["Permissions-Policy"] = PERMISSIONS
    if embed:
        response.headers["Content-Security-Policy"] = policy_in_frames()
    response.headers["X-Frame-Options"] = "SAMEORIGIN" if embed else "DENY"
    if embed and app_settings.embed_origins:
        # It knows no list of origins; browsers follow `frame-ancestors` above.
        del response.headers["X-Frame-Options"]
    return response


@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """Show what the check finds, in words, for those who help."""
    try:
        enforce_rate_limit(request, "page")
    except errors.TooManyRequests as error:
        return too_many(error)
    return render(request, "device_check/words.html")


def too_many(error: errors.TooManyRequests) -> HttpResponse:
    """Show the refusal in plain text: it costs no template and no query."""
    return HttpResponse(
        str(error.message),
        status=error.status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store, private", **retry_headers(error.retry_after)},
    )


def policy_in_frames() -> str:
    """Return the Content-Security-Policy of the page in a frame: the portal's own forbids all frames.

    Entries of EMBED_ORIGINS that are no https origins are left out.
    """
    origins = [origin for origin in app_settings.embed_origins if is_origin(origin)]
    ancestors = " ".join(["'self'", *origins])
    return (
        "default-src 'self'; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {ancestors}; object-src 'none'"
    )


def is_origin(text: str) -> bool:
    """Return whether the text is an https origin and nothing else: "https://dopomoha.gov.ua"."""
    return _ORIGIN.fullmatch(text) is not None
