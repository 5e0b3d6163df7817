"""The Content-Security-Policy that comes with the package: strict, only ours, and nobody's way is barred."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.models import Page

from cms_pages.models import ServicePage
from diia_videoreception.web.csp import HEADER, ContentSecurityPolicyMiddleware, allow, policy_with

pytestmark = pytest.mark.any_database

OURS = "diia_videoreception.web.csp.ContentSecurityPolicyMiddleware"
SANDBOX = "sandbox.middleware.StrictPolicyMiddleware"
STRICT = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"


@pytest.fixture
def policed(settings: Any) -> Any:
    """`policed(OURS)` puts this middleware in the place of the test portal's."""

    def by(middleware: str) -> None:
        settings.MIDDLEWARE = [
            middleware if "StrictPolicy" in name else name for name in settings.MIDDLEWARE
        ]

    return by


@pytest.mark.parametrize(
    "address",
    [
        "/videoreception/choose/",
        "/videoreception/sign-in/",
        "/videoreception/api/v1/terms",
        "/device-check/",
    ],
)
def test_our_screens__have_the_strict_policy(db: None, policed: Any, address: str) -> None:
    policed(OURS)
    assert Client().get(address).headers[HEADER] == STRICT


@pytest.mark.parametrize("address", ["/", "/admin/login/", "/nowhere/"])
def test_pages_of_the_portal__are_left_alone(db: None, policed: Any, address: str) -> None:
    policed(OURS)
    assert HEADER not in Client().get(address).headers


def test_an_answer_with_a_policy__keeps_it(db: None, policed: Any) -> None:
    policed(OURS)
    policy = Client().get("/device-check/?embed=1").headers[HEADER]
    assert "frame-ancestors 'self'" in policy


def test_what_the_portal_adds__is_allowed(db: None, policed: Any, settings: Any) -> None:
    policed(OURS)
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {
        "CONTENT_SECURITY_POLICY": {
            "img-src": "https://cdn.example data:",
            "frame-ancestors": "https://portal.example",
        }
    }
    policy = Client().get("/videoreception/choose/").headers[HEADER]
    assert "img-src 'self' https://cdn.example data:" in policy
    assert "frame-ancestors https://portal.example;" in policy


def test_a_page__allows_what_it_needs_for_itself_only() -> None:
    class ForAll(ContentSecurityPolicyMiddleware):
        def concerns(self, request: HttpRequest) -> bool:
            return True

    def page(request: HttpRequest) -> HttpResponse:
        if request.path == "/signing/":
            allow(request, "frame-src", "https://id.gov.ua")
        return HttpResponse()

    serve = ForAll(page)
    make = RequestFactory()
    assert "frame-src 'self' https://id.gov.ua" in serve(make.get("/signing/")).headers[HEADER]
    assert serve(make.get("/other/")).headers[HEADER] == STRICT == policy_with()


@pytest.mark.parametrize("middleware", [SANDBOX])
def test_a_preview__may_stand_in_the_frame_of_the_admin(
    db: None, policed: Any, middleware: str
) -> None:
    policed(middleware)
    root = Page.objects.get(depth=2)
    page = root.add_child(
        instance=ServicePage(title="Відеоприйом", slug="video", terms="<p>Умови</p>")
    )
    editor = Client()
    editor.force_login(get_user_model().objects.create_superuser("editor"))

    shown = editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))

    assert shown.status_code == 200
    assert "frame-ancestors 'self'" in shown.headers[HEADER]
    live = Client().get(page.get_url())
    assert re.search("frame-ancestors 'none'", live.headers[HEADER])
