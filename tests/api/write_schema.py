"""Writes docs/openapi.yml anew: python -m tests.api.write_schema"""

import os
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from diia_videoreception.api.views.schema import openapi_yaml

    (Path(__file__).parent.parent.parent / "docs" / "openapi.yml").write_text(openapi_yaml())
