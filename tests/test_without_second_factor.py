"""A portal that has not installed the extra `otp`: everything works by password, and the check says so."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.steps.admin import new_world

ROOT = Path(__file__).parent.parent
TRY = """
import json, os, sys
sys.modules["django_otp"] = None  # as if nobody had installed it
import django
django.setup()
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from django.test import Client
from django.urls import NoReverseMatch, reverse
said = {"checks": sorted(str(message.id) for message in run_checks()), "answers": {}}
try:
    said["step"] = reverse("diia_videoreception:second_factor")
except NoReverseMatch:
    said["step"] = None
for who, names in json.loads(os.environ["STAFF_ADDRESSES"]).items():
    client = Client()
    client.force_login(get_user_model().objects.get(username=who))
    for name in names:
        said["answers"][f"{who} {name}"] = client.get(reverse(name)).status_code
print(json.dumps(said))
"""
HOME = "wagtailadmin_home"
LIST = "videoreception_applications:index"


@pytest.mark.any_database
def test_without_the_extra__everything_is_there_and_the_check_is_loud(
    transactional_db: None,
) -> None:
    world = new_world()
    addresses = {
        world.receiver.username: ["diia_videoreception:official_day", HOME],
        world.moderator.username: [LIST, "videoreception_accesses:index", HOME],
        world.head.username: ["videoreception_people:index", LIST, HOME],
        world.superuser.username: [LIST, "videoreception_integrations:index", HOME],
    }
    left = {
        "INSTALLED_APPS": [name for name in settings.INSTALLED_APPS if "django_otp" not in name],
        "MIDDLEWARE": [
            name
            for name in settings.MIDDLEWARE
            if "django_otp" not in name and "SecondFactor" not in name
        ],
    }
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "STAFF_ADDRESSES": json.dumps(addresses),
        "TEST_SERVER": "1",
        "TEST_SERVER_DATABASE": str(connection.settings_dict["NAME"]),
        "TEST_SERVER_SETTINGS": json.dumps(left),
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", TRY],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert "diia_videoreception.W027" in said["checks"]
    assert not [one for one in said["checks"] if one.startswith("diia_videoreception.E")]
    assert said["step"] is None
    assert said["answers"] == {
        f"{who} {name}": 200 for who, names in addresses.items() for name in names
    }
