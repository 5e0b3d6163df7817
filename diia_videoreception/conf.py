"""The portal's settings of this app: one dict `DIIA_VIDEORECEPTION`, typed and checked.

    from diia_videoreception.conf import app_settings
    app_settings.letter_password

Unknown keys and wrong types are reported by the system checks, each by its name.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Literal, cast

from django.conf import settings

from diia_videoreception.rules.limits import HoldLimits
from diia_videoreception.rules.second_factor import problems_of_policies
from diia_videoreception.rules.unusual_looks import LookLimits
from diia_videoreception.rules.uploads import KeptLimits, UploadLimits
from integrations.common.rates import Rate, problems_of_rates, rate_of
from integrations.common.settings_dict import SettingsProxy, read_value
from integrations.common.urls import is_safe_url

SETTING = "DIIA_VIDEORECEPTION"

RATES: Mapping[str, str] = {
    "page": "300/min",
    "times": "120/min",
    "sign_in": "60/min",
    "kep": "30/min",
    "kep_session": "10/min",
    "captcha": "60/min",
    "reserve": "30/min",
    "upload": "60/min",
    "draft": "120/min",
    "submit": "20/min",
    "code": "10/min",
    "code_letter": "20/day",
    "password": "20/min",
    "second_factor": "5/min",
    "api_read": "300/min",
    "api_write": "60/min",
    "hold": "30/min",
    "token": "30/min",
    "room_enter": "30/min",
    "room_poll": "240/min",
    "room_signal": "600/min",
    "room_message": "60/min",
    "room_act": "60/min",
    "room_guest": "20/min",
    "calendar_address": "1200/min",
    "calendar_feed": "30/hour",
    "sms_phone": "6/day",
    "sms_agency": "2000/day",
    "sms_all": "20000/day",
    "sms_report": "600/min",
    "conference_event": "6000/min",
    "trial_letter": "10/hour",
    "centre_request": "5/day",
    "centre_join": "10/min",
    "consent_code": "30/hour",
    "slip_sent": "60/hour",
    "centre_codes": "300/day",
    "mandate_search": "10/min",
    "kiosk_pair": "10/min",
    "kiosk_phone": "30/min",
    "export": "20/hour",
    "slip": "30/hour",
    "slip_status": "10/min",
    "suggestion": "20/min",
    "help_desk": "60/hour",
    "help_desk_about": "10/hour",
    "take_over": "10/hour",
    "own_copy": "10/hour",
}
"""How often one person may do what, by scope; the setting THROTTLE replaces them one by one."""

LetterPassword = Literal["official_mailbox_only", "always", "link"]
LETTER_PASSWORD_CHOICES = ("official_mailbox_only", "always", "link")


@dataclass(frozen=True, slots=True)
class ProviderConf:
    """One alias of a provider setting: dotted path of the class and its options."""

    backend: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AppSettings:
    """The settings with their defaults; each key of the dict is the upper-case field name."""

    base_url: str = ""
    """Absolute address of the portal, for links in letters: "https://portal.gov.ua"."""
    encryption_keys: tuple[str, ...] = ()
    """Fernet keys; the first encrypts, all decrypt."""
    lookup_key: str = ""
    """Secret of the keyed hashes by which identifiers are found; changing it needs a re-hash."""
    identity: Mapping[str, ProviderConf] = field(default_factory=dict)
    conference: Mapping[str, ProviderConf] = field(default_factory=dict)
    mailbox: Mapping[str, ProviderConf] = field(default_factory=dict)
    """The portal's mail server, alias `default`; without one, letters go to the confirmed address."""
    sms: Mapping[str, ProviderConf] = field(default_factory=dict)
    """The gateway for text messages, alias `default`, and `abroad` for foreign numbers where that is another
    one; none when empty."""
    sms_url: str = ""
    """A short address of the portal for text messages, which have little room; that of this app when empty."""
    antivirus: Mapping[str, ProviderConf] = field(default_factory=dict)
    """The scanner that looks at documents before they are kept, alias `default`; none when empty."""
    captcha: str = "integrations.captcha.altcha.AltchaCaptcha"
    letters_from: str = ""
    """Sender of the letters; DEFAULT_FROM_EMAIL when empty."""
    letter_password: LetterPassword = "official_mailbox_only"
    digest_hour: int = 8
    """When agencies that want one letter a day are told of applications, by their own clocks."""
    evening_hour: int = 18
    """When officials are told of the receptions of the next day, by the clocks of their agencies."""
    private_storage: str = "diia_videoreception"
    """Alias in STORAGES of the private storage of citizens' documents."""
    support_phone: str = ""
    support_url: str = ""
    other_ways: str = ""
    """Who else helps a person that cannot book here, as a sentence; such as an administrator of a
    centre. Nothing is promised while it is empty."""
    service_url: str = ""
    """Address of the service page, for the way back to it and to the terms of use."""
    default_country: str = "UA"
    hold_minutes: int = 15
    holds_per_day: int = 6
    hold_cool_down_minutes: int = 30
    open_applications_per_official: int = 2
    open_applications_total: int = 5
    topic_max_length: int = 1000
    max_files: int = 10
    max_file_bytes: int = 5 * 1024 * 1024
    max_kept_files: int = 40
    """Documents of one person in the draft, in open applications and in those of the last day."""
    max_kept_bytes: int = 100 * 1024 * 1024
    """The same in bytes."""
    examiners: int = 0
    """How many documents are looked through at once on one machine; 0: one less than its processors, at least two."""
    examiners_folder: str = ""
    """Folder that all web processes of one machine share; a folder of the portal's user in /tmp when empty."""
    proposal_notice_hours: int = 24
    """How near a time may lie that an agency proposes, or sets, without the citizen's explicit yes."""
    session_idle_minutes: int = 30
    session_max_hours: int = 8
    fresh_sign_in_minutes: int = 10
    """How old a sign-in may be for binding and unbinding keys, and for a copy of one's own data."""
    evidence_days: int = 1095
    """How long what proves a sign-in is kept; a signature lives as long as its application."""
    draft_hours: int = 24
    erasure_days: int = 14
    """How many days a person can take back that their data be erased; at least 1."""
    content_security_policy: Mapping[str, str] = field(default_factory=dict)
    """Sources by directive that our screens may use besides: {"img-src": "https://cdn.gov.ua"}."""
    room_opens_minutes: int = 15
    """How long before a reception its room opens."""
    room_closes_minutes: int = 60
    """How long after the end of a reception its room closes, unless the official ends it."""
    absence_grace_minutes: int = 10
    """How long after its start each side of a reception is waited for before it may be noted as absent."""
    second_factor: Mapping[str, str] = field(default_factory=dict)
    """By role of staff (moderator, head, official, superuser, centre, operator, help_desk) "required" or "offered"; required where it says nothing."""
    second_factor_hours: int = 12
    """How long the second factor of staff holds in one browser."""
    second_factor_fresh_minutes: int = 10
    """How old it may be for showing a password and for taking evidence out."""
    looks_per_hour: int = 60
    """From how many different cases more one member of staff who opens them within an hour is told of to the heads; 0: never."""
    looks_per_day: int = 200
    """The same within 24 hours."""
    looks_times_usual: int = 3
    """From how many times their own usual of a day, if it is more than 30 cases."""
    looks_outside: int = 20
    """From how many cases more within 24 hours that are not on their own work list."""
    centre_idle_minutes: int = 15
    """How long people of centres may do nothing on their pages until the second factor is asked for again."""
    throttle: Mapping[str, str] = field(default_factory=dict)
    """Rates by scope: {"hold": "30/min"}; they replace the defaults."""

    def rate(self, scope: str) -> Rate:
        """Return how often one person may do what belongs to the scope."""
        return rate_of(scope, given=self.throttle, known=RATES)

    @property
    def erasure_wait(self) -> timedelta:
        """How long a person can take back that their data be erased."""
        return timedelta(days=max(1, self.erasure_days))

    @property
    def hold_limits(self) -> HoldLimits:
        return HoldLimits(
            hold=timedelta(minutes=self.hold_minutes),
            per_day=self.holds_per_day,
            cool_down=timedelta(minutes=self.hold_cool_down_minutes),
            open_per_official=self.open_applications_per_official,
            open_total=self.open_applications_total,
        )

    @property
    def examination_folder(self) -> Path:
        """Where the places of the examiners are kept: one folder for all processes of this portal."""
        if self.examiners_folder:
            return Path(self.examiners_folder)
        portal = hashlib.sha256(settings.SECRET_KEY.encode()).hexdigest()[:16]
        return Path(gettempdir(), f"diia-videoreception-{os.geteuid()}-{portal}")

    @property
    def upload_limits(self) -> UploadLimits:
        return UploadLimits(files=self.max_files, bytes=self.max_file_bytes)

    @property
    def look_limits(self) -> LookLimits:
        return LookLimits(
            hour=self.looks_per_hour,
            day=self.looks_per_day,
            times_usual=self.looks_times_usual,
            outside=self.looks_outside,
        )

    @property
    def kept_limits(self) -> KeptLimits:
        return KeptLimits(files=self.max_kept_files, bytes=self.max_kept_bytes)


_MAPPINGS_OF_PROVIDERS = {"identity", "conference", "mailbox", "sms", "antivirus"}
_UNUSABLE = {"default": ProviderConf("")}
"""In place of a scanner that is set but cannot be read: nothing may be kept unscanned."""


def read_settings(raw: object) -> tuple[AppSettings, list[str]]:
    """Read the dict into typed settings.

    Returns:
        The settings (defaults where a value is unusable) and the problems in words.
    """
    if not isinstance(raw, Mapping):
        return AppSettings(), [f"{SETTING} must be a dict."]
    known = {item.name.upper(): item for item in fields(AppSettings)}
    problems = [f"{SETTING} has an unknown key {key!r}." for key in raw if key not in known]
    values: dict[str, Any] = {}
    defaults = AppSettings()
    for key, item in known.items():
        if key not in raw:
            continue
        value, problem = _read_value(key, raw[key], getattr(defaults, item.name))
        if problem:
            problems.append(problem)
            if item.name == "antivirus":
                values[item.name] = _UNUSABLE
        else:
            values[item.name] = value
    name = f"{SETTING}['THROTTLE']"
    problems += problems_of_rates(name, given=values.get("throttle", {}), known=RATES)
    policies = values.get("second_factor", {})
    problems += problems_of_policies(f"{SETTING}['SECOND_FACTOR']", given=policies)
    return AppSettings(**values), problems


def _read_value(key: str, value: Any, default: Any) -> tuple[Any, str]:
    name = key.lower()
    if name in _MAPPINGS_OF_PROVIDERS:
        return _read_providers(key, value)
    if name == "letter_password" and value not in LETTER_PASSWORD_CHOICES:
        return None, f"{SETTING}[{key!r}] must be one of {', '.join(LETTER_PASSWORD_CHOICES)}."
    if name == "sms_url" and value and not _is_https(value):
        return None, f"{SETTING}[{key!r}] must be an https address."
    if name in {"digest_hour", "evening_hour"}:
        is_hour = type(value) is int and 0 <= value < 24
        return value, "" if is_hour else f"{SETTING}[{key!r}] must be an hour from 0 to 23."
    return read_value(f"{SETTING}[{key!r}]", value, default)


def _is_https(value: object) -> bool:
    return isinstance(value, str) and is_safe_url(value, allow_http_loopback=True)


def _read_providers(key: str, value: Any) -> tuple[Any, str]:
    wanted = f"{SETTING}[{key!r}] must look like {{'alias': {{'BACKEND': 'dotted.path', 'OPTIONS': {{}}}}}}."
    if not isinstance(value, Mapping):
        return None, wanted
    result = {}
    for alias, conf in value.items():
        if not isinstance(conf, Mapping) or not isinstance(conf.get("BACKEND"), str):
            return None, wanted
        if set(conf) - {"BACKEND", "OPTIONS"} or not isinstance(conf.get("OPTIONS", {}), Mapping):
            return None, wanted
        result[str(alias)] = ProviderConf(conf["BACKEND"], dict(conf.get("OPTIONS", {})))
    return result, ""


app_settings = cast(AppSettings, SettingsProxy(SETTING, lambda raw: read_settings(raw)[0]))
