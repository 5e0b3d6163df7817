"""Settings of the smallest portal with workers; where they are comes from the environment."""

import os

SECRET_KEY = "only for tests"
INSTALLED_APPS = ["device_check"]
DATABASES: dict[str, object] = {}
USE_TZ = True
DEVICE_CHECK = {"WORKERS": {"ENDPOINT": os.environ["CHECK_ENDPOINT"]}}
