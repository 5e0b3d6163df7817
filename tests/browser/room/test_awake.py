"""The screen of somebody who waits or talks stays lit."""

from playwright.sync_api import Page

from tests.steps.in_room import run

# Locks as a browser gives them; one of a hidden page is taken back.
PLAYED = """
const log = [];
let lock = null, isRefused = false, seen = "visible";
Object.defineProperty(document, "visibilityState", { get: () => seen, configurable: true });
Object.defineProperty(navigator, "wakeLock", { configurable: true, value: {
  request: async (kind) => {
    log.push(`asked for ${kind}`);
    if (isRefused) throw new DOMException("low battery", "NotAllowedError");
    lock = { released: false, release: async () => { lock.released = true; log.push("released"); } };
    return lock;
  },
} });
const see = (state) => { seen = state; document.dispatchEvent(new Event("visibilitychange")); };
const soon = () => new Promise((resolve) => setTimeout(resolve));
"""


def test_screen__stays_lit_inside_comes_back_after_hiding_and_is_let_go(page: Page) -> None:
    assert run(
        page,
        "awake",
        f"""{PLAYED}
        const awake = new it.Awake();
        see("visible");                                   // Nobody is inside yet.
        await Promise.all([awake.keep(true), awake.keep(true)]);
        lock.released = true;                             // The page was hidden.
        see("hidden");
        see("visible");
        await soon();
        await awake.keep(false);
        see("visible");
        awake.keep(true);
        await awake.keep(false);                          // Left while it was asked for.
        await soon();
        isRefused = true;
        await awake.keep(true);
        return log;
        """,
    ) == [
        "asked for screen", "asked for screen", "released", "asked for screen", "released",
        "asked for screen",
    ]  # fmt: skip


def test_screen__of_a_browser_that_cannot_stays_as_it_is(page: Page) -> None:
    assert run(
        page,
        "awake",
        """
        Object.defineProperty(navigator, "wakeLock", { configurable: true, value: undefined });
        const awake = new it.Awake();
        await awake.keep(true);
        await awake.keep(false);
        return "well";
        """,
    ) == "well"  # fmt: skip
