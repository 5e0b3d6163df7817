"""A term that an agency first sets while something begins that it is for: what begins has it in the end."""

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import (
    AgencyModerator,
    AnswerTask,
    Application,
    JournalAct,
    Official,
    Reception,
)
from diia_videoreception.rules.terms import TermKind
from diia_videoreception.rules.transitions import Act
from diia_videoreception.services import journal
from diia_videoreception.services.booking import applications
from diia_videoreception.services.booking.terms import TermWanted, save_term
from tests.factories import ApplicationFactory, CitizenFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.steps.application import hold_time, write_draft
from tests.steps.moderation import decide, moderator_of

AtOnce = Callable[..., list[object]]
Begin = Callable[[], object]
SECONDS = 0.5
"""How long the first one gives the second one to overtake it, which it must not."""


def filing(official: Official, moderator: AbstractBaseUser) -> Begin:
    person = signed_in(CitizenFactory())
    hold_time(person, official)
    token, proof = write_draft(person).token, solved_captcha()
    return lambda: applications.submit(
        actor=person,
        draft_token=token,
        captcha=proof,
        channel=Application.Channel.WEB,
        now=NOW,
    )


def concluding(official: Official, moderator: AbstractBaseUser) -> Begin:
    held = ApplicationFactory(official=official, start=START, state="confirmed", decided_at=NOW)
    Reception.objects.create(application=held, conference="default", login="vp-1", confirmed_at=NOW)
    return lambda: decide(
        "note_outcome", held, moderator, outcome=Act.COMPLETE, needs_answer=True, now=held.end
    )


@pytest.mark.parametrize("first", ["the act", "the term"])
@pytest.mark.parametrize(("kind", "prepare"), [("decision", filing), ("answer", concluding)])
def test_what_begins_while_the_first_term_is_set__has_the_term(
    at_once: AtOnce,
    official: Official,
    moderator: AbstractBaseUser,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    prepare: Callable[[Official, AbstractBaseUser], Begin],
    first: str,
) -> None:
    begin = prepare(official, moderator)
    head = moderator_of(name="head")
    AgencyModerator.objects.create(agency=official.agency, user=head, is_head=True)
    before_its_end, other_ended = Event(), Event()
    record = journal.record

    def set_term() -> None:
        save_term(
            official.agency.pk,
            TermKind(kind),
            TermWanted(days=5),
            seen_version=0,
            staff=head,
            now=NOW,
        )

    def recorded(act: JournalAct, **what: Any) -> Any:
        # Everything of the act is written, and nobody else sees it yet.
        if (act == JournalAct.SET_TERM) == (first == "the term"):
            before_its_end.set()
            other_ended.wait(SECONDS)
        return record(act, **what)

    monkeypatch.setattr(journal, "record", recorded)

    def second(act: Begin) -> None:
        before_its_end.wait(60)
        act()
        other_ended.set()

    acts = (begin, set_term) if first == "the act" else (set_term, begin)
    at_once(lambda act: act(), [acts[0], lambda: second(acts[1])])

    application = Application.objects.get()
    begun = application.decide_by if kind == "decision" else AnswerTask.objects.get().due
    assert begun is not None
