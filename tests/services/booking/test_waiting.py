"""The queue for an official without a free time: who is asked, what is kept for them, what each answer does."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from diia_videoreception import errors
from diia_videoreception.models import (
    Citizen,
    HoldUse,
    JournalRecord,
    Letter,
    Occupancy,
    Official,
    Service,
    WaitingEntry,
    WaitingOffer,
)
from diia_videoreception.rules.text_messages import segments
from diia_videoreception.rules.waiting import LASTS, MOST_QUEUES
from diia_videoreception.selectors.booking.waiting import people_before
from diia_videoreception.services.booking import applications, erasing, holds, waiting
from diia_videoreception.services.booking.waiting import Wish
from diia_videoreception.services.housekeeping.cleaning import clean
from diia_videoreception.services.letters.rendering import NothingToSend
from diia_videoreception.services.letters.rendering.text_messages import render_text, valid_until
from tests.factories import ApplicationFactory, CitizenFactory, OfficialFactory, signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.steps.application import write_draft
from tests.steps.letters import render
from tests.steps.sms import configure
from tests.steps.waiting import ANY_DAY, LATER, Full, fill, owner_of, serve, somebody, wait

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NIGHT = datetime.fromisoformat("2026-11-23T23:00+02:00")
Answer, State = WaitingOffer.Answer, WaitingEntry.State


@pytest.fixture
def full(official: Official) -> Full:
    return fill(official)


def cancel(full: Full, which: str = "first", *, now: datetime = NOW) -> None:
    application = getattr(full, which)
    actor = signed_in(application.citizen)
    applications.cancel(actor=actor, public_id=application.public_id, now=now)


def kept(offer: WaitingOffer) -> Occupancy | None:
    return Occupancy.objects.filter(token=offer.token).first()


def acts() -> list[str]:
    found = JournalRecord.objects.filter(subject_kind="citizen", details__official__isnull=False)
    return [row.act.partition(".")[2] for row in found.order_by("pk")]


def take_elsewhere(full: Full, start: datetime = START, now: datetime = NOW) -> Occupancy:
    return holds.reserve(
        actor=somebody(),
        official_id=full.official.pk,
        start=start,
        captcha=solved_captcha(),
        now=now,
    )


def test_a_freed_time__is_offered_to_who_waits_longest_and_kept_for_them(full: Full) -> None:
    first, second = wait(full), wait(full, now=NOW + timedelta(minutes=1))
    assert (people_before(first), people_before(second)) == (0, 1)
    cancel(full)
    (offer,) = serve()
    assert (offer.entry, offer.start, offer.deadline) == (first, START, NOW + 2 * HOUR)
    with pytest.raises(errors.SlotTaken):
        take_elsewhere(full)
    assert not HoldUse.objects.exists(), "it counts against no limit"
    letter = Letter.objects.get(kind="waiting_offer", copy_of=None)
    assert letter.citizen == first.citizen
    text = render(letter, for_sending=True).text
    assert "01.12.2026, 10:30" in text or "1 грудня" in text
    assert "12:00" in text
    assert serve() == [offer], "nobody is asked twice"
    assert acts() == ["queue_joined", "queue_joined", "time_offered"]


def test_the_freeing_itself__makes_the_offer(
    full: Full, django_capture_on_commit_callbacks: Any
) -> None:
    wait(full)
    with django_capture_on_commit_callbacks(execute=True):
        cancel(full)
    assert WaitingOffer.objects.open(NOW).get().start == START


def test_a_hold_that_is_given_back__is_offered_too(
    full: Full, django_capture_on_commit_callbacks: Any
) -> None:
    cancel(full)
    actor = somebody()
    held = holds.reserve(
        actor=actor, official_id=full.official.pk, start=START, captcha=solved_captcha(), now=NOW
    )
    wait(full)
    with django_capture_on_commit_callbacks(execute=True):
        holds.release(actor=actor, token=held.token, now=NOW)
    assert WaitingOffer.objects.open(NOW).get().start == START


def test_an_offer_that_is_taken__becomes_a_hold(full: Full) -> None:
    entry = wait(full)
    cancel(full)
    (offer,) = serve()
    now = NOW + HOUR
    hold = waiting.accept(actor=owner_of(offer), public_id=offer.public_id, now=now)
    assert (hold.kind, hold.citizen, hold.start) == ("hold", entry.citizen, START)
    assert hold.expires_at == now + timedelta(minutes=15)
    entry.refresh_from_db()
    assert entry.state == State.SERVED
    assert acts()[-1] == "offer_taken"
    again = waiting.accept(actor=owner_of(offer), public_id=offer.public_id, now=now)
    assert again.pk == hold.pk


def test_who_takes_it__files_the_application_in_time(full: Full) -> None:
    wait(full)
    cancel(full)
    (offer,) = serve()
    actor = owner_of(offer)
    waiting.accept(actor=actor, public_id=offer.public_id, now=NOW)
    draft = write_draft(actor)
    filed = applications.submit(
        actor=actor, draft_token=draft.token, captcha=solved_captcha(), channel="web", now=NOW
    )
    assert (filed.start, filed.official) == (START, full.official)


def test_an_offer_that_is_declined__goes_to_the_next(full: Full) -> None:
    first, second = wait(full), wait(full, now=NOW + timedelta(minutes=1))
    cancel(full)
    (offer,) = serve()
    waiting.decline(actor=owner_of(offer), public_id=offer.public_id, now=NOW + HOUR)
    (following,) = serve(NOW + HOUR)
    assert (following.entry, following.start) == (second, START)
    first.refresh_from_db()
    assert (first.state, first.missed) == (State.WAITING, 1)
    waiting.decline(actor=owner_of(offer), public_id=offer.public_id, now=NOW + HOUR)
    first.refresh_from_db()
    assert first.missed == 1, "declining again changes nothing"


def test_an_offer_without_an_answer__goes_to_the_next_and_is_late(full: Full) -> None:
    wait(full)
    second = wait(full, now=NOW + timedelta(minutes=1))
    cancel(full)
    (offer,) = serve()
    late = offer.deadline
    with pytest.raises(errors.OfferClosed):
        waiting.accept(actor=owner_of(offer), public_id=offer.public_id, now=late)
    (following,) = serve(late)
    assert following.entry == second
    offer.refresh_from_db()
    assert offer.answer == Answer.EXPIRED
    for answer in (waiting.accept, waiting.decline):
        with pytest.raises(errors.OfferClosed):
            answer(actor=owner_of(offer), public_id=offer.public_id, now=late)


def test_a_place__is_kept_twice_and_lost_with_a_letter(full: Full) -> None:
    entry = wait(full)
    for which, minutes in (("first", 0), ("second", 1)):
        cancel(full, which)
        offer = serve()[-1]
        waiting.decline(actor=owner_of(offer), public_id=offer.public_id, now=NOW)
        entry.refresh_from_db()
        assert (entry.state, entry.missed) == (State.WAITING, minutes + 1)
    assert serve() == [], "a time that was declined is not offered again"
    full.official.horizon_days = 21
    full.official.save()
    (third,) = serve()[:1]
    letters = Letter.objects.filter(kind="waiting_offer", copy_of=None).order_by("pk")
    told = [render(letter, for_sending=False).text for letter in letters]
    assert ["втратите місце" in text for text in told] == [False, False, True]
    waiting.decline(actor=owner_of(third), public_id=third.public_id, now=NOW)
    entry.refresh_from_db()
    assert (entry.state, entry.ended_at) == (State.MISSED, NOW)
    assert "передали" in render(Letter.objects.get(kind="waiting_ended", copy_of=None)).text


def test_at_night__nobody_is_asked(full: Full) -> None:
    wait(full)
    cancel(full, now=NIGHT)
    assert serve(NIGHT) == []
    (offer,) = serve(NIGHT + 9 * HOUR)
    assert offer.deadline == NIGHT + 11 * HOUR


def test_days_and_nearness__are_as_the_person_said(full: Full) -> None:
    wait(full, wish=Wish(weekdays=[1, 3]))
    wait(full)
    near = wait(full, wish=Wish(weekdays=[2], comes_soon=True), now=NOW + HOUR)
    soon = START - DAY + HOUR
    cancel(full, now=soon)
    offer = serve(soon)[0]
    assert (offer.start, offer.entry) == (START, near), (
        "a time of tomorrow is offered to who said so alone"
    )


def test_leaving__frees_what_was_offered(full: Full) -> None:
    entry, second = wait(full), wait(full, now=NOW + timedelta(minutes=1))
    cancel(full)
    (offer,) = serve()
    actor = signed_in(entry.citizen)
    for _ in range(2):
        waiting.leave(actor=actor, public_id=entry.public_id, now=NOW)
    assert kept(offer) is None
    offer.refresh_from_db()
    assert offer.answer == Answer.WITHDRAWN
    with pytest.raises(errors.OfferClosed):
        waiting.accept(actor=actor, public_id=offer.public_id, now=NOW)
    (following,) = serve()
    assert following.entry == second
    assert acts().count("queue_left") == 1


def test_nobody__waits_for_what_can_be_chosen(full: Full) -> None:
    cancel(full)
    with pytest.raises(errors.TimeIsFree):
        wait(full)
    wait(full, wish=Wish(weekdays=[1]))


def test_joining_again__changes_the_wish_and_keeps_the_place(full: Full) -> None:
    actor = somebody()
    entry = wait(full, actor)
    wait(full, now=NOW + timedelta(minutes=1))
    again = wait(full, actor, wish=Wish(weekdays=[2], comes_soon=True), now=NOW + HOUR)
    assert (again.pk, again.weekdays, again.comes_soon) == (entry.pk, "2", True)
    assert people_before(again) == 0
    assert acts() == ["queue_joined", "queue_joined", "queue_changed"]


def test_one__waits_for_few_officials(full: Full) -> None:
    actor = somebody()
    others = [fill(OfficialFactory()) for _ in range(MOST_QUEUES)]
    for other in others:
        wait(other, actor)
    with pytest.raises(errors.QueueLimit):
        wait(full, actor)


@pytest.mark.parametrize("weekdays", [[], [0, 8, 99]])
def test_without_a_day__there_is_nothing_to_wait_for(full: Full, weekdays: list[int]) -> None:
    with pytest.raises(errors.Incomplete) as refusal:
        wait(full, wish=Wish(weekdays=weekdays))
    assert set(refusal.value.fields) == {"weekdays"}


@pytest.mark.parametrize(
    ("phone", "place"), [("", "told"), ("не номер", "phone"), ("044 123 45 67", "phone")]
)
def test_who_cannot_be_told__does_not_wait(full: Full, phone: str, place: str) -> None:
    actor = signed_in(CitizenFactory(email="", email_confirmed_at=None))
    with pytest.raises(errors.Incomplete) as refusal:
        wait(full, actor, wish=Wish(weekdays=[2], phone=phone))
    assert set(refusal.value.fields) == {place}


def test_who_cannot_book__does_not_wait(full: Full) -> None:
    without_terms = signed_in(CitizenFactory())
    without_terms.citizen.consents.all().delete()
    with pytest.raises(errors.ConsentRequired):
        wait(full, without_terms)
    full.official.receives = False
    full.official.save()
    with pytest.raises(errors.OfficialUnavailable):
        wait(full)
    with pytest.raises(errors.NotFound):
        waiting.join(actor=somebody(), official_id=10**9, wish=ANY_DAY, now=NOW)


def test_what_stands_in_the_way__leaves_the_offer_open(full: Full) -> None:
    entry = wait(full)
    cancel(full)
    (offer,) = serve()
    actor = owner_of(offer)
    elsewhere = ApplicationFactory(citizen=entry.citizen, start=START)
    with pytest.raises(errors.OwnTimeTaken):
        waiting.accept(actor=actor, public_id=offer.public_id, now=NOW)
    elsewhere.delete()
    Occupancy.objects.create(
        official=OfficialFactory(),
        kind="hold",
        citizen=entry.citizen,
        start=LATER + DAY,
        end=LATER + DAY + HOUR,
        created_at=NOW,
        expires_at=NOW + HOUR,
    )
    with pytest.raises(errors.HoldExists):
        waiting.accept(actor=actor, public_id=offer.public_id, now=NOW)
    assert WaitingOffer.objects.open(NOW).get() == offer
    assert waiting.accept(actor=actor, public_id=offer.public_id, now=NOW + HOUR).start == START


def test_strangers__find_nothing(full: Full) -> None:
    entry = wait(full)
    cancel(full)
    (offer,) = serve()
    stranger = somebody()
    for answer in (waiting.accept, waiting.decline):
        with pytest.raises(errors.NotFound):
            answer(actor=stranger, public_id=offer.public_id, now=NOW)
    with pytest.raises(errors.NotFound):
        waiting.leave(actor=stranger, public_id=entry.public_id, now=NOW)
    assert WaitingOffer.objects.open(NOW).get() == offer


def test_waiting__ends_after_its_days_and_with_the_official(full: Full) -> None:
    entry = wait(full)
    waiting.serve_queues(now=NOW + LASTS - HOUR)
    entry.refresh_from_db()
    assert entry.state == State.WAITING
    waiting.serve_queues(now=NOW + LASTS)
    entry.refresh_from_db()
    assert entry.state == State.OVER
    other = wait(full)
    full.official.receives = False
    full.official.save()
    cancel(full)
    assert serve() == []
    other.refresh_from_db()
    assert other.state == State.CLOSED
    assert Letter.objects.filter(kind="waiting_ended", copy_of=None).count() == 2


def test_while_booking_is_paused__nobody_is_asked(full: Full) -> None:
    wait(full)
    cancel(full)
    Service.objects.create(key="video-reception", is_paused=True)
    assert serve() == []
    Service.objects.update(is_paused=False)
    assert len(serve()) == 1


def test_many_queues__are_looked_at_in_turn(full: Full, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "AT_ONCE", 1)
    wait(full)
    later = [fill(OfficialFactory()), fill(OfficialFactory())]
    for other in later:
        wait(other)
        cancel(other)
    for _ in range(100):
        if len(serve()) == len(later):
            break
    # The first has nothing free: it stays in the way of who always begins with it.
    assert WaitingOffer.objects.open(NOW).count() == len(later)


def test_who_asked_to_be_erased__is_not_asked_and_leaves_nothing(full: Full) -> None:
    entry = wait(full)
    erasing.ask_to_erase(actor=signed_in(entry.citizen), now=NOW)
    cancel(full)
    assert serve() == []
    due = Citizen.objects.get(pk=entry.citizen_id).erasure_due
    assert due
    erasing.erase_due(now=due)
    assert not WaitingEntry.objects.exists()


def test_what_has_ended__is_forgotten_after_a_month(full: Full) -> None:
    entry = wait(full)
    waiting.leave(actor=signed_in(entry.citizen), public_id=entry.public_id, now=NOW)
    clean(now=NOW + 29 * DAY)
    assert WaitingEntry.objects.exists()
    clean(now=NOW + 31 * DAY)
    assert not WaitingEntry.objects.exists()


def test_a_text_message__tells_the_time_and_until_when(full: Full, settings: Any) -> None:
    configure(settings, "http://127.0.0.1:9/")
    entry = wait(full, wish=Wish(weekdays=[2], phone="067 123 45 67"))
    assert entry.phone == "+380671234567"
    cancel(full)
    (offer,) = serve()
    message = Letter.objects.get(kind="waiting_offer", phone=entry.phone)
    text = render_text(message, now=NOW)
    assert "вільний час 01.12 10:30" in text
    assert "до 23.11 12:00" in text
    assert segments(text) == 1
    assert valid_until(message) == offer.deadline
    with pytest.raises(NothingToSend):
        render_text(message, now=offer.deadline)


def test_the_database__keeps_one_place_and_one_open_offer(full: Full) -> None:
    entry = wait(full)
    cancel(full)
    (offer,) = serve()
    for values in (
        {"citizen": entry.citizen, "official": full.official, "weekdays": "1"},
        {"citizen": somebody().citizen, "official": full.official, "weekdays": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            WaitingEntry.objects.create(created_at=NOW, lasts_until=NOW, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        WaitingOffer.objects.create(
            entry=entry,
            token=entry.public_id,
            start=LATER,
            end=LATER + HOUR,
            made_at=NOW,
            deadline=offer.deadline,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Occupancy.objects.filter(token=offer.token).update(citizen=entry.citizen)
