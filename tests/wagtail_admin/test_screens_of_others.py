"""Wagtail's screens of users and groups, and those of the device check: a password alone opens none."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import get_resolver, reverse

from tests.steps.admin import World, client_of, staff
from tests.steps.second_factor import require, verify, with_app
from tests.wagtail_admin.routes import walk_patterns

STEP = "/videoreception/staff/second-factor/"
BULK = ("delete", "assign_role", "set_active_state")
LISTS = {"index", "index_results"}
XHR = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    require(settings)


def addresses(namespace: str, *arguments: Any) -> dict[str, str]:
    """Every address of a viewset by its name, as the portal's resolver knows them."""
    found = {}
    for path, pattern in walk_patterns(get_resolver().url_patterns, ()):
        if path == (namespace,) and pattern.name:
            takes = pattern.pattern.converters
            found[pattern.name] = reverse(
                f"{namespace}:{pattern.name}", args=arguments if takes else ()
            )
    return found


def user_screens(world: World) -> list[tuple[str, str]]:
    group = Group.objects.get_or_create(name="editors")[0]
    return [
        *addresses("wagtailusers_users", world.moderator.pk).items(),
        *addresses("wagtailusers_groups", group.pk).items(),
        *((action, bulk(action, world.moderator)) for action in BULK),
    ]


def bulk(action: str, *users: Any) -> str:
    meta = get_user_model()._meta
    address = reverse("wagtail_bulk_action", args=[meta.app_label, meta.model_name, action])
    return f"{address}?{'&'.join(f'id={user.pk}' for user in users)}"


def rights() -> list[tuple[Any, ...]]:
    users = get_user_model().objects.order_by("pk")
    return [
        *users.values_list("pk", "password", "is_superuser", "is_active", "groups"),
        *Group.objects.order_by("pk").values_list("pk", "name", "permissions"),
    ]


def asked_for(answer: Any) -> bool:
    return answer.status_code == 303 and answer["Location"].startswith(STEP)


@pytest.mark.parametrize("enrolled", [True, False])
def test_a_superusers_password__opens_no_screen_of_users(world: World, enrolled: bool) -> None:
    if enrolled:
        with_app(world.superuser)
    client, screens = world.client("superuser"), user_screens(world)
    assert {"add", "edit", "delete", "index", *BULK} <= {name for name, _ in screens}
    before = rights()
    for name, address in screens:
        assert name in BULK or asked_for(client.get(address)), address
        assert asked_for(client.post(address, _everything(world))), address
        assert client.post(address, _everything(world), **XHR).status_code == 403, address
    assert rights() == before


def test_a_second_factor_of_before__is_asked_for_again_before_users_change(
    world: World, time_machine: Any
) -> None:
    client = world.proven_client("superuser")
    time_machine.shift(timedelta(minutes=11))
    screens = user_screens(world)
    before = rights()
    for name, address in screens:
        if name not in LISTS:
            answer = client.post(address, _everything(world))
            assert asked_for(answer), address
            assert "reason=fresh" in answer["Location"]
        if name not in BULK:
            assert asked_for(client.get(address)) is (name not in LISTS), address
    assert rights() == before


def test_who_has_just_given_it__changes_users(world: World) -> None:
    client = world.proven_client("superuser")
    assert (
        client.get(reverse("wagtailusers_users:edit", args=[world.moderator.pk])).status_code == 200
    )
    assert client.post(bulk("delete", world.moderator)).status_code == 302
    assert not get_user_model().objects.filter(pk=world.moderator.pk).exists()


@pytest.mark.parametrize("right", ["add_user", "change_user", "add_group", "change_group"])
def test_who_may_give_rights__is_asked_like_a_superuser(world: World, right: str) -> None:
    clerk = staff("clerk")
    clerk.user_permissions.add(Permission.objects.get(codename=right))
    client = client_of(clerk)
    screen = "wagtailusers_users" if right.endswith("user") else "wagtailusers_groups"
    address = reverse(f"{screen}:index")

    assert asked_for(client.get(address))
    assert client.get(f"{STEP}set-up/").status_code == 200, "they can have one"
    assert verify(client, clerk).get(address).status_code == 200


def test_where_it_is_only_offered__a_superuser_without_one_goes_on(
    world: World, settings: Any
) -> None:
    require(settings, superuser="offered")
    assert world.client("superuser").get(reverse("wagtailusers_users:index")).status_code == 200


def test_the_screens_of_the_device_check__want_it_too(world: World) -> None:
    names = addresses("device_check_workplaces", uuid4())
    assert {"index", "add", "code", "revoke"} <= set(names)
    for address in names.values():
        for answer in (
            world.client("superuser").get(address),
            world.client("superuser").post(address),
        ):
            assert asked_for(answer), address
    assert world.proven_client("superuser").get(names["index"]).status_code == 200


def _everything(world: World) -> dict[str, Any]:
    """What makes or changes a superuser, on whichever of the forms."""
    return {
        "username": "second",
        "email": "second@portal.example",
        "first_name": "Друга",
        "last_name": "Людина",
        "password1": "dovhyi-parol-2026",
        "password2": "dovhyi-parol-2026",
        "is_superuser": "on",
        "name": "chiefs",
        "mark_as_active": "True",
        "role": Group.objects.get(name="editors").pk,
        "permissions": list(Permission.objects.filter(codename="change_user").values_list("pk")),
    }
