"""The portal's settings of the device check: one dict `DEVICE_CHECK`, typed and checked.

    from device_check.conf import app_settings
    app_settings.valid_days

Unknown keys and wrong types are reported by the system checks, each by its name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, cast

from device_check.workers.conf import WorkersConf
from integrations.common.rates import Rate, problems_of_rates, rate_of
from integrations.common.settings_dict import SettingsProxy, read_value

SETTING = "DEVICE_CHECK"

RATES: Mapping[str, str] = {
    "page": "120/min",
    "run": "20/min",
    "analyse": "60/min",
    "step": "120/min",
    "ping": "300/min",
    "payload": "40/min",
    "enrol": "10/min",
}
"""How often one person may do what, by scope; the setting THROTTLE replaces them one by one."""


@dataclass(frozen=True, slots=True)
class Help:
    """Who helps a person that gets stuck: a telephone, a sentence on other ways, and where it leads.

    Nothing is promised while `text` is empty, such as a reception by phone or in a centre.
    """

    phone: str = ""
    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """TURN servers with time-limited credentials of a shared secret (coturn: use-auth-secret)."""

    urls: tuple[str, ...] = ()
    secret: str = field(default="", repr=False)
    ttl_minutes: int = 30


@dataclass(frozen=True, slots=True)
class Reports:
    """Where the workplaces' agents send their reports, and the key that proves the portal."""

    endpoint: str = ""
    """What the portal listens on: "tcp://0.0.0.0:5571"."""
    public_endpoint: str = ""
    """How agents reach it, if otherwise."""
    keys: str = ""
    """Folder of the portal's CURVE key."""


@dataclass(frozen=True, slots=True)
class AppSettings:
    """The settings with their defaults; each key of the dict is the upper-case field name."""

    subject: str = ""
    """Dotted path of (request) -> str: who is in front of the browser; "" for a guest."""
    may_use_context: str = ""
    """Dotted path of (request, context) -> bool: whether the check may be for this context."""
    help: Help = Help()
    turn: Turn = Turn()
    workers: WorkersConf = field(default_factory=WorkersConf)
    reports: Reports = Reports()
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Thresholds of the analysis by name; they replace the measured defaults one by one."""
    stylesheet: str = "diia_videoreception/css/vr.css"
    """Static file of the `vr-` system."""
    base_template: str = "device_check/base.html"
    """What the page extends: the portal's own frame with the blocks title, head, content, scripts."""
    embed_origins: tuple[str, ...] = ()
    """Other origins that may show the page in a frame: "https://dopomoha.gov.ua"."""
    run_minutes: int = 30
    """How long a run may be written to."""
    valid_days: int = 14
    """How long a result is good for."""
    keep_days: int = 180
    """How long finished runs are kept; unfinished ones go after a day."""
    analyses_at_once: int = 2
    """Analyses in one server process at a time; further ones are told that nothing was checked."""
    max_images: int = 5
    max_image_bytes: int = 600 * 1024
    max_sound_bytes: int = 300 * 1024
    throttle: Mapping[str, str] = field(default_factory=dict)
    """Rates by scope: {"analyse": "30/min"}; they replace the defaults."""

    def rate(self, scope: str) -> Rate:
        """Return how often one person may do what belongs to the scope."""
        return rate_of(scope, given=self.throttle, known=RATES)


def read_settings(raw: object) -> tuple[AppSettings, list[str]]:
    """Read the dict into typed settings.

    Returns:
        The settings (defaults where a value is unusable) and the problems in words.
    """
    values, problems = _read(SETTING, raw, AppSettings())
    name = f"{SETTING}['THROTTLE']"
    problems += problems_of_rates(name, given=values.get("throttle", {}), known=RATES)
    return AppSettings(**values), problems


def _read(name: str, raw: object, defaults: Any) -> tuple[dict[str, Any], list[str]]:
    """Return the usable values of a dict by field name, and what is wrong with the others."""
    if not isinstance(raw, Mapping):
        return {}, [f"{name} must be a dict."]
    known = {item.name.upper(): item.name for item in fields(defaults)}
    problems = [f"{name} has an unknown key {key!r}." for key in raw if key not in known]
    values: dict[str, Any] = {}
    for key, attribute in known.items():
        if key not in raw:
            continue
        value, wrong = _read_value(f"{name}[{key!r}]", raw[key], getattr(defaults, attribute))
        problems += wrong
        if value is not None:
            values[attribute] = value
    return values, problems


def _read_value(name: str, value: Any, default: Any) -> tuple[Any, list[str]]:
    if isinstance(default, Help | Turn | WorkersConf | Reports):
        # An empty string switches the whole part off.
        inner, problems = _read(name, value or {}, default)
        return type(default)(**inner), problems
    if "THRESHOLDS" in name:
        return _read_thresholds(name, value)
    read, problem = read_value(name, value, default)
    return read, [problem] if problem else []


def _read_thresholds(name: str, value: Any) -> tuple[Any, list[str]]:
    if isinstance(value, Mapping) and all(
        isinstance(item, int | float) and not isinstance(item, bool) for item in value.values()
    ):
        return dict(value), []
    return None, [f"{name} must be a dict of numbers."]


app_settings = cast(AppSettings, SettingsProxy(SETTING, lambda raw: read_settings(raw)[0]))
