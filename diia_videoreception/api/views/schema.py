"""The description of the API, made once for each language and format."""

from functools import lru_cache

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.encoding import force_bytes
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.settings import patched_settings
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request

from diia_videoreception.api.base import View
from diia_videoreception.api.schema import SETTINGS


@extend_schema(exclude=True)
class Schema(View):
    """OpenAPI in YAML or JSON, as `Accept` says; `?lang=` for another language."""

    renderer_classes = SpectacularAPIView.renderer_classes

    def get(self, request: Request) -> HttpResponse:
        wanted = request.query_params.get("lang", "")
        language = wanted if wanted in dict(settings.LANGUAGES) else translation.get_language()
        renderer = request.accepted_renderer
        return HttpResponse(
            rendered_schema(language, renderer.media_type or ""),
            content_type=renderer.media_type,
            headers={"Cache-Control": "public, max-age=300"},
        )


@lru_cache(maxsize=32)
def rendered_schema(language: str, media_type: str) -> bytes:
    """Return the whole description in a language and a format."""
    renderer = next(kind for kind in Schema.renderer_classes if kind.media_type == media_type)
    with translation.override(language), patched_settings(SETTINGS):
        schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        return force_bytes(renderer().render(schema, renderer_context={}))


def openapi_yaml() -> str:
    """Return the schema in YAML, in English whatever the portal's language."""
    return rendered_schema("en", str(OpenApiYamlRenderer.media_type)).decode()
