"""A portal that has not installed the extra `otp`: everything works by password, and the check says so."""

import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).parent.parent
TRY = """
import sys
sys.modules["django_otp"] = sys.modules["segno"] = None  # as if nobody had installed them
import django
django.setup()
from django.core.checks import run_checks
from django.test import Client
from django.urls import NoReverseMatch, reverse
print(" ".join(sorted(str(message.id) for message in run_checks())))
try:
    print(reverse("diia_videoreception:second_factor"))
except NoReverseMatch:
    print("no step")
for name in ("diia_videoreception:official_day", "videoreception_applications:index", "videoreception_people:index"):
    print(reverse(name))
"""


def test_without_the_extra__everything_is_there_and_the_check_is_loud() -> None:
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
    checks, step, *addresses = done.stdout.splitlines()
    assert "diia_videoreception.W027" in checks
    assert "diia_videoreception.E" not in checks
    assert step == "no step"
    assert len(addresses) == 3
