"""Prints the OpenAPI schema of the API; the repository keeps it as docs/openapi.yml."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.settings import patched_settings

from diia_videoreception.api.schema import SETTINGS


class Command(BaseCommand):
    help = "Prints the OpenAPI schema of the API, version 1."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(openapi_schema(), ending="")


def openapi_schema() -> str:
    """The schema in YAML, in English whatever the portal's language."""
    with translation.override("en"), patched_settings(SETTINGS):
        schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        rendered: bytes = OpenApiYamlRenderer().render(  # type: ignore[no-untyped-call]
            schema, renderer_context={}
        )
    return rendered.decode()
