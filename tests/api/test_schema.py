"""The API answers as its schema says, whatever comes in; the checked-in schema is the served one."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.test import Client
from django.urls import URLPattern
from hypothesis import HealthCheck, Phase, given, settings, strategies
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from diia_videoreception.api.urls import urlpatterns
from diia_videoreception.api.views.schema import openapi_yaml
from diia_videoreception.models import Official
from tests.harness import portal
from tests.steps.api import API, UNLIMITED, identity

FILE = Path(__file__).parent.parent.parent / "docs" / "openapi.yml"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def test_the_schema_in_the_repository__is_the_served_one(client_for: Callable[..., Any]) -> None:
    """If this fails: python -m tests.api.write_schema"""
    assert FILE.read_text() == openapi_yaml()
    served = Client().get(
        f"{API}/schema", HTTP_ACCEPT="application/vnd.oai.openapi", HTTP_ACCEPT_LANGUAGE="en"
    )
    assert (
        yaml.safe_load(served.content)["paths"].keys()
        == yaml.safe_load(FILE.read_text())["paths"].keys()
    )


def test_every_route__is_described() -> None:
    described = {
        re.sub(r"\{\w+\}", "{}", path) for path in yaml.safe_load(FILE.read_text())["paths"]
    }
    routes = {
        f"{API}/" + re.sub(r"<[^>]+>", "{}", str(route.pattern))
        for route in urlpatterns
        if isinstance(route, URLPattern) and route.name not in {"schema", "unknown"}
    }
    assert routes == described


@pytest.mark.any_database
def test_answers__conform_to_the_schema(
    start_servers: Callable[..., Any], official: Official
) -> None:
    schema = schemathesis.openapi.from_path(FILE)
    server = start_servers(1, changed={"DIIA_VIDEORECEPTION": UNLIMITED})
    now = datetime.now(UTC)
    token = portal.access_token(identity(auth_time=now), now=now)
    seen = []
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=8,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(
            case=operation.as_strategy(), known=strategies.booleans(), signed=strategies.booleans()
        )
        def check(case: Any, known: bool, signed: bool) -> None:
            if known and "id" in (case.path_parameters or {}):
                case.path_parameters["id"] = official.pk
            headers = {"Authorization": f"Bearer {token}"} if signed else {}
            response = case.call(base_url=server.url, headers=headers)
            case.validate_response(response, checks=CHECKS)

        check()
        seen.append(operation.label)
    assert len(seen) == sum(
        len(path) for path in yaml.safe_load(FILE.read_text())["paths"].values()
    )
