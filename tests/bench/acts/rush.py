"""Two thousand people who want a hundred popular times at the same moment, each until told how it ended."""

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPConnection
from random import Random
from statistics import median
from threading import Barrier
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import altcha

from diia_videoreception.models import Occupancy, Official
from tests.bench import Figure
from tests.bench.acts.portal import forget, official_with_times, served
from tests.races.rivals import Rival, make_rivals
from tests.steps.api import API

PEOPLE, TIMES = 2000, 100
STACK = 512 * 1024
SECONDS_TO_GATHER = 300
SECONDS_TO_WAIT = 300


@dataclass
class Person:
    """One of the people, and what they have been told."""

    rival: Rival
    random: Random
    held: datetime | None = None
    told_none_is_free: bool = False
    answers: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def ask(self, host: str, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Send one request on a connection of its own."""
        begun = perf_counter()
        connection = HTTPConnection(host, timeout=SECONDS_TO_WAIT)
        headers = {
            "Authorization": f"Bearer {self.rival.token}",
            "Content-Type": "application/json",
            "Connection": "close",
        }
        connection.request(method, f"{API}{path}", json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        self.seconds.append(perf_counter() - begun)
        self.answers[answer.status] += 1
        return answer.status, json.loads(content) if answer.status < 500 else {}

    def try_until_told(self, host: str, official: Official, starts: list[datetime]) -> None:
        """Look, solve a challenge, hold one of the popular times; again until one is held or none is free."""
        first, last = starts[0].date(), starts[-1].date()
        times = f"/officials/{official.pk}/slots?first={first}&last={last}"
        while True:
            status, offered = self.ask(host, "GET", times)
            if status != 200:
                return
            free = [
                slot["start"]
                for slot in offered["slots"]
                if slot["state"] == "free" and datetime.fromisoformat(slot["start"]) in starts
            ]
            if not free:
                self.told_none_is_free = True
                return
            status, challenge = self.ask(host, "GET", "/captcha")
            if status != 200:
                return
            wanted = self.random.choice(free)
            body = {"official": official.pk, "start": wanted, "captcha": _solved(challenge)}
            status, _ = self.ask(host, "POST", "/holds", body)
            while status == HTTPStatus.SERVICE_UNAVAILABLE:
                # «Busy» asks to come again, with the same proof.
                status, _ = self.ask(host, "POST", "/holds", body)
            if status == HTTPStatus.CREATED:
                self.held = datetime.fromisoformat(wanted)
                return
            if status != HTTPStatus.CONFLICT:
                return


def _solved(challenge: Any) -> str:
    parsed = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(parsed)
    if solution is None:
        raise RuntimeError("a challenge of the bench cannot be solved")
    return altcha.Payload(parsed, solution).to_base64()


def figures() -> list[Figure]:
    """Let them all begin at once; gives how many were told anything but the truth."""
    official, starts = official_with_times(TIMES)
    people = [Person(rival, Random(number)) for number, rival in enumerate(make_rivals(PEOPLE))]
    with served() as servers:
        seconds = _rush(urlsplit(servers.url).netloc, people, official, starts)
        log = servers.log.read_text()
    answers = sum((person.answers for person in people), Counter[int]())
    waits = sorted(second for person in people for second in person.seconds)
    holds = {hold.citizen_id: hold.start for hold in Occupancy.objects.filter(kind="hold")}
    wrong = sum(holds.get(one.rival.actor.citizen.pk) != one.held for one in people)
    untold = sum(one.held is None and not one.told_none_is_free for one in people)
    print(
        f"rush: {PEOPLE} people, {TIMES} times, {len(holds)} held; all told after {seconds:.1f} s,"
        f" {sum(answers.values())} requests, median {median(waits):.2f} s,"
        f" 95 % {waits[len(waits) * 95 // 100]:.2f} s; answers {dict(answers)};"
        f" deadlocks {log.count('deadlock detected')}",
        flush=True,
    )
    forget()
    failed = sum(count for status, count in answers.items() if status >= 500)
    return [
        Figure("acts: rush, people told wrongly or nothing", wrong + untold, 0),
        Figure("acts: rush, times that nobody got", TIMES - len(holds), 0),
        Figure("acts: rush, answers 5xx", failed, 0),
    ]


def _rush(host: str, people: list[Person], official: Official, starts: list[datetime]) -> float:
    """Give how many seconds pass until everybody has been told."""
    usual = threading.stack_size(STACK)
    barrier = Barrier(PEOPLE, timeout=SECONDS_TO_GATHER)

    def run(person: Person) -> tuple[float, float]:
        barrier.wait()
        begun = perf_counter()
        person.try_until_told(host, official, starts)
        return begun, perf_counter()

    try:
        with ThreadPoolExecutor(PEOPLE) as pool:
            spans = list(pool.map(run, people))
    finally:
        threading.stack_size(usual)
    return max(end for _, end in spans) - min(begun for begun, _ in spans)
