"""Acts that want the same time at the same moment: one of them gets it."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from time import sleep
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection

from diia_videoreception import errors
from diia_videoreception.models import (
    Absence,
    Application,
    Document,
    Draft,
    HoldUse,
    Occupancy,
    Official,
)
from diia_videoreception.rules.displaced import MAX_TEXTS
from diia_videoreception.rules.merging import Known
from diia_videoreception.rules.refusals import Refusal
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import (
    absences,
    applications,
    draft_documents,
    holds,
    moderation,
)
from diia_videoreception.services.booking.drafts import (
    DraftAnswers,
    merge_answers,
    open_draft,
    save_answers,
    version_of,
)
from integrations.conference.base import ConferenceAccess
from integrations.conference.external import ExternalProgram
from tests.factories import (
    ApplicationFactory,
    CitizenFactory,
    ScheduleRuleFactory,
    signed_in,
)
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.steps.inspection import examine_inside
from tests.steps.samples import png

AtOnce = Callable[..., list[object]]
ROUNDS = 5
MAX_LOOKS = 600
LATER = START + timedelta(minutes=30)
HOUR = timedelta(hours=1)


def hold(citizen: SignedIn, official: Official, captcha: str) -> Callable[[], str]:
    def act() -> str:
        holds.reserve(actor=citizen, official_id=official.pk, start=LATER, captcha=captcha, now=NOW)
        return "held"

    return act


def test_no_transaction__waits_for_the_conference(
    official: Official, moderator: AbstractBaseUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare, asked = ExternalProgram.prepare, []

    def watched(self: ExternalProgram, **what: Any) -> ConferenceAccess:
        asked.append(connection.in_atomic_block)
        return prepare(self, **what)

    monkeypatch.setattr(ExternalProgram, "prepare", watched)
    one, other = (ApplicationFactory(official=official, start=START + n * HOUR) for n in (0, 1))
    who = {"moderator": moderator, "version": 1, "now": NOW}
    moderation.confirm(public_id=one.public_id, **who)
    moderation.confirm_other_time(
        public_id=other.public_id, start=START + 2 * HOUR, is_agreed=True, **who
    )

    assert asked == [False, False]


def run(at_once: AtOnce, *acts: Callable[[], object]) -> list[object]:
    return at_once(lambda act: act(), acts)


def only_one_has(official: Official) -> bool:
    times = sorted((row.start, row.end) for row in Occupancy.objects.filter(official=official))
    return all(first[1] <= second[0] for first, second in itertools.pairwise(times))


@pytest.mark.parametrize("state", ["submitted", "confirmed"])
def test_a_moderator_and_a_citizen__want_one_time(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser, state: str
) -> None:
    for _ in range(ROUNDS):
        citizen = signed_in(CitizenFactory())
        captcha = solved_captcha()
        application = ApplicationFactory(
            official=official, start=START, state=state, decided_at=NOW
        )

        def move(application: Application = application) -> str:
            moderation.confirm_other_time(
                moderator=moderator,
                public_id=application.public_id,
                version=application.version,
                start=LATER,
                is_agreed=True,
                now=NOW,
            )
            return "moved"

        outcomes = run(at_once, move, hold(citizen, official, captcha))

        assert sorted(map(str, outcomes)) in (["held", "slot_taken"], ["moved", "slot_taken"])
        assert only_one_has(official)
        Occupancy.objects.all().delete()


def test_an_absence_and_a_hold__want_one_time(at_once: AtOnce, official: Official) -> None:
    for _ in range(ROUNDS):
        citizen = signed_in(CitizenFactory())

        def leave() -> str:
            absence = Absence(official=official, start=START, end=START + timedelta(hours=4))
            absences.save_absence(absence, now=NOW)
            return "away"

        outcomes = run(at_once, leave, hold(citizen, official, solved_captcha()))

        assert sorted(map(str, outcomes)) in (["away", "slot_taken"], ["held", "time_held"])
        assert Occupancy.objects.count() == 1
        Occupancy.objects.all().delete()


def test_two_citizens__move_their_holds_to_one_time(at_once: AtOnce, official: Official) -> None:
    citizens = [signed_in(CitizenFactory()) for _ in range(2)]
    for citizen, start in zip(citizens, (START, START + timedelta(hours=1)), strict=True):
        holds.reserve(
            actor=citizen,
            official_id=official.pk,
            start=start,
            captcha=solved_captcha(),
            now=NOW,
        )
    outcomes = run(at_once, *(hold(citizen, official, "") for citizen in citizens))
    assert sorted(map(str, outcomes)) == ["held", "slot_taken"]
    assert Occupancy.objects.filter(start=LATER).count() == 1


def test_one_citizen_ten_times__gets_one_hold(at_once: AtOnce, official: Official) -> None:
    citizen = signed_in(CitizenFactory())
    outcomes = run(at_once, *(hold(citizen, official, solved_captcha()) for _ in range(10)))
    assert outcomes == ["held"] * 10
    assert (Occupancy.objects.count(), HoldUse.objects.count()) == (1, 1)


def test_one_citizen_in_two_tabs__holds_one_of_two_times(
    at_once: AtOnce, official: Official
) -> None:
    citizen = signed_in(CitizenFactory())
    other = ScheduleRuleFactory().official
    acts = [hold(citizen, place, solved_captcha()) for place in (official, other)]
    assert run(at_once, *acts) == ["held", "held"]
    assert Occupancy.objects.count() == 1


def test_a_citizen_and_a_moderator__want_one_time_of_two_officials(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser
) -> None:
    other = ScheduleRuleFactory().official
    for _ in range(ROUNDS):
        citizen = signed_in(CitizenFactory())
        captcha = solved_captcha()
        application = ApplicationFactory(citizen=citizen.citizen, official=official, start=START)

        def move(application: Application = application) -> str:
            moderation.confirm_other_time(
                moderator=moderator,
                public_id=application.public_id,
                version=application.version,
                start=LATER,
                is_agreed=True,
                now=NOW,
            )
            return "moved"

        outcomes = run(at_once, move, hold(citizen, other, captcha))

        assert sorted(map(str, outcomes)) in (
            ["citizen_time_held", "held"],
            ["moved", "own_time_taken"],
        )
        assert Occupancy.objects.filter(start=LATER).count() == 1
        Occupancy.objects.all().delete()


def test_one_citizen__files_and_reserves_one_time_of_two_officials(
    at_once: AtOnce, official: Official
) -> None:
    """Either the filing comes first, or the hold has moved and is what gets filed: never both."""
    other = ScheduleRuleFactory().official
    for _ in range(ROUNDS):
        citizen = signed_in(CitizenFactory())
        hold(citizen, official, solved_captcha())()
        answers = DraftAnswers(topic="Компенсація", phone="067 123 45 67")
        draft = save_answers(citizen=citizen.citizen, answers=answers, now=NOW)
        proofs = [solved_captcha() for _ in range(2)]

        def file(token: object = draft.token, proof: str = proofs[0]) -> str:
            applications.submit(
                actor=citizen,  # noqa: B023
                draft_token=token,
                captcha=proof,
                channel=Application.Channel.WEB,
                now=NOW,
            )
            return "filed"

        outcomes = run(at_once, file, hold(citizen, other, proofs[1]))

        assert sorted(map(str, outcomes)) in (
            ["filed", "held"],
            ["filed", "own_time_taken"],
            # The hold that was to move has become the application.
            ["filed", "hold_expired"],
        )
        assert Occupancy.objects.filter(citizen=citizen.citizen).count() == 1
        Occupancy.objects.all().delete()


def test_crossed_expired_holds__do_not_deadlock(at_once: AtOnce, official: Official) -> None:
    other = ScheduleRuleFactory().official
    citizens = [signed_in(CitizenFactory()) for _ in range(2)]
    long_ago = NOW - timedelta(hours=1)
    for citizen, place in zip(citizens, (official, other), strict=True):
        Occupancy.objects.create(
            kind="hold",
            official=place,
            citizen=citizen.citizen,
            start=LATER,
            end=LATER + timedelta(minutes=30),
            created_at=long_ago,
            expires_at=long_ago + timedelta(minutes=15),
        )
    acts = [
        hold(citizen, place, solved_captcha())
        for citizen, place in zip(citizens, (other, official), strict=True)
    ]
    assert run(at_once, *acts) == ["held", "held"]


def test_filing_at_once_from_two_tabs__gives_one_application(
    at_once: AtOnce, official: Official
) -> None:
    citizen = signed_in(CitizenFactory())
    hold(citizen, official, solved_captcha())()
    answers = DraftAnswers(topic="Компенсація", phone="067 123 45 67")
    draft = save_answers(citizen=citizen.citizen, answers=answers, now=NOW)
    proof = solved_captcha()

    def file() -> str:
        # Who is told to come again does so, as the page does by itself.
        for _ in range(MAX_LOOKS):
            try:
                return applications.submit(
                    actor=citizen,
                    draft_token=draft.token,
                    captcha=proof,
                    channel=Application.Channel.WEB,
                    now=NOW,
                ).number
            except errors.ActInProgress:
                sleep(0.05)
        raise AssertionError("the first one has never ended")

    outcomes = run(at_once, *[file] * 5)
    assert set(outcomes) == {Application.objects.get().number}


def test_decisions_of_two_moderators__meet(
    at_once: AtOnce, official: Official, moderator: AbstractBaseUser
) -> None:
    application = ApplicationFactory(official=official, start=START)
    seen = {"public_id": application.public_id, "version": application.version, "now": NOW}

    def confirm() -> str:
        return str(moderation.confirm(moderator=moderator, **seen).state)

    def decline() -> str:
        return str(moderation.decline(moderator=moderator, refusal=Refusal("Ні"), **seen).state)

    outcomes = [str(outcome) for outcome in run(at_once, confirm, decline)]
    application.refresh_from_db()
    assert sorted(outcomes) == sorted([application.state, "wrong_state"])


def test_documents_sent_at_once__keep_the_limit(
    at_once: AtOnce, official: Official, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine_inside(monkeypatch)
    citizen = CitizenFactory()
    picture = png()

    def add() -> str:
        draft_documents.add_document(citizen=citizen, data=picture, filename="a.png", now=NOW)
        return "added"

    outcomes = run(at_once, *[add] * 14)
    assert sorted(map(str, outcomes)) == ["added"] * 10 + ["too_many_files"] * 4


def test_documents_sent_at_once__keep_the_limit_of_the_person(
    at_once: AtOnce, official: Official, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    examine_inside(monkeypatch)
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"MAX_KEPT_FILES": 5}
    citizen = CitizenFactory()
    picture = png()

    def add() -> str:
        draft_documents.add_document(citizen=citizen, data=picture, filename="a.png", now=NOW)
        return "added"

    add()
    Document.objects.update(application=ApplicationFactory(citizen=citizen), draft=None)
    outcomes = run(at_once, *[add] * 10)
    assert sorted(map(str, outcomes)) == ["added"] * 4 + ["document_limit"] * 6


def test_filing_while_another_tab_moves_the_time__files_what_was_shown_or_nothing(
    at_once: AtOnce, official: Official
) -> None:
    for _ in range(ROUNDS):
        citizen = signed_in(CitizenFactory())
        held = {"actor": citizen, "official_id": official.pk, "now": NOW}
        holds.reserve(**held, start=START, captcha=solved_captcha())
        draft = save_answers(
            citizen=citizen.citizen,
            answers=DraftAnswers(topic="Компенсація", phone="067 123 45 67"),
            now=NOW,
        )
        proof = solved_captcha()

        def file(citizen: SignedIn = citizen, draft: Any = draft, proof: str = proof) -> str:
            applications.submit(
                actor=citizen,
                draft_token=draft.token,
                captcha=proof,
                channel=Application.Channel.WEB,
                now=NOW,
                shown=holds.ShownTime(official.pk, START),
            )
            return "filed"

        def move(held: dict[str, Any] = held) -> str:
            holds.reserve(**held, start=LATER, captcha="")
            return "moved"

        outcomes = run(at_once, file, move)

        filed = Application.objects.filter(citizen=citizen.citizen)
        assert {application.start for application in filed} <= {START}
        # Whoever comes second finds nothing to move, or another time than was shown.
        assert outcomes in (
            ["filed", "hold_expired"],
            ["filed", "captcha_failed"],
            ["hold_moved", "moved"],
        )
        Occupancy.objects.filter(official=official).delete()


def test_filing_while_another_tab_writes__files_what_was_shown_or_nothing(
    at_once: AtOnce, official: Official, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine_inside(monkeypatch)
    picture = png()
    for turn in range(ROUNDS):
        citizen = signed_in(CitizenFactory())
        hold(citizen, official, solved_captcha())()
        shown = DraftAnswers(topic="Показаний текст", phone="067 123 45 67")
        draft = save_answers(citizen=citizen.citizen, answers=shown, now=NOW)
        document = draft_documents.add_document(
            citizen=citizen.citizen, data=picture, filename="a.png", now=NOW
        )
        proof, version = solved_captcha(), version_of(draft)

        def file(
            citizen: SignedIn = citizen, draft: Any = draft, proof: str = proof, v: str = version
        ) -> str:
            applications.submit(
                actor=citizen,
                draft_token=draft.token,
                captcha=proof,
                channel=Application.Channel.WEB,
                now=NOW,
                version=v,
            )
            return "filed"

        def write(citizen: SignedIn = citizen) -> str:
            answers = DraftAnswers(topic="Новий текст", phone="067 123 45 67")
            save_answers(citizen=citizen.citizen, answers=answers, now=NOW)
            return "written"

        def remove(citizen: SignedIn = citizen, document: Any = document) -> str:
            draft_documents.remove_document(citizen=citizen.citizen, public_id=document.public_id)
            return "removed"

        outcomes = run(at_once, file, (write, remove)[turn % 2])

        filed = Application.objects.filter(citizen=citizen.citizen).first()
        assert (outcomes[0] == "filed") == (filed is not None)
        assert filed or str(outcomes[0]) == "draft_changed"
        if filed:
            assert (filed.topic, filed.documents.count()) == ("Показаний текст", 1)
        Occupancy.objects.filter(official=official).delete()


def test_tabs_that_write_at_once__lose_no_text(at_once: AtOnce, transactional_db: None) -> None:
    citizen = CitizenFactory()
    version = version_of(open_draft(citizen=citizen, now=NOW))
    texts = [f"текст-{number}-текст" for number in range(MAX_TEXTS + 1)]

    def write(text: str) -> str:
        answers, known = DraftAnswers(topic=text), Known(version, tab=text, turn=1)
        merge_answers(citizen=citizen, answers=answers, known=known, only=["topic"], now=NOW)
        return "saved"

    assert set(at_once(write, texts)) == {"saved"}
    draft = Draft.objects.get()
    assert sorted([draft.topic, *(one["text"] for one in draft.other_texts["topic"])]) == texts
