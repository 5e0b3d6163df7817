"""What every refusal says to programs: the one shape for scripts, and when to come again.

{"error": {"code": "slot_taken", "message": "…"}}
"""

import math

from django.http import JsonResponse


def error_response(
    code: str,
    message: object,
    *,
    status: int,
    retry_after: int | None = None,
    **more: object,
) -> JsonResponse:
    """Answer a script: a stable code to act on and a text to show.

    Args:
        message: A text, perhaps a lazy one; it is told in the language of the request.
        retry_after: In how many seconds the same call may succeed.
        more: Further members beside the code, for example a number for the support service.
    """
    body = {"error": {"code": code, "message": str(message), **more}}
    return JsonResponse(body, status=status, headers=retry_headers(retry_after))


def retry_headers(seconds: float | None) -> dict[str, str]:
    """Say when to come again, in whole seconds; nothing where time alone changes nothing."""
    return {} if seconds is None else {"Retry-After": str(math.ceil(seconds))}
