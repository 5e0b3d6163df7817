"""The one shape of an error for scripts: {"error": {"code": "slot_taken", "message": "…"}}."""

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
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return JsonResponse(body, status=status, headers=headers)
