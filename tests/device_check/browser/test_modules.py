"""The parts of the page's script that decide without a person, each word of them."""

import io
import wave
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page

import device_check
from device_check import verdicts
from device_check.verdicts import GOOD_CONNECTION, MIN_CONNECTION, ConnectionLimits

CHROME = "Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36"
SAFARI = "Mozilla/5.0 ({system}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 {mobile}Safari/604.1"
IPHONE = "iPhone; CPU iPhone OS 26_0 like Mac OS X"
REASONS = [
    ("NotAllowedError", "", {}, "denied_by_browser"),
    ("NotAllowedError", "", {"state": "denied"}, "denied_by_browser"),
    ("NotAllowedError", "Permission dismissed", {"state": "prompt"}, "dismissed"),
    ("NotAllowedError", "Permission denied by system", {"state": "denied"}, "denied_by_system"),
    ("NotAllowedError", "", {"state": "granted"}, "denied_by_system"),
    ("NotAllowedError", "", {"allowed": False, "state": "denied"}, "policy_blocked"),
    ("NotAllowedError", "", {"framed": True, "state": "denied"}, "policy_blocked"),
    ("NotAllowedError", "", {"framed": True, "state": "denied", "allowed": True}, "denied_by_browser"),
    ("PermissionDeniedError", "", {}, "denied_by_browser"),
    ("SecurityError", "", {}, "policy_blocked"),
    ("InvalidStateError", "", {}, "dismissed"),
    ("NotFoundError", "", {}, "no_device"),
    ("NotFoundError", "", {"listed": True}, "denied_by_system"),
    ("DevicesNotFoundError", "", {}, "no_device"),
    ("NotReadableError", "", {}, "busy"),
    ("TrackStartError", "", {}, "busy"),
    ("AbortError", "", {}, "busy"),
    ("OverconstrainedError", "", {}, "overconstrained"),
    ("ConstraintNotSatisfiedError", "", {}, "overconstrained"),
    ("NotSupportedError", "", {}, "unsupported"),
    ("TypeError", "", {}, "unsupported"),
    ("SomethingNewError", "not found", {}, "busy"),
]  # fmt: skip
PLATFORMS = [
    (CHROME.format(system="Windows NT 10.0; Win64; x64"), 0, "windows chromium"),
    (CHROME.format(system="Linux; Android 16; K"), 5, "android chromium"),
    (CHROME.format(system="X11; Linux x86_64"), 0, "other chromium"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", 0, "other firefox"),
    (SAFARI.format(system="Macintosh; Intel Mac OS X 10_15_7", mobile=""), 0, "macintosh safari"),
    (SAFARI.format(system="Macintosh; Intel Mac OS X 10_15_7", mobile=""), 5, "ios safari"),
    (SAFARI.format(system=IPHONE, mobile="Mobile/15E148 "), 5, "ios safari"),
    (f"Mozilla/5.0 ({IPHONE}) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", 5, "ios safari in app"),
    (CHROME.format(system="Linux; Android 16; K; wv"), 5, "android chromium in app"),
    (CHROME.format(system="Linux; Android 16; K") + " Instagram 300.0", 5, "android chromium in app"),
]  # fmt: skip
DEVICES = [
    {"kind": "audioinput", "deviceId": "default", "groupId": "b", "label": "Default"},
    {"kind": "audioinput", "deviceId": "communications", "groupId": "a", "label": "Communications"},
    {"kind": "audioinput", "deviceId": "1", "groupId": "a", "label": "CABLE Output (VB-Audio)"},
    {"kind": "audioinput", "deviceId": "2", "groupId": "b", "label": "Microphone"},
    {"kind": "videoinput", "deviceId": "", "groupId": "", "label": ""},
]


SCRIPTS = Path(device_check.__file__).parent / "static" / "device_check"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def page(chromium_browser: Any) -> Iterator[Page]:
    """A page without anything, from which the modules can be imported."""
    handler = partial(_Quiet, directory=str(SCRIPTS))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        context = chromium_browser.new_context(base_url=f"http://127.0.0.1:{server.server_port}")
        opened = context.new_page()
        opened.goto("/check.css")
        yield opened
        context.close()
        server.shutdown()


def run(page: Page, module: str, script: str, value: Any = None) -> Any:
    """What the script makes of the module `it` and the value."""
    start = f"const it = await import('/{module}.js');"
    return page.evaluate(f"async (value) => {{ {start} {script} }}", value)


def test_reasons__are_told_apart(page: Page) -> None:
    script = """
      return value.map(([name, message, known]) =>
        it.reason(Object.assign(new Error(message), { name }), known));
    """

    found = run(page, "errors", script, [case[:3] for case in REASONS])

    assert list(zip(REASONS, found, strict=True)) == [(case, case[3]) for case in REASONS]


def test_platforms__are_told_apart(page: Page) -> None:
    agents = [(agent, touch_points) for agent, touch_points, _ in PLATFORMS]

    found = run(page, "trouble", "return value.map((one) => it.platform(...one));", agents)
    in_app = run(page, "platform", "return value.map(([agent]) => it.inApp(agent));", agents)

    words = [f"{it['system']} {it['family']}" for it in found]
    assert [
        f"{one}{' in app' * is_in_app}" for one, is_in_app in zip(words, in_app, strict=True)
    ] == [words for _, _, words in PLATFORMS]


def test_obstacle__is_named_before_anything_is_asked(page: Page) -> None:
    scopes = [
        {"isSecureContext": False, "navigator": {"userAgent": ""}},
        {"isSecureContext": True, "navigator": {"userAgent": "Old/1.0"}},
        {"isSecureContext": True, "navigator": {"userAgent": f"({IPHONE}) AppleWebKit FBAN/FBIOS"}},
    ]

    found = run(page, "platform", "return value.map((scope) => it.obstacle(scope));", scopes)

    assert found == ["insecure_page", "unsupported", "in_app_browser"]
    assert run(page, "platform", "return it.obstacle();") == ""


def test_devices__are_real_ones_the_default_first(page: Page) -> None:
    found = run(
        page, "devices", "return it.arrange(value, 'microphone').map((one) => one.label);", DEVICES
    )

    assert found == ["Microphone", "CABLE Output (VB-Audio)"]
    assert run(page, "devices", "return it.arrange(value, 'camera');", DEVICES) == []


def test_virtual_devices__are_known_by_name(page: Page) -> None:
    virtual = [
        "OBS Virtual Camera", "CABLE Output (VB-Audio Virtual Cable)", "BlackHole 2ch",
        "Stereo Mix (Realtek)",
    ]  # fmt: skip
    real = ["Logitech HD Webcam C270", "FaceTime HD Camera", "Jabra Evolve"]

    assert run(page, "devices", "return value.filter(it.isVirtual);", virtual + real) == virtual


VIRTUAL_FIRST = """
  const opened = [];
  const track = (id) => ({ kind: "video", label: id === "real" ? "Webcam" : "OBS Virtual Camera",
    getSettings: () => ({ deviceId: id }), stop: () => opened.push(`stop ${id}`) });
  const media = navigator.mediaDevices;
  const before = [media.getUserMedia, media.enumerateDevices];
  media.enumerateDevices = async () => [
    { kind: "videoinput", deviceId: "obs", groupId: "1", label: "OBS Virtual Camera" },
    { kind: "videoinput", deviceId: "real", groupId: "2", label: "Webcam" }];
  media.getUserMedia = async ({ video }) => {
    const id = video.deviceId?.exact ?? "obs";
    opened.push(id);
    return { getTracks: () => [track(id)] };
  };
  localStorage.clear();
  const devices = new it.Devices();
  await devices.open(["camera"]);
  devices.choose("camera", "obs");
  await new it.Devices().open(["camera"]);
  [media.getUserMedia, media.enumerateDevices] = before;
  return opened;
"""


def test_a_virtual_camera__is_used_only_by_choice(page: Page) -> None:
    assert run(page, "devices", VIRTUAL_FIRST) == ["obs", "stop obs", "real", "obs"]


OVERCONSTRAINED = """
  const asked = [];
  const media = navigator.mediaDevices;
  const before = media.getUserMedia;
  media.getUserMedia = async (wanted) => {
    asked.push(Object.keys(wanted).join("+") + (wanted.video === true ? " plain" : ""));
    if (wanted.video !== true) throw new DOMException("", "OverconstrainedError");
    if (wanted.audio) throw new DOMException("", "NotReadableError");
    return { getTracks: () => [{ kind: "video", label: "Webcam" }] };
  };
  const lost = await new it.Devices().open(["camera", "microphone"]);
  media.getUserMedia = before;
  return { asked, lost };
"""


def test_what_cannot_be_had_together__is_asked_for_alone(page: Page) -> None:
    found = run(page, "devices", OVERCONSTRAINED)

    assert found["asked"][:4] == ["video+audio", "video+audio plain", "video", "video plain"]
    assert found["lost"] == {"camera": "", "microphone": "overconstrained"}


NO_ANSWER = """
  const root = document.createElement("div");
  root.innerHTML = '<template data-dc="texts"><i data-text="ways"></i></template>';
  const before = [window.fetch, window.setTimeout];
  window.fetch = () => new Promise(() => {});
  const stuck = new Promise((resolve) => setTimeout(resolve, 2000, "stuck"));
  window.setTimeout = (act) => act();
  const said = await Promise.race([new it.View(root).learn().then(() => "goes on"), stuck]);
  [window.fetch, window.setTimeout] = before;
  return said;
"""


def test_words_that_do_not_come__hold_nothing_up(page: Page) -> None:
    assert run(page, "view", NO_ANSWER) == "goes on"


def test_sound_file__is_a_wav_of_16_kilohertz(page: Page) -> None:
    script = "return [...new Uint8Array(await it.wav(Float32Array.of(...value)).arrayBuffer())];"

    with wave.open(io.BytesIO(bytes(run(page, "sound", script, [0, 0.5, -1, 2])))) as file:
        assert file.getparams()[:4] == (1, 2, 16_000, 4)
        frames = file.readframes(4)

    assert [int.from_bytes(frames[at : at + 2], "little", signed=True) for at in (0, 2, 4, 6)] == [
        0, 16383, -32767, 32767,
    ]  # fmt: skip


def test_meter__follows_the_sound(page: Page) -> None:
    found = run(page, "sound", "return value.map(it.level);", [-100, -70, -50, -25, -3])

    assert [(it["parts"], it["word"]) for it in found] == [
        (0, "nothing"), (0, "quiet"), (2, "quiet"), (7, "good"), (11, "loud"),
    ]  # fmt: skip


BETWEEN = ConnectionLimits(rtt_ms=400, loss_percent=8, kbit_per_s=350)
CONNECTIONS = [
    {"rtt_ms": limits.rtt_ms * factor, "loss_percent": limits.loss_percent * factor, "kbit_per_s": limits.kbit_per_s / factor}
    for limits in (GOOD_CONNECTION, BETWEEN, MIN_CONNECTION)
    for factor in (0.9, 1.0, 1.1)
]  # fmt: skip


def test_connection__is_judged_as_by_the_server(page: Page) -> None:
    found = run(page, "network", "return value.map(it.judge);", CONNECTIONS)

    judged = [verdicts.judge_connection(numbers) for numbers in CONNECTIONS]
    assert [(it["verdict"], tuple(it["problems"])) for it in found] == [
        (verdict.step_word, problems) for verdict, problems in judged
    ]


GOOD = {"rtt_ms": 50, "loss_percent": 0, "kbit_per_s": 5000}
BAD = {"rtt_ms": 50, "loss_percent": 40, "kbit_per_s": 5000}


SUMMARIES: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"udp": GOOD, "tcp": BAD}, "ok", []),
    ({"udp": BAD, "tcp": GOOD}, "ok", []),
    ({"udp": {"code": "turn_unreachable"}, "tcp": GOOD}, "advice", ["no_udp"]),
    ({"udp": {"code": "turn_unreachable"}, "tls": {"code": "turn_denied"}}, "problem", ["turn_denied"]),
    ({"udp": {"code": "turn_unreachable"}}, "problem", ["turn_unreachable"]),
    ({"http": {"code": "offline"}}, "problem", ["offline"]),
    ({"http": BAD}, "problem", ["lossy"]),
]  # fmt: skip


def test_the_best_way__counts(page: Page) -> None:
    found = run(page, "network", "return value.map(it.summary);", [ways for ways, *_ in SUMMARIES])

    assert [(it["verdict"], it["problems"]) for it in found] == [
        (verdict, problems) for _, verdict, problems in SUMMARIES
    ]


STEPS = ("browser", "permission", "camera", "microphone", "speakers", "connection", "clock")
SAID = ("ok", "advice", "problem", "skipped", "not_checked")


def test_the_whole__is_judged_as_by_the_server(page: Page) -> None:
    runs = [
        {name: {"verdict": "ok"} for name in STEPS} | {step: {"verdict": verdict}}
        for step in STEPS
        for verdict in SAID
    ]

    assert run(page, "check", "return value.map(it.overall);", runs) == [
        verdicts.overall(results) for results in runs
    ]
