"""A portal as `wagtail start` makes it, with this project's apps in front.

The environment chooses the database: see tests/harness/databases.py. `TEST_SERVER=1` marks a server
process of tests/harness/http.py, which works on the database of the test run that started it.
"""

import json
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.harness import portal

FOLDER = Path(os.environ.get("TEST_FOLDER", "/tmp/vr-tests"))
IS_SERVER = os.environ.get("TEST_SERVER") == "1"

SECRET_KEY = "only-for-tests-and-long-enough-to-please-the-deployment-check"
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]

INSTALLED_APPS = [
    *(
        name
        for name in ("cms_pages", "diia_videoreception", "device_check", "integrations")
        if find_spec(name) and find_spec(f"{name}.apps")
    ),
    "tests.harness",
    "altcha_django",
    "rest_framework",
    "drf_spectacular",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tests.harness.csp.StrictPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "diia_videoreception.web.second_factor.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "diia_videoreception.web.middleware.CitizenMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "tests.urls"
WSGI_APPLICATION = "tests.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


def _sqlite() -> dict[str, Any]:
    # A file, not memory: rivals and server processes each open their own connection.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "portal.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA busy_timeout=20000;"
            ),
        },
        "TEST": {"NAME": FOLDER / "test.sqlite3"},
    }


def _postgres() -> dict[str, Any]:
    url = urlsplit(os.environ.get("DATABASE_URL", "postgres://postgres@/postgres"))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.removeprefix("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or os.environ.get("TEST_POSTGRES_HOST", ""),
        "PORT": url.port or "",
        "TEST": {"NAME": f"test_{FOLDER.name.replace('-', '_')}"},
    }


DATABASES = {"default": _postgres() if os.environ.get("TEST_DATABASE") == "postgres" else _sqlite()}
if IS_SERVER:
    DATABASES["default"]["NAME"] = os.environ["TEST_SERVER_DATABASE"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_IN_DATABASE = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "tests_cache",
}
CACHES = {
    # One process needs no shared cache; several servers do, for throttles and single-use proofs.
    "default": _IN_DATABASE
    if IS_SERVER
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "shared": _IN_DATABASE,
}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LANGUAGE_CODE = "uk"
LANGUAGES = [("uk", "Українська"), ("en", "English")]
TIME_ZONE = "Europe/Kyiv"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = FOLDER / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = FOLDER / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "diia_videoreception": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Processes side by side would take each other’s files for their own.
        "OPTIONS": {
            "location": FOLDER / f"private{os.environ.get('PYTEST_XDIST_WORKER', '')}",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "portal@example.gov.ua"

WAGTAIL_SITE_NAME = "Портал"
WAGTAILADMIN_USER_LOGIN_FORM = "diia_videoreception.wagtail_admin.login.StaffLoginForm"
WAGTAILADMIN_BASE_URL = "http://testserver"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}

ALTCHA_HMAC_SECRET = "only-for-tests-altcha-secret-0123456789"
# Easy enough for a test to solve thousands of times.
ALTCHA_CHALLENGE = {"cost": 1, "key_prefix": "0"}

DIIA_VIDEORECEPTION: dict[str, Any] = {
    "BASE_URL": "http://testserver",
    "ENCRYPTION_KEYS": ["Y1Jr3pWm0cS8uYJ2mLQ4Qn1rYw5sV0r5l2c7qk0b9tE="],
    # Of this run alone: other runs on the machine do not take its places.
    # Places are of one process: tests side by side are not one portal.
    "EXAMINERS_FOLDER": str(FOLDER / f"examiners{os.environ.get('PYTEST_XDIST_WORKER', '')}"),
    # Tests of the second factor want it; most others are about something else.
    "SECOND_FACTOR": dict.fromkeys(
        (
            "moderator",
            "head",
            "official",
            "superuser",
            "centre",
            "operator",
            "help_desk",
            "auditor",
        ),
        "offered",
    ),
    "LOOKUP_KEY": "only-for-tests-lookup-key-0123456789",
    "IDENTITY": {"portal": portal.PROVIDER},
    "CONFERENCE": {"default": {"BACKEND": "integrations.conference.external.ExternalProgram"}},
}

DEVICE_CHECK: dict[str, Any] = {
    "SUBJECT": "diia_videoreception.web.equipment.subject_of",
    "MAY_USE_CONTEXT": "diia_videoreception.web.equipment.may_use_context",
    "HELP": {"PHONE": "0 800 000 000", "URL": "/centres/"},
}

# What a test changes for the server processes that it starts.
globals().update(json.loads(os.environ.get("TEST_SERVER_SETTINGS", "{}")))
