"""The OpenAPI description of the API: complete with its refusals, and of nothing else."""

from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

SETTINGS: dict[str, Any] = {
    "TITLE": "Video receptions",
    "DESCRIPTION": "Booking of video receptions with officials, for a citizen signed in at the portal.",
    "VERSION": "1",
    "PREPROCESSING_HOOKS": ["diia_videoreception.api.schema.only_ours"],
    "POSTPROCESSING_HOOKS": ["diia_videoreception.api.schema.with_refusals"],
}

_REFUSALS = {
    "400": "The request is malformed or incomplete.",
    "401": "There is no access token, or it is not accepted.",
    "403": "Not allowed: consent, level of assurance or a pause.",
    "404": "Not found, or not this citizen's.",
    "409": "The rules do not allow it now: `slot_taken`, `hold_exists`, `hold_expired` and others.",
    "413": "Too large.",
    "415": "The media type is not accepted.",
    "422": "The Idempotency-Key was used for another request.",
    "429": "Too often; see Retry-After.",
    "503": "Too many people at once; see Retry-After.",
}
_OF_WRITES = {"400", "403", "409", "413", "415", "422", "503"}
_OPEN_READS = {"400", "401", "404", "429"}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 64},
    "description": "Repeating a request with the same key gives the same answer.",
}


def paged(name: str, serializer: type[serializers.BaseSerializer[Any]]) -> Any:
    """Return the description of one page of rows."""
    return inline_serializer(
        f"{name}Page",
        {
            "count": serializers.IntegerField(),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": serializer(many=True),
        },
    )


def only_ours(endpoints: list[Any], **kwargs: Any) -> list[Any]:
    """Leave out what the portal and Wagtail serve besides."""
    ours = "diia_videoreception.api."
    return [endpoint for endpoint in endpoints if endpoint[3].cls.__module__.startswith(ours)]


def with_refusals(
    result: dict[str, Any], generator: SchemaGenerator, **kwargs: Any
) -> dict[str, Any]:
    """Add the refusals every operation can give, in their one shape."""
    for path in result["paths"].values():
        for method, operation in path.items():
            writes = method not in {"get", "head", "options"}
            signed = {} not in operation.get("security", [])
            codes = (
                set(_OPEN_READS)
                | (_OF_WRITES if writes else set())
                | ({"403", "409"} if signed else set())
            )
            for code in sorted(codes):
                operation["responses"].setdefault(code, _refusal(code))
            if writes and signed:
                operation.setdefault("parameters", []).append(_KEY)
    result["components"]["schemas"]["Error"] = _ERROR
    return result


def _refusal(code: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": _REFUSALS[code], "content": {"application/json": {"schema": schema}}}


_ERROR = {
    "type": "object",
    "required": ["code", "detail"],
    "properties": {
        "code": {"type": "string", "description": "Stable; for programs."},
        "detail": {"type": "string", "description": "For people, in their language."},
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "until": {"type": "string", "format": "date-time"},
    },
}
