"""Settings of the demonstration portal.

The environment may choose `SANDBOX_PORT`, `SANDBOX_HOST` for https to other machines, and `SANDBOX_VAR`,
the folder of everything that this copy writes (sandbox/var). Commands of manage.py use the port and the
host of the last `make demo`, or 8000 on this machine.
"""

import os
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sandbox.authority.keyring import PORTAL_CERTIFICATE, PORTAL_KEY, load_keyring
from sandbox.https import CERTIFICATE, ensure_certificate
from sandbox.secret_store import load_secrets

PORTAL = Path(__file__).resolve().parent
VAR = Path(os.environ.get("SANDBOX_VAR") or PORTAL / "var")
# Where the last one ran: the port, and the host if it had one.
PORT_FILE = VAR / "port"
LAST = PORT_FILE.read_text().split() if PORT_FILE.exists() else []
PORT = int(os.environ.get("SANDBOX_PORT") or (LAST[0] if LAST else 8000))
HOST = os.environ.get("SANDBOX_HOST", "".join(LAST[1:]))
TLS = VAR / "tls"
LOCAL_URL = f"http://127.0.0.1:{PORT}"
SITE_URL = f"https://{HOST}:{PORT}" if HOST else LOCAL_URL
# What machines ask this one for under LOCAL_URL; people are led to SITE_URL.
FOR_MACHINES = ("/authority/", "/identity/jwks.json")
SECRETS = load_secrets(VAR)
AUTHORITY = load_keyring(VAR / "authority", url=f"{LOCAL_URL}/authority")

if HOST:
    ensure_certificate(TLS, HOST, now=datetime.now(UTC))

SECRET_KEY = SECRETS["secret_key"]
DEBUG = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost", *filter(None, [HOST])]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(HOST)

INSTALLED_APPS = [
    "sandbox",
    "cms_pages",
    "diia_videoreception",
    "device_check",
    "integrations",
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
    "sandbox.middleware.OneHostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "sandbox.middleware.StrictPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "diia_videoreception.web.second_factor.SecondFactorMiddleware",
    "diia_videoreception.web.middleware.CitizenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "sandbox.middleware.PlainErrorsMiddleware",
]

ROOT_URLCONF = "sandbox.urls"
CSRF_FAILURE_VIEW = "diia_videoreception.web.errors.csrf_failure"
WSGI_APPLICATION = "sandbox.wsgi.application"

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

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR / "portal.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;"
            ),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by the server and the housekeeping process.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "sandbox_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "uk"
LANGUAGES = [("uk", "Українська"), ("en", "English")]
TIME_ZONE = "Europe/Kyiv"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "diia_videoreception": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": VAR / "private",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Letters are files; the page «Поштова скринька демо» shows them.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
SMS_FOLDER = VAR / "sms"
DEFAULT_FROM_EMAIL = "videopryiom@portal.example"

WAGTAIL_SITE_NAME = "Кабінет електронних сервісів"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_USER_LOGIN_FORM = "diia_videoreception.wagtail_admin.login.StaffLoginForm"
WAGTAILADMIN_PERMITTED_LANGUAGES = [("uk", "Українська"), ("en", "English")]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None

REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}

ALTCHA_HMAC_SECRET = SECRETS["altcha_secret"]

PORTAL_ISSUER = f"{SITE_URL}/identity"
PORTAL_AUDIENCE = "diia-videoreception"

# Names and secrets of the portal at the mock services.
ID_GOV_UA_CLIENT = ("demo-portal", sha256(f"id.gov.ua {SECRET_KEY}".encode()).hexdigest())
BANKID_CLIENT = ("demo-portal", sha256(f"bankid {SECRET_KEY}".encode()).hexdigest())

# What both services need to make answers for the portal, and the portal to believe them.
SEALED_ANSWERS: dict[str, Any] = {
    "certificate_file": AUTHORITY.folder / PORTAL_CERTIFICATE,
    "key_file": AUTHORITY.folder / PORTAL_KEY,
    "trust": AUTHORITY.trust,
    "read_timeout": 5,
    "allow_http_loopback": True,
    "ca_file": str(TLS / CERTIFICATE) if HOST else "",
}

DIIA_VIDEORECEPTION: dict[str, Any] = {
    "BASE_URL": SITE_URL,
    "ENCRYPTION_KEYS": SECRETS["encryption_keys"],
    "LOOKUP_KEY": SECRETS["lookup_key"],
    "IDENTITY": {
        "kep": {
            "BACKEND": "integrations.identity.kep.KepSignature",
            "OPTIONS": {
                "trust": AUTHORITY.trust,
                "widget_url": f"{SITE_URL}/authority/",
                "allow_http_loopback": True,
            },
        },
        "id_gov_ua": {
            "BACKEND": "integrations.identity.id_gov_ua.IdGovUa",
            "OPTIONS": {
                "base_url": f"{SITE_URL}/id-gov-ua",
                "client_id": ID_GOV_UA_CLIENT[0],
                "client_secret": ID_GOV_UA_CLIENT[1],
                "signers": [AUTHORITY.holders["broker-seal"].certificate.fingerprint],
                **SEALED_ANSWERS,
            },
        },
        "bankid": {
            "BACKEND": "integrations.identity.bankid.BankId",
            "OPTIONS": {
                "base_url": f"{SITE_URL}/bankid",
                "client_id": BANKID_CLIENT[0],
                "client_secret": BANKID_CLIENT[1],
                "dataset": "11",
                **SEALED_ANSWERS,
            },
        },
        "portal": {
            "BACKEND": "integrations.identity.portal_tokens.PortalTokens",
            "OPTIONS": {
                "issuer": PORTAL_ISSUER,
                "audience": PORTAL_AUDIENCE,
                "authorize_url": f"{SITE_URL}/identity/",
                "jwks_url": f"{LOCAL_URL}/identity/jwks.json",
                "allow_http_loopback": True,
            },
        },
    },
    "CONFERENCE": {
        # Without a relay, so that the demonstration needs no other server: see docs/operate.md.
        "default": {
            "BACKEND": "integrations.conference.own.OwnRoom",
            "OPTIONS": {"direct": True},
        },
        "program": {"BACKEND": "integrations.conference.external.ExternalProgram"},
    },
    # Text messages are files; the page «Поштова скринька демо» shows them.
    "SMS": {
        "default": {
            "BACKEND": "integrations.sms.console.ConsoleSms",
            "OPTIONS": {"folder": SMS_FOLDER},
        }
    },
    # Whoever tries the demonstration can set one up, and nobody has to.
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
    "LETTERS_FROM": DEFAULT_FROM_EMAIL,
    "SERVICE_URL": "/pryiom-hromadian/",
    "SUPPORT_PHONE": "0 800 000 000",
    "SUPPORT_URL": "/pryiom-hromadian/reiestratsiia/",
}

DEVICE_CHECK: dict[str, Any] = {
    "SUBJECT": "diia_videoreception.web.equipment.subject_of",
    "MAY_USE_CONTEXT": "diia_videoreception.web.equipment.may_use_context",
    "BASE_TEMPLATE": "diia_videoreception/base.html",
    "HELP": {"PHONE": "0 800 000 000"},
}

# Two of the warnings are about plain http on this machine, which a demonstration is.
SILENCED_SYSTEM_CHECKS = ["diia_videoreception.W007"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        # A refusal is an answer and no event; what fails is.
        "django.server": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.request": {"level": "ERROR"},
        "django.security.csrf": {"level": "ERROR"},
        "diia_videoreception": {"handlers": ["console"], "level": "INFO"},
        "integrations": {"handlers": ["console"], "level": "INFO"},
    },
}
