"""Acts that are killed on their way: whoever does one looks at its page, then the act begins.

Run by tests/harness/killing.py for test_killed.py; those that follow a decision are in killed_later.py.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import (
    Application,
    Citizen,
    Clarification,
    Document,
    Draft,
    Proposal,
)
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.rules.transitions import Act
from diia_videoreception.services.booking import (
    applications,
    clarifications,
    draft_documents,
    proposals,
)
from tests.factories import signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.steps.clarifications import QUESTION, reply
from tests.steps.inspection import examine_inside
from tests.steps.moderation import decide
from tests.steps.proposals import REASON, answer
from tests.steps.samples import png
from tests.steps.written_answers import answer_in_writing

HALF_HOUR = timedelta(minutes=30)
AFTER = START + timedelta(days=7)
Watch = Callable[[], None]


def by_moderator(
    do: Callable[[Application, AbstractBaseUser], object],
) -> Callable[[Watch, int, int], None]:
    def act(watch: Watch, application: int, version: int) -> None:
        seen = Application.objects.get(pk=application)
        seen.version = version
        moderator = get_user_model().objects.get(username="moderator")
        watch()
        do(seen, moderator)

    return act


def of_citizen(do: Callable[[Application], object]) -> Callable[[Watch, int, int], None]:
    def act(watch: Watch, application: int, version: int) -> None:
        seen = Application.objects.select_related("citizen").get(pk=application)
        watch()
        do(seen)

    return act


def _file(watch: Watch, citizen: int) -> None:
    actor, proof = signed_in(Citizen.objects.get(pk=citizen)), solved_captcha()
    shown = Draft.objects.filter(citizen=citizen).first()
    token = shown.token if shown else Application.objects.get(citizen=citizen).draft_token
    channel = Application.Channel.WEB
    watch()
    applications.submit(actor=actor, draft_token=token, captcha=proof, channel=channel, now=NOW)


def _attach(watch: Watch, citizen: int) -> None:
    examine_inside(pytest.MonkeyPatch())
    person, data = Citizen.objects.get(pk=citizen), png()
    if Document.objects.filter(draft__citizen=person).exists():
        # They see it on the page.
        return
    watch()
    draft_documents.add_document(citizen=person, data=data, filename="a.png", now=NOW)


def _detach(watch: Watch, citizen: int) -> None:
    person = Citizen.objects.get(pk=citizen)
    document = Document.objects.filter(draft__citizen=person).first()
    if document is not None:
        watch()
        draft_documents.remove_document(citizen=person, public_id=document.public_id)


def _propose(seen: Application, moderator: AbstractBaseUser) -> None:
    proposals.propose(
        moderator=moderator,
        public_id=seen.public_id,
        version=seen.version,
        start=seen.start + HALF_HOUR,
        reason=REASON,
        now=NOW,
    )


def _ask(seen: Application, moderator: AbstractBaseUser) -> None:
    clarifications.ask(
        moderator=moderator,
        public_id=seen.public_id,
        version=seen.version,
        question=QUESTION,
        now=NOW,
    )


ACTS: dict[str, Callable[..., None]] = {
    "attach": _attach,
    "detach": _detach,
    "file": _file,
    "confirm": by_moderator(lambda seen, who: decide("confirm", seen, who)),
    "propose": by_moderator(_propose),
    "accept": of_citizen(lambda seen: answer("accept", Proposal.objects.get(application=seen))),
    "ask": by_moderator(_ask),
    "answer": of_citizen(lambda seen: reply(Clarification.objects.get(application=seen))),
    "move": by_moderator(
        lambda seen, who: decide("confirm_other_time", seen, who, start=START + 2 * HALF_HOUR)
    ),
    "cancel": of_citizen(
        lambda seen: applications.cancel(
            actor=signed_in(seen.citizen), public_id=seen.public_id, now=NOW
        )
    ),
    "decline": by_moderator(
        lambda seen, who: decide("decline", seen, who, refusal=Refusal("Не наше питання."))
    ),
    "answer_in_writing": by_moderator(answer_in_writing),
    "complete": by_moderator(
        lambda seen, who: decide(
            "note_outcome", seen, who, outcome=Act.COMPLETE, needs_answer=True, now=AFTER
        )
    ),
}
"""By name, in the order in which test_killed.py does them."""
