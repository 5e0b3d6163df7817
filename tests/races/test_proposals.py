"""A proposed time wanted, answered and taken back at the same moment: one of it happens, and all of that."""

from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import (
    Application,
    JournalRecord,
    Letter,
    Occupancy,
    Official,
    Proposal,
)
from diia_videoreception.rules.transitions import is_open
from diia_videoreception.services.booking import applications, deadlines, holds
from tests.factories import ApplicationFactory, CitizenFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.steps.moderation import decide, moderator_of
from tests.steps.proposals import answer, propose, withdraw
from tests.steps.races import AtOnce, run, said

ROUNDS = 5
LATER = START + timedelta(minutes=30)


def consistent(proposal: Proposal) -> Application:
    """Nothing is half done: rows of time, proposal, journal and letters say the same."""
    proposal.refresh_from_db()
    application = Application.objects.get(pk=proposal.application_id)
    times = {
        (row.kind, row.start) for row in Occupancy.objects.filter(application_id=application.pk)
    }
    expected = {("application", application.start)} if is_open(application.state) else set()
    assert times == expected
    assert proposal.answer
    accepted = JournalRecord.objects.filter(
        subject_id=str(application.public_id), act="application.accept_proposal"
    )
    was_accepted = proposal.answer == "accepted"
    assert accepted.count() == was_accepted
    told = Letter.objects.filter(application=application, kind="confirmation", copy_of=None)
    assert told.count() == was_accepted
    return application


def new(official: Official, moderator: AbstractBaseUser) -> Proposal:
    Occupancy.objects.filter(official=official).delete()
    application = ApplicationFactory(official=official, start=START)
    return propose(application, moderator, LATER)


def test_two_answers__one_of_them_counts(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser
) -> None:
    for _ in range(ROUNDS):
        proposal = new(official, moderator)
        outcomes = run(
            at_once,
            said("accepted", lambda p=proposal: answer("accept", p)),  # type: ignore[misc]
            said("refused", lambda p=proposal: answer("refuse", p)),  # type: ignore[misc]
        )
        # Whoever asked the conference first finds another version of the application.
        assert outcomes in (["accepted", "proposal_closed"], ["proposal_closed", "refused"])
        application = consistent(proposal)
        assert application.start == (LATER if "accepted" in outcomes else START)


def test_one_answer_from_five_tabs__is_given_once(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser
) -> None:
    proposal = new(official, moderator)
    accept = said("accepted", lambda: answer("accept", proposal))

    assert run(at_once, *[accept] * 5) == ["accepted"] * 5

    assert consistent(proposal).start == LATER


def test_accepting_what_is_withdrawn__is_one_or_the_other(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser
) -> None:
    for _ in range(ROUNDS):
        proposal = new(official, moderator)
        outcomes = run(
            at_once,
            said("accepted", lambda p=proposal: answer("accept", p)),  # type: ignore[misc]
            said("withdrawn", lambda p=proposal: withdraw(p.application, moderator)),  # type: ignore[misc]
        )
        assert outcomes in (["accepted", "wrong_state"], ["proposal_closed", "withdrawn"])
        consistent(proposal)


def test_accepting_what_is_cancelled__is_no_reception(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser
) -> None:
    for _ in range(ROUNDS):
        proposal = new(official, moderator)
        application = proposal.application

        def cancel(application: Application = application) -> None:
            actor = signed_in(application.citizen)
            applications.cancel(actor=actor, public_id=application.public_id, now=NOW)

        outcomes = run(
            at_once,
            said("accepted", lambda p=proposal: answer("accept", p)),  # type: ignore[misc]
            said("cancelled", cancel),
        )
        assert outcomes in (["accepted", "cancelled"], ["cancelled", "proposal_closed"])
        assert consistent(proposal).state == "cancelled"


def test_accepting_at_the_deadline__meets_who_wants_the_time(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser
) -> None:
    """By two clocks: to one the proposal is open still, to the other it has just expired."""
    for _ in range(ROUNDS):
        proposal = new(official, moderator)
        last = proposal.deadline - timedelta(seconds=1)
        captcha = solved_captcha()
        rival = signed_in(CitizenFactory())

        def hold(
            proposal: Proposal = proposal, captcha: str = captcha, rival: object = rival
        ) -> None:
            holds.reserve(
                actor=rival,  # type: ignore[arg-type]
                official_id=official.pk,
                start=LATER,
                captcha=captcha,
                now=proposal.deadline,
            )

        outcomes = run(
            at_once,
            said("accepted", lambda p=proposal, now=last: answer("accept", p, now=now)),  # type: ignore[misc]
            said("held", hold),
            said("noted", lambda p=proposal: deadlines.expire_proposals(now=p.deadline)),  # type: ignore[misc]
        )
        assert outcomes in (
            ["accepted", "noted", "slot_taken"],
            ["held", "noted", "slot_taken"],
            ["held", "noted", "proposal_closed"],
        )
        assert Occupancy.objects.filter(official=official, start=LATER).count() == 1
        Proposal.objects.filter(answer="").delete()


def test_two_moderators__make_one_proposal(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser
) -> None:
    other = moderator_of(official.agency, name="another")
    for _ in range(ROUNDS):
        Occupancy.objects.filter(official=official).delete()
        application = ApplicationFactory(official=official, start=START)
        seen = [Application.objects.get(pk=application.pk) for _ in range(2)]
        outcomes = run(
            at_once,
            said("proposed", lambda a=seen[0]: propose(a, moderator, LATER)),  # type: ignore[misc]
            said("proposed", lambda a=seen[1]: propose(a, other, LATER + 2 * (LATER - START))),  # type: ignore[misc]
        )
        assert outcomes in (["proposal_open", "proposed"], ["proposed", "wrong_state"])
        assert Proposal.objects.filter(application=application).count() == 1
        assert Occupancy.objects.filter(application=application, kind="proposal").count() == 1


def test_a_proposal_and_a_decision__meet(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser
) -> None:
    other = moderator_of(official.agency, name="another")
    for _ in range(ROUNDS):
        Occupancy.objects.filter(official=official).delete()
        application = ApplicationFactory(official=official, start=START)
        seen = Application.objects.get(pk=application.pk)
        outcomes = run(
            at_once,
            said("proposed", lambda a=application: propose(a, moderator, LATER)),  # type: ignore[misc]
            said("confirmed", lambda a=seen: decide("confirm", a, other)),  # type: ignore[misc]
        )
        # The page of the second one was read after the first act, or before it.
        assert outcomes in (
            ["confirmed", "proposed"],
            ["confirmed", "wrong_state"],
            ["proposed", "wrong_state"],
        )
        application.refresh_from_db()
        waits = Proposal.objects.filter(application=application, answer="").exists()
        rows = Occupancy.objects.filter(application=application)
        assert sorted(row.kind for row in rows) == ["application"] + ["proposal"] * waits


def test_a_proposal_and_a_citizen__want_one_time(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser
) -> None:
    for _ in range(ROUNDS):
        Occupancy.objects.filter(official=official).delete()
        application = ApplicationFactory(official=official, start=START)
        rival, captcha = signed_in(CitizenFactory()), solved_captcha()

        def hold(rival: object = rival, captcha: str = captcha) -> None:
            holds.reserve(
                actor=rival,  # type: ignore[arg-type]
                official_id=official.pk,
                start=LATER,
                captcha=captcha,
                now=NOW,
            )

        outcomes = run(
            at_once,
            said("proposed", lambda a=application: propose(a, moderator, LATER)),  # type: ignore[misc]
            said("held", hold),
        )
        assert outcomes in (["held", "slot_taken"], ["proposed", "slot_taken"])
        assert Occupancy.objects.filter(official=official, start=LATER).count() == 1
