"""What was typed and its person has signed on paper: this paper alone, by who printed it, once, in time."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string

from diia_videoreception import errors, models
from diia_videoreception.rules.mandates import ConsentMethod, MandateState, MandateTerm
from diia_videoreception.selectors.assistance.typed_papers import waiting_papers
from diia_videoreception.services.assistance import handing_over, typed_papers, visits
from diia_videoreception.services.assistance.mandate_ends import EndedBy, end
from diia_videoreception.services.booking import retention
from diia_videoreception.services.documents.storage import private_storage
from diia_videoreception.services.housekeeping.cleaning import clean
from tests.factories import ConsentTextFactory, ScheduleRuleFactory
from tests.harness.clock import NOW, START
from tests.harness.html import Page
from tests.steps.centres import CentreWorld, accredited, member, user
from tests.steps.inspection import examine_inside
from tests.steps.mandates import SHEVCHUK, by, may_act, sealed, takes_texts, visit_for
from tests.steps.samples import png
from tests.steps.second_factor import with_app
from tests.steps.typed_papers import filed, printed, scanned
from tests.steps.typing import ANSWERS, TOPIC, held, typed
from tests.steps.visits import shown

pytestmark = pytest.mark.any_database
UNTIL_RECEPTION = by(ConsentMethod.SMS_CODE, term=MandateTerm.UNTIL_RECEPTION)
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def examiner(monkeypatch: pytest.MonkeyPatch) -> None:
    examine_inside(monkeypatch)


@pytest.fixture
def staff(world: CentreWorld) -> Any:
    with_app(world.administrator)
    return may_act(world.administrator)


@pytest.fixture
def official(db: None) -> models.Official:
    ConsentTextFactory()
    return ScheduleRuleFactory().official


@pytest.fixture
def visit(
    world: CentreWorld, staff: Any, official: models.Official, settings: Any, tmp_path: Path
) -> models.CentreVisit:
    """A visit of a person who has agreed and said everything."""
    takes_texts(settings, tmp_path)
    found = visit_for(world)
    sealed(found, staff, consent=UNTIL_RECEPTION)
    typed(found, staff)
    return found


def ended(visit: models.CentreVisit, staff: Any) -> None:
    outcome = models.CentreVisit.Outcome.PAPER_FORM
    done = models.CentreVisit.EndReason.DONE
    visits.end(shown(visit), reason=done, outcome=outcome, staff=staff, now=NOW)


def resumed(
    paper: models.TypedPaper, staff: Any, *, world: CentreWorld, days: int = 1
) -> models.CentreVisit:
    now = NOW + timedelta(days=days)
    return typed_papers.resume(world.centre.public_id, paper.public_id, staff=staff, now=now)


# --- Signed and sent at once -------------------------------------------------------------------


def test_what_is_signed_with_its_time__is_filed_as_confirmed_on_paper(
    visit: models.CentreVisit, staff: Any, official: models.Official
) -> None:
    held(visit, staff, official)
    paper = printed(visit, staff)
    scan = scanned(visit, staff, f" {paper.code.lower()} ").scan
    application = filed(visit, staff)
    assert (application.confirmed_with, application.confirmed_at) == ("paper", NOW)
    assert application.entered["topic"]["confirmed_with"] == "paper"
    assert (application.typed_paper, application.start) == (paper, START)
    record = models.JournalRecord.objects.get(act="application.submit")
    assert record.details["scan"] == scan.sha256
    assert record.details["version"] == paper.version
    visit.refresh_from_db()
    assert visit.phase == "close"
    told = Page(
        render_to_string("diia_videoreception/includes/helped.html", {"application": application})
    ).text
    assert "Усе підтвердив(ла) заявник(ця) підписом на папері" in told


def test_a_signed_paper__is_used_once(
    visit: models.CentreVisit, staff: Any, official: models.Official
) -> None:
    held(visit, staff, official)
    paper = printed(visit, staff)
    scanned(visit, staff, paper.code)
    with pytest.raises(errors.WrongState):
        typed_papers.file(replace(shown(visit), visit=paper.public_id), staff=staff, now=NOW)
    filed(visit, staff)
    with pytest.raises((errors.WrongState, errors.VisitChanged)):
        filed(visit, staff)
    visits.go_back(shown(visit), staff=staff, now=NOW)
    visits.go_back(shown(visit), staff=staff, now=NOW)
    typed(visit, staff)
    held(visit, staff, official, START + timedelta(hours=1))
    with pytest.raises(errors.WrongState):
        filed(visit, staff)
    second = printed(visit, staff)
    with pytest.raises(errors.Incomplete) as refusal:
        scanned(visit, staff, second.code)
    assert [*refusal.value.fields] == ["scan"]
    assert models.Application.objects.count() == 1


def test_without_the_scan__nothing_is_filed(
    visit: models.CentreVisit, staff: Any, official: models.Official
) -> None:
    held(visit, staff, official)
    with pytest.raises(errors.WrongState):
        filed(visit, staff)
    printed(visit, staff)
    with pytest.raises(errors.WrongState):
        filed(visit, staff)
    assert not models.Application.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "ABCD2345"}, "code"),
        ({"signed_on": None}, "signed_on"),
        ({"signed_on": NOW.date() - timedelta(days=1)}, "signed_on"),
        ({"signed_on": NOW.date() + timedelta(days=1)}, "signed_on"),
        ({"data": b"GIF89a"}, "scan"),
        ({"data": b""}, "scan"),
    ],
)
def test_another_paper__is_refused_and_leaves_no_file(
    visit: models.CentreVisit, staff: Any, change: dict[str, Any], field: str
) -> None:
    paper = printed(visit, staff)
    with pytest.raises(errors.Incomplete) as refusal:
        scanned(visit, staff, **{"code": paper.code} | change)
    assert [*refusal.value.fields] == [field]
    assert not models.Document.objects.exists()


def test_the_paper_of_another_visit__is_not_taken(
    visit: models.CentreVisit, staff: Any, world: CentreWorld
) -> None:
    first = printed(visit, staff)
    scanned(visit, staff, first.code)
    other = visit_for(world)
    sealed(other, staff, consent=UNTIL_RECEPTION, said=_somebody_else())
    typed(other, staff)
    second = printed(other, staff)
    for code, data in ((first.code, png(None, compress_level=1)), (second.code, None)):
        with pytest.raises(errors.Incomplete):
            scanned(other, staff, code, data=data)
    assert models.Document.objects.count() == 1


def _somebody_else() -> Any:
    return replace(SHEVCHUK, last_name="Коваленко", rnokpp="", phone="050 765 43 21")


def test_what_is_changed_after_the_print__is_printed_anew(
    visit: models.CentreVisit, staff: Any, official: models.Official
) -> None:
    held(visit, staff, official)
    paper = printed(visit, staff)
    typed(visit, staff, replace(ANSWERS, topic="Зовсім інше питання."))
    with pytest.raises(errors.PaperChanged):
        scanned(visit, staff, paper.code)
    typed(visit, staff)
    scanned(visit, staff, paper.code)
    held(visit, staff, official, START + timedelta(minutes=30))
    with pytest.raises(errors.PaperChanged):
        filed(visit, staff)
    held(visit, staff, official)
    assert filed(visit, staff).topic == TOPIC


def test_a_colleague_who_took_the_visit_over__prints_it_anew(
    visit: models.CentreVisit, staff: Any, official: models.Official, world: CentreWorld
) -> None:
    held(visit, staff, official)
    paper = printed(visit, staff)
    scanned(visit, staff, paper.code)
    colleague = models.CentreMember.objects.get(user=world.consultant)
    models.CentreMember.objects.filter(pk=colleague.pk).update(role="administrator")
    accredited(world.consultant, world.centre)
    with_app(world.consultant)
    handing_over.hand_over(
        world.centre.public_id,
        holder=world.member.public_id,
        taker=colleague.public_id,
        staff=staff,
        now=NOW,
    )
    taker = may_act(world.consultant)
    for act in (
        lambda: filed(visit, taker),
        lambda: scanned(visit, taker, paper.code, data=png(None, compress_level=1)),
    ):
        with pytest.raises(errors.PaperOfAnother):
            act()
    with pytest.raises(errors.NotFound):
        typed_papers.look_at_scan(paper, staff=taker, now=NOW)
    assert printed(visit, taker).code != paper.code
    assert not models.Document.objects.exists()


@pytest.mark.parametrize("step", ["print", "scan", "file"])
def test_a_consent_that_is_revoked__stops_every_step(
    visit: models.CentreVisit, staff: Any, official: models.Official, step: str
) -> None:
    held(visit, staff, official)
    paper = printed(visit, staff)
    scanned(visit, staff, paper.code)
    end(paper.mandate, MandateState.REVOKED, EndedBy.PERSON, now=NOW)
    acts = {
        "print": lambda: printed(visit, staff),
        "scan": lambda: scanned(visit, staff, paper.code),
        "file": lambda: filed(visit, staff),
    }
    with pytest.raises(errors.MandateEnded):
        acts[step]()
    assert not models.Application.objects.exists()


# --- Signed now, sent within a working day -----------------------------------------------------


def test_a_paper_without_a_time__waits_after_the_visit_and_is_sent_the_next_day(
    visit: models.CentreVisit, staff: Any, official: models.Official, world: CentreWorld
) -> None:
    paper = scanned(visit, staff, printed(visit, staff).code)
    assert paper.enter_by is not None
    assert paper.enter_by.astimezone().date() > NOW.date()
    ended(visit, staff)
    assert waiting_papers(world.member) == [paper]
    later = resumed(paper, staff, world=world)
    assert (later.mode, later.phase, later.reason) == ("paper", "work", "no_eid")
    assert resumed(paper, staff, world=world) == later
    held(later, staff, official, now=TOMORROW)
    application = filed(later, staff, now=TOMORROW)
    assert (application.confirmed_with, application.confirmed_at) == ("paper", NOW)
    assert (application.submitted_at, application.topic) == (TOMORROW, TOPIC)
    assert waiting_papers(world.member) == []
    with pytest.raises(errors.NotFound):
        resumed(paper, staff, world=world)


def test_for_a_consent_that_ends_with_the_visit__a_time_is_chosen_first(
    world: CentreWorld, staff: Any, official: models.Official, settings: Any, tmp_path: Path
) -> None:
    takes_texts(settings, tmp_path)
    visit = visit_for(world)
    sealed(visit, staff)
    typed(visit, staff)
    with pytest.raises(errors.PaperNeedsTerm):
        printed(visit, staff)
    held(visit, staff, official)
    assert printed(visit, staff).has_time


def test_what_waits__is_seen_by_its_administrator_and_the_head_alone(
    visit: models.CentreVisit, staff: Any, world: CentreWorld
) -> None:
    paper = scanned(visit, staff, printed(visit, staff).code)
    ended(visit, staff)
    members = {one.user_id: one for one in models.CentreMember.objects.all()}
    assert waiting_papers(members[world.head.pk]) == [paper]
    assert waiting_papers(members[world.consultant.pk]) == []
    assert waiting_papers(members[world.foreign_head.pk]) == []
    assert paper.enter_by is not None
    assert not paper.is_overdue(paper.enter_by)
    assert paper.is_overdue(paper.enter_by + timedelta(seconds=1))
    colleague = user("koval")
    member(world.centre, colleague)
    accredited(colleague, world.centre)
    with_app(colleague)
    for other in (world.foreign_head, world.head, colleague):
        with pytest.raises((errors.NotFound, errors.NoRightToAct)):
            resumed(paper, may_act(other), world=world)
    with pytest.raises(errors.NotFound):
        resumed(paper, may_act(colleague), world=world)


def test_after_a_revocation__nothing_waits_and_nobody_goes_on(
    visit: models.CentreVisit, staff: Any, world: CentreWorld
) -> None:
    paper = scanned(visit, staff, printed(visit, staff).code)
    ended(visit, staff)
    end(paper.mandate, MandateState.REVOKED, EndedBy.PERSON, now=NOW)
    assert waiting_papers(world.member) == []
    with pytest.raises(errors.NotFound):
        resumed(paper, staff, world=world)


def test_what_waits__is_kept_while_the_consent_holds_and_no_longer(
    visit: models.CentreVisit, staff: Any
) -> None:
    paper = scanned(visit, staff, printed(visit, staff).code)
    ended(visit, staff)
    path = paper.scan.path
    weeks = NOW + timedelta(days=20)
    clean(now=weeks)
    assert typed_papers.delete_unfiled(now=weeks) == 0
    assert models.Draft.objects.get().topic == TOPIC
    end(paper.mandate, MandateState.REVOKED, EndedBy.PERSON, now=weeks)
    assert typed_papers.delete_unfiled(now=weeks) == 1
    clean(now=weeks)
    assert not models.Document.objects.exists()
    assert not models.Draft.objects.exists()
    assert not private_storage().exists(path)


def test_a_scan_of_a_closed_case__goes_with_its_documents(
    visit: models.CentreVisit, staff: Any, official: models.Official
) -> None:
    held(visit, staff, official)
    scanned(visit, staff, printed(visit, staff).code)
    application = filed(visit, staff)
    models.Agency.objects.update(document_days=30)
    models.Application.objects.update(state="cancelled", decided_at=NOW)
    much_later = START + timedelta(days=40)
    due = retention.report(now=much_later)
    assert (due[0].applications, due[0].documents) == (1, 1)
    assert retention.delete_due(now=much_later) == 1
    assert models.TypedPaper.objects.get().application == application


def test_the_database__has_no_filed_paper_without_its_scan(
    visit: models.CentreVisit, staff: Any
) -> None:
    paper = printed(visit, staff)
    for wrong in ({"scanned_at": NOW}, {"signed_on": date(2026, 11, 24)}, {"enter_by": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            models.TypedPaper.objects.filter(pk=paper.pk).update(**wrong)
