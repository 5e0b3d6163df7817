"""Walks every admin address of ours: first as the owner, then as a moderator of another agency, and
as the owner who has not given the second factor.

An address without a case fails, and so does an owner who does not get what the foreigner must not.
"""

import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.urls import reverse

from diia_videoreception.models import Application, Citizen
from diia_videoreception.models.centres import OPERATE
from diia_videoreception.models.journal import AUDIT
from diia_videoreception.models.looks import HELP
from diia_videoreception.selectors.booking import worklist
from diia_videoreception.services.accounts import sessions
from diia_videoreception.services.booking import moderation
from diia_videoreception.wagtail_admin import forms, scoped
from diia_videoreception.wagtail_admin.cases.worklist import WorkList
from tests.steps.admin import MARKER, XHR, World, client_of, dump, staff, text_of, undone
from tests.steps.second_factor import require, verify, with_app
from tests.wagtail_admin.routes import CASES, Case, address_of, our_routes

OURS = "videoreception_"
SERVICES = "diia_videoreception.services."
ADDRESSES = sorted(CASES)
TOGETHER = 8
"""Addresses walked in one world: making it takes as long as walking some."""
PARTS = [ADDRESSES[first : first + TOGETHER] for first in range(0, len(ADDRESSES), TOGETHER)]
REPRESENTATIVE = {"videoreception_officials", "videoreception_applications"}
REFUSED = {403, 404, 405}
OTHER_METHODS = ("head", "put", "patch", "delete", "options")


@pytest.fixture(autouse=True)
def second_factor(settings: Any) -> None:
    require(settings)


class Leak(AssertionError):
    """The foreigner got something; raised without pytest's long comparison of whole pages."""


def walk_as_owner(name: str, world: World) -> None:
    _as_owner(CASES[name], address_of(name, world), world)


def walk_as_foreigner(name: str, world: World) -> None:
    before = dump()
    _as_foreigner(CASES[name], address_of(name, world), world)
    if dump() != before:
        raise Leak(f"{name}: the foreigner changed rows")


def _as_owner(case: Case, address: str, world: World) -> None:
    owner = world.proven_client(case.owner)
    response = owner.get(address)
    if case.get:
        assert response.status_code == 200
        assert case.text(world) in text_of(response)
    elif response.status_code == 302:
        # The sign-in sends back to where a form went.
        assert case.text(world) in text_of(owner.get(response["Location"]))
    else:
        assert response.status_code == 405
    if case.post is None:
        assert owner.post(address).status_code == 405
        return
    with undone():
        before = dump()
        response = owner.post(address, case.post(world))
        assert response.status_code == case.answer, text_of(response)
        if case.answer == 200:
            assert case.text(world) in text_of(response)
        else:
            assert owner.get(response["Location"]).status_code == 200
        assert dump() != before, "the owner's act did nothing: nobody else's could be noticed"


def _as_foreigner(case: Case, address: str, world: World) -> None:
    foreigner = world.proven_client("foreigner")
    hidden = {case.text(world), MARKER}
    allowed = {200} if case.shared else set()
    sent = case.post(world) if case.post else {}
    responses = [foreigner.get(address, **XHR), foreigner.post(address, sent, **XHR)]
    if case.shared:
        responses += [foreigner.get(address, {"export": kind}) for kind in ("csv", "xlsx")]
    responses += [getattr(foreigner, method)(address, **XHR) for method in OTHER_METHODS]
    for response in responses:
        if response.status_code not in REFUSED | allowed:
            raise Leak(f"{response.request['REQUEST_METHOD']} {address}: {response.status_code}")
    # Without the header nothing may show either; Wagtail sends away with a redirect.
    responses.append(foreigner.get(address))
    for response in responses:
        text = text_of(response)
        if any(word in text for word in hidden):
            raise Leak(f"{response.request['REQUEST_METHOD']} {address} shows the owner's row")


def test_every_address_of_the_router__has_a_case() -> None:
    routes = our_routes()

    assert len(routes) >= 70
    assert set(CASES) == set(routes)


@pytest.mark.parametrize("names", PARTS, ids=lambda names: names[0].removeprefix(OURS))
def test_every_address__shows_the_own_agency_only(names: Sequence[str], world: World) -> None:
    for name in names:
        walk_as_owner(name, world)
        # Whom the rows are hidden from is the same on every database.
        if connection.vendor == "sqlite":
            walk_as_foreigner(name, world)


@pytest.mark.any_database
def test_nobody_without_an_agency__sees_or_changes_anything(world: World) -> None:
    """Access to the admin and every permission of Django's do not make a moderator.

    One makes the portal's operator, who is walked with the centres, one the help desk, which owns its pages, one an auditor.
    """
    editor = staff("editor")
    editor.user_permissions.set(Permission.objects.exclude(codename__in=[OPERATE, HELP, AUDIT]))
    addresses = {name: address_of(name, world) for name in CASES}
    client, before = verify(client_of(editor), editor), dump()

    for name, case in CASES.items():
        address = addresses[name]
        sent = case.post(world) if case.post else {}
        for response in (client.get(address, **XHR), client.post(address, sent, **XHR)):
            assert response.status_code in REFUSED, name
            assert MARKER not in text_of(response)
    assert dump() == before


@pytest.mark.any_database
@pytest.mark.parametrize("enrolled", [True, False])
def test_without_the_second_factor__the_owner_sees_and_changes_nothing(
    world: World, enrolled: bool
) -> None:
    for who in ("moderator", "head", "superuser", "receiver", "helper") if enrolled else ():
        with_app(getattr(world, who))
    addresses = {name: address_of(name, world) for name in CASES}
    before = dump()
    for name, case in CASES.items():
        client, address = world.client(case.owner), addresses[name]
        sent = case.post(world) if case.post else {}
        pages = [client.get(address), client.get(address, {"export": "csv"})]
        pages += [client.post(address, sent)]
        for response in pages:
            assert response.status_code == 303, name
            assert response["Location"].startswith("/videoreception/staff/second-factor/"), name
        for response in (client.get(address, **XHR), client.post(address, sent, **XHR)):
            assert response.status_code == 403, name
            assert MARKER not in text_of(response)
    assert dump() == before


@pytest.mark.any_database
@pytest.mark.parametrize("who", ["moderator", "superuser"])
def test_without_the_second_factor__wagtails_own_pages_tell_nothing(world: World, who: str) -> None:
    client = world.client(who)
    for address in (
        "/admin/",
        "/admin/reports/site-history/",
        "/admin/reports/site-history/results/",
    ):
        text = text_of(client.get(address, follow=True))
        assert f"Мельник{MARKER}" not in text
        assert f"Питання {MARKER}" not in text
        # Wagtail shows its whole log to superusers: numbers of applications, and no names.
        assert who == "superuser" or world.submitted.number not in text
    home = text_of(client.get("/admin/"))
    assert "Другий фактор" in home
    # A search of pages is offered to who has any.
    assert ("vr-panel--without-pages" in home) is (who == "moderator")


@pytest.mark.parametrize("who", ["moderator", "superuser"])
def test_a_second_factor_that_nobody_would_notice__opens_nothing(
    world: World, settings: Any, who: str
) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "OTPMiddleware" not in name]
    addresses = {name: address_of(name, world) for name in CASES}
    client, before = world.proven_client(who), dump()
    for name, case in CASES.items():
        address = addresses[name]
        for answer in (client.get(address), client.post(address, case.post and case.post(world))):
            assert answer.status_code in {302, 403}, name
            assert MARKER not in text_of(answer)
    home = text_of(client.get("/admin/"))
    assert f"Мельник{MARKER}" not in home
    assert world.submitted.number not in home
    assert dump() == before


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("applications:password", "post"),
        ("applications:signature", "get"),
        ("applications:answer_signature", "get"),
        ("accesses:index", "post"),
        ("reports:export", "post"),
    ],
)
def test_passwords_and_evidence__want_the_second_factor_again(
    world: World, time_machine: Any, name: str, act: str
) -> None:
    client = world.proven_client("moderator")
    case = CASES[f"videoreception_{name}"]
    address = address_of(f"videoreception_{name}", world)
    sent = case.post(world) if case.post else {}
    time_machine.shift(timedelta(minutes=11))

    page = reverse("videoreception_applications:inspect", args=[world.submitted.public_id])
    before = dump()
    answer = getattr(client, act)(address, sent, HTTP_REFERER=f"http://testserver{page}")
    assert answer.status_code == 303
    assert "reason=fresh" in answer["Location"]
    assert dump() == before
    assert client.get(page).status_code == 200, "what is less delicate goes on"


@pytest.mark.any_database
def test_walker__notices_a_missing_scope(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def everything(*args: object) -> Any:
        return Application.objects.select_related("official__unit__agency", "citizen")

    monkeypatch.setattr(forms, "SELECTORS", {})
    monkeypatch.setattr(scoped.ScopedMixin, "visible", lambda view: view.model.objects.all())
    monkeypatch.setattr(WorkList, "get_base_queryset", lambda view: everything())
    monkeypatch.setattr(worklist, "work_list", everything)
    monkeypatch.setattr(worklist, "applications_visible_to", everything)
    for name, module in list(sys.modules.items()):
        if name.startswith(SERVICES) and hasattr(module, "applications_visible_to"):
            monkeypatch.setattr(module, "applications_visible_to", everything)
    monkeypatch.setitem(moderation.lock_case.__kwdefaults__, "among", everything)
    monkeypatch.setattr(moderation, "receptions_conducted_by", everything)
    monkeypatch.setattr(sessions, "citizens_visible_to", lambda user: Citizen.objects.all())

    # All viewsets stand on one base: one with every view, and the applications, tell for all.
    unnoticed = {name for name in CASES if name.split(":")[0] in REPRESENTATIVE}
    for name in sorted(unnoticed):
        with undone(), suppress(Leak):
            walk_as_foreigner(name, world)
            continue
        unnoticed.discard(name)
    assert not unnoticed


def test_wagtails_own_pages__tell_nothing(world: World) -> None:
    """Home page, site history and the lists of the admin show no row of another agency."""
    owner, foreigner = world.proven_client("moderator"), world.proven_client("foreigner")
    assert world.submitted.number in text_of(owner.get("/admin/"))

    for address in (
        "/admin/",
        "/admin/reports/site-history/",
        "/admin/reports/site-history/results/",
    ):
        text = text_of(foreigner.get(address, follow=True))
        assert MARKER not in text
        assert world.submitted.number not in text


@pytest.mark.any_database
def test_signed_out_people__are_sent_to_sign_in(world: World) -> None:
    for name in CASES:
        response = Client().get(address_of(name, world))
        assert response.status_code == 302
        assert "/login/" in response["Location"]
