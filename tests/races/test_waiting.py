"""A time that is offered to who waits, wanted by others at the same moment: one has it, and nothing is half done."""

from diia_videoreception.models import HoldUse, Occupancy, Official, WaitingEntry, WaitingOffer
from diia_videoreception.services.booking import applications, holds, serving, waiting
from tests.factories import signed_in
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW, START
from tests.steps.races import AtOnce, run, said
from tests.steps.waiting import Full, fill, owner_of, serve, somebody, wait

ROUNDS = 5


def freed(official: Official) -> Full:
    """Two wait; the time of the first application is free, and not offered yet."""
    WaitingEntry.objects.all().delete()
    Occupancy.objects.all().delete()
    full = fill(official)
    wait(full)
    wait(full)
    full.first.occupancies.all().delete()
    return full


def cancelled(full: Full) -> None:
    application = full.second
    actor = signed_in(application.citizen)
    applications.cancel(actor=actor, public_id=application.public_id, now=NOW)


def test_several_workers__offer_each_time_once(official: Official, at_once: AtOnce) -> None:
    for _ in range(ROUNDS):
        full = freed(official)
        offer = said("ok", serving.offer_freed, full.official.pk, now=NOW)
        run(at_once, offer, offer, offer, said("ok", cancelled, full))
        waiting.serve_queues(now=NOW)
        offers = WaitingOffer.objects.filter(answer="")
        assert {one.start for one in offers} == {full.first.start, full.second.start}
        assert len({one.entry_id for one in offers}) == 2
        assert Occupancy.objects.filter(kind="offer").count() == 2


def test_who_waits_and_a_stranger__do_not_both_get_a_time(
    official: Official, at_once: AtOnce
) -> None:
    for _ in range(ROUNDS):
        full = freed(official)
        said_by = run(
            at_once,
            said("offered", serving.offer_freed, full.official.pk, now=NOW),
            said(
                "held",
                holds.reserve,
                actor=somebody(),
                official_id=official.pk,
                start=START,
                captcha=solved_captcha(),
                now=NOW,
            ),
        )
        assert Occupancy.objects.filter(official=official, start=START).count() == 1
        assert set(said_by) <= {"held", "offered", "slot_taken"}


def test_an_offer__is_answered_once(official: Official, at_once: AtOnce) -> None:
    for _ in range(ROUNDS):
        freed(official)
        HoldUse.objects.all().delete()
        offer = serve()[0]
        actor = owner_of(offer)
        how = {"actor": actor, "public_id": offer.public_id, "now": NOW}
        run(
            at_once,
            said("taken", waiting.accept, **how),
            said("taken", waiting.accept, **how),
            said("declined", waiting.decline, **how),
            said("left", waiting.leave, **(how | {"public_id": offer.entry.public_id})),
        )
        offer.refresh_from_db()
        rows = Occupancy.objects.filter(token=offer.token)
        assert offer.answer in {"accepted", "declined", "withdrawn"}
        assert HoldUse.objects.count() == (offer.answer == "accepted")
        assert [row.kind for row in rows] == ["hold"] * (offer.answer == "accepted")
        offer.entry.refresh_from_db()
        assert offer.entry.state in {"served", "left"}
