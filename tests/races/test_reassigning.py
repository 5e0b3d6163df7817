"""One time of an official wanted by two at once: one has it, and nothing is half done."""

from collections.abc import Callable
from datetime import timedelta

from diia_videoreception.models import Application, JournalRecord, Letter, Occupancy, Official
from diia_videoreception.services.booking import holds
from tests.factories import ApplicationFactory, CitizenFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.steps.moderation import moderator_of
from tests.steps.proposals import answer, propose
from tests.steps.reassigning import colleague_of, reassign

AtOnce = Callable[..., list[object]]
ROUNDS = 4


def run(at_once: AtOnce, *acts: Callable[[], object]) -> list[str]:
    def told(act: Callable[[], object]) -> str:
        act()
        return "done"

    return sorted(str(outcome) for outcome in at_once(told, acts))


def of_one_time(other: Official) -> None:
    assert Occupancy.objects.filter(official=other).count() == 1


def test_giving_two_cases_to_one_official__gives_one(at_once: AtOnce, official: Official) -> None:
    moderator = moderator_of(official.agency)
    third = colleague_of(official)
    for _ in range(ROUNDS):
        other = colleague_of(official)
        Occupancy.objects.all().delete()
        cases = [ApplicationFactory(official=one, start=START) for one in (official, third)]

        outcomes = run(
            at_once,
            *(lambda c=case, o=other: reassign(c, moderator, o) for case in cases),  # type: ignore[misc]
        )

        assert outcomes == ["done", "slot_taken"]
        of_one_time(other)
        assert Application.objects.filter(official=other).count() == 1
        keys = [str(one.public_id) for one in cases]
        assert JournalRecord.objects.filter(subject_id__in=keys).count() == 1
        assert Letter.objects.filter(application__in=cases).count() == 1
        assert Occupancy.objects.filter(application__in=cases).count() == 2


def test_giving_a_case_while_somebody_reserves__one_has_the_time(
    at_once: AtOnce, official: Official
) -> None:
    moderator = moderator_of(official.agency)
    for _ in range(ROUNDS):
        other = colleague_of(official)
        Occupancy.objects.all().delete()
        case = ApplicationFactory(official=official, start=START)
        person, captcha = signed_in(CitizenFactory()), solved_captcha()

        outcomes = run(
            at_once,
            lambda c=case, o=other: reassign(c, moderator, o),  # type: ignore[misc]
            lambda p=person, o=other, s=captcha: holds.reserve(  # type: ignore[misc]
                actor=p, official_id=o.pk, start=START, captcha=s, now=NOW
            ),
        )

        assert outcomes == ["done", "slot_taken"]
        of_one_time(other)


def test_giving_to_and_fro__locks_in_one_order(at_once: AtOnce, official: Official) -> None:
    moderator = moderator_of(official.agency)
    other = colleague_of(official)
    for _ in range(ROUNDS):
        Occupancy.objects.all().delete()
        mine = ApplicationFactory(official=official, start=START)
        theirs = ApplicationFactory(official=other, start=START)

        # Each stands in the other's way: neither waits for the other for ever.
        outcomes = run(
            at_once,
            lambda c=mine: reassign(c, moderator, other),  # type: ignore[misc]
            lambda c=theirs: reassign(c, moderator, official),  # type: ignore[misc]
        )

        assert outcomes == ["slot_taken", "slot_taken"]


def test_accepting_another_officials_time_while_somebody_reserves__keeps_it(
    at_once: AtOnce, official: Official
) -> None:
    moderator = moderator_of(official.agency)
    later = START + timedelta(hours=1)
    for _ in range(ROUNDS):
        other = colleague_of(official)
        Occupancy.objects.all().delete()
        case = ApplicationFactory(official=official, start=START)
        proposal = propose(case, moderator, later, official=other)
        person, captcha = signed_in(CitizenFactory()), solved_captcha()

        outcomes = run(
            at_once,
            lambda p=proposal: answer("accept", p),  # type: ignore[misc]
            lambda p=person, o=other, s=captcha: holds.reserve(  # type: ignore[misc]
                actor=p, official_id=o.pk, start=later, captcha=s, now=NOW
            ),
        )

        assert outcomes == ["done", "slot_taken"]
        row = Occupancy.objects.get(official=other)
        assert (row.application, row.kind) == (case, "application")
        assert not Occupancy.objects.filter(official=official).exists()
