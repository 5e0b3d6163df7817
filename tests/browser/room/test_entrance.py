"""Coming into a room and going out of it, each word of its script: one coming-in, and no way back by itself."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.steps.in_room import run

# A page whose every answer waits for the test; `log` is what it does, `later` what its timers would do.
STAGE = """
const { Refusal } = await import("/static/diia_videoreception/room/signalling.js");
const [log, answers, later] = [[], [], new Map()];
const [setTimeout, clearTimeout] = [window.setTimeout, window.clearTimeout];
window.setTimeout = (act) => later.set(later.size + 1, act).size;
window.clearTimeout = (number) => later.delete(number);
const soon = () => new Promise((resolve) => setTimeout.call(window, resolve, 20));
const asked = (name, words) => new Promise((resolve, reject) => {
  log.push(words ? `${name} ${words}` : name);
  answers.push({ resolve, reject });
});
const view = {
  phase: "before",
  get isInside() { return ["waiting", "call"].includes(this.phase); },
  text: (name) => name,
  announce: (words) => log.push(`said ${words}`),
};
const line = {
  stop() {},
  start: () => log.push("start"),
  enter: () => asked("enter"),
  leave: async () => log.push("leave"),
  post: (path, { from }) => asked(path, from),
};
const entrance = new it.Entrance({
  view, line, conference: "janus",
  own: { media: { wake() {} }, open: async () => log.push("open"), close: () => log.push("dark") },
  call: { close() {}, enter: async () => log.push("join") },
  notices: {
    clear() {},
    refuse: (words) => words && log.push(`refused ${words}`),
    down: (words) => log.push(`down ${words}`),
  },
  entered: ({ phase }) => (view.phase = phase),
  failed: () => {},
});
const show = (phase) => {
  view.phase = phase;
  entrance.stop();
};
const into = (phase, conference = "janus") => answers.shift().resolve({ phase, conference });
const refuse = (status, code) => answers.shift().reject(new Refusal(status, { code, message: code }));
const done = async () => {
  await soon();
  [window.setTimeout, window.clearTimeout] = [setTimeout, clearTimeout];
  return log;
};
"""


def play(page: Page, script: str, value: Any = None) -> list[str]:
    """What the page does."""
    log: list[str] = run(page, "entrance", f"{STAGE} {script} return done();", value)
    return log


def test_leaving__while_the_page_comes_in_ends_outside_with_everything_closed(page: Page) -> None:
    log = play(
        page,
        """
        entrance.enter();
        await soon();
        show("left");
        entrance.leave();
        await soon();
        log.push("answer");
        into("call");
        """,
    )

    assert log == ["open", "enter", "answer", "dark", "leave"], (
        "the seat is given up once it is taken"
    )


def test_leaving__is_not_undone_by_what_was_to_be_tried_again(page: Page) -> None:
    log = play(
        page,
        """
        view.phase = "call";
        entrance.enter();
        await soon();
        refuse(503, "busy");
        await soon();
        show("left");
        entrance.leave();
        await soon();
        [...later.values()].forEach((act) => act());
        """,
    )

    assert log == ["enter", "refused busy", "leave"]


def test_inside__what_failed_is_tried_again(page: Page) -> None:
    log = play(
        page,
        """
        view.phase = "call";
        entrance.enter();
        await soon();
        refuse(0);
        await soon();
        [...later.values()].forEach((act) => act());
        await soon();
        into("call");
        """,
    )

    assert log == ["enter", "refused offline", "enter", "join", "start"]


def test_returning__at_once_waits_for_the_leaving_and_comes_in(page: Page) -> None:
    log = play(
        page,
        """
        entrance.enter();
        await soon();
        show("left");
        entrance.leave();
        entrance.enter();
        into("call");
        await soon();
        into("call");
        """,
    )

    assert log == ["open", "enter", "dark", "leave", "open", "enter", "join", "start"]


def test_entering__twice_is_once(page: Page) -> None:
    log = play(page, "entrance.enter(); entrance.enter(); await soon(); into('waiting');")

    assert log == ["open", "enter", "join", "start"]


@pytest.mark.parametrize("phase", ["left", "superseded", "moved"])
def test_refused__outside_says_so_and_closes_the_camera_again(page: Page, phase: str) -> None:
    log = play(
        page, "view.phase = value; entrance.press(); await soon(); refuse(409, 'room_full');", phase
    )

    assert log == ["open", "enter", "refused room_full", "dark"]


def test_refused__before_the_talk_keeps_the_own_picture(page: Page) -> None:
    log = play(page, "entrance.press(); await soon(); refuse(0, 'unreachable');")

    assert log == ["open", "enter", "refused unreachable"]


def test_down__outside_and_inside_have_their_own_words(page: Page) -> None:
    script = "view.phase = value; entrance.enter(); await soon(); refuse(503, 'conference_down');"

    assert play(page, script, "moved") == ["open", "enter", "down conference_down", "dark"]
    assert play(page, script, "waiting") == ["enter", "down down"]


@pytest.mark.parametrize("first", ["the answer to the press", "the way in"])
def test_switch__that_the_page_hears_of_first_enters_once_and_is_no_news_to_who_pressed(
    page: Page, first: str
) -> None:
    log = play(
        page,
        """
        view.phase = "call";
        entrance.enter();
        await soon();
        into("call");
        await soon();
        entrance.switchOver({});
        log.push(entrance.follow("own"));
        await soon();
        const [pressed, entered] = answers.splice(0);
        const acts = [
          () => pressed.resolve({ conference: "own" }),
          () => entered.resolve({ phase: "call", conference: "own" }),
        ];
        for (const act of value === "the way in" ? acts.reverse() : acts) {
          act();
          await soon();
        }
        """,
        first,
    )

    assert log == ["enter", "join", "start", "switch/ janus", True, "enter", "join", "start"]


def test_switch__names_the_conference_of_which_the_page_was_told_last(page: Page) -> None:
    """A moderator has led the reception into the program: the first press leads out of that one."""
    log = play(
        page,
        """
        entrance.enter();
        await soon();
        into("call");
        await soon();
        show("moved");
        entrance.follow("program");
        entrance.switchOver({});
        answers.shift().resolve({ conference: "janus" });
        await soon();
        into("call");
        """,
    )

    assert log[4:] == ["switch/ program", "open", "enter", "join", "start"]


@pytest.mark.parametrize(
    ("phase", "words"), [("waiting", "switched_waiting"), ("call", "switched")]
)
def test_switch__is_told_to_who_waits_in_other_words(page: Page, phase: str, words: str) -> None:
    log = play(
        page,
        """
        entrance.enter();
        await soon();
        into(value);
        await soon();
        entrance.follow("own");
        """,
        phase,
    )

    assert log[4:] == [f"said {words}", "enter"]


def test_switch__that_fails_is_told_in_words_of_the_portal(page: Page) -> None:
    log = play(
        page,
        """
        view.phase = "call";
        const button = {};
        entrance.switchOver(button);
        refuse(0, "unreachable");
        await soon();
        log.push(button.disabled);
        """,
    )

    assert log == ["switch/ janus", "down unreachable", False]


LOST = """
  const before = window.fetch;
  const sent = [];
  window.fetch = async (url, { body }) => {
    const { window, earlier } = JSON.parse(body);
    sent.push([url, window, earlier]);
    const status = value.shift();
    if (!status) throw new TypeError("Failed to fetch");
    return new Response("{}", { status });
  };
  const line = new it.Signalling("/room/", { value: "" }, { unreachable: "words of the page" });
  const errors = [];
  while (value.length) {
    await line.enter().catch((error) => errors.push([error.status, error.message]));
  }
  const seat = line.window;
  value.push(200, 200);
  await line.leave();
  window.fetch = before;
  return [sent, seat, errors];
"""


def test_signalling__comes_in_by_the_same_window_until_it_has_an_answer(page: Page) -> None:
    """A guest whose answer is lost stays the same page: it names the window it had, and the one it may have."""
    sent, seat, errors = run(page, "signalling", LOST, [200, 0, 502, 200])

    first, second = sent[0][1], sent[1][1]
    assert first != second == seat
    assert sent[:4] == [
        ["/room/enter/", first, ""],
        ["/room/enter/", second, first],
        ["/room/enter/", second, first],
        ["/room/enter/", second, first],
    ]
    assert sent[4:] == [["/room/leave/", seat, None]]
    assert errors == [[0, "words of the page"], [502, "words of the page"]]


def test_signalling__leaves_by_whichever_window_it_may_have(page: Page) -> None:
    sent, seat, _ = run(page, "signalling", LOST, [200, 0])

    assert [one[:2] for one in sent[2:]] == [["/room/leave/", sent[1][1]], ["/room/leave/", seat]]
    assert sent[1][1] != seat == sent[0][1]
