"""The whole path through the services: hold, draft, application, decision, letters."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth import get_user_model

from diia_videoreception import errors
from diia_videoreception.models import (
    Application,
    JournalRecord,
    Letter,
    Occupancy,
    Official,
)
from diia_videoreception.selectors.actors import SignedIn
from diia_videoreception.services.booking import applications, drafts, holds, moderation
from diia_videoreception.services.booking.drafts import DraftAnswers
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW
from tests.steps.moderation import moderator_of


def _apply(citizen: SignedIn, official: Official, start: datetime) -> Application:
    holds.reserve(
        actor=citizen, official_id=official.pk, start=start, captcha=solved_captcha(), now=NOW
    )
    draft = drafts.save_answers(
        citizen=citizen.citizen,
        answers=DraftAnswers(topic="Компенсація за догляд", phone="067 123 45 67"),
        now=NOW,
    )
    return applications.submit(
        actor=citizen,
        draft_token=draft.token,
        captcha=solved_captcha(),
        channel=Application.Channel.WEB,
        now=NOW + timedelta(minutes=5),
    )


def test_a_held_time__becomes_an_application_and_a_confirmed_reception(
    official: Official, citizen: SignedIn, slot_start: datetime
) -> None:
    application = _apply(citizen, official, slot_start)
    moderator = moderator_of(official.agency)

    moderation.confirm(
        moderator=moderator,
        public_id=application.public_id,
        version=application.version,
        now=NOW + timedelta(hours=1),
    )

    application.refresh_from_db()
    assert application.number == "ВП-2026-000001-" + application.number[-1]
    assert (application.state, application.phone) == ("confirmed", "+380671234567")
    assert application.reception.password not in application.reception.password_encrypted
    kinds = list(Letter.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["receipt", "agency_news", "confirmation"]
    assert list(JournalRecord.objects.values_list("act", flat=True)) == [
        "application.submit",
        "application.confirm",
    ]
    assert Occupancy.objects.get().kind == "application"


def test_another_citizen__cannot_have_the_time(
    official: Official, citizen: SignedIn, slot_start: datetime
) -> None:
    from tests.factories import CitizenFactory, signed_in

    _apply(citizen, official, slot_start)

    with pytest.raises(errors.SlotTaken):
        holds.reserve(
            actor=signed_in(CitizenFactory()),
            official_id=official.pk,
            start=slot_start,
            captcha=solved_captcha(),
            now=NOW,
        )


def test_a_conference_that_is_not_set_up__is_told_and_nothing_happens(
    official: Official, citizen: SignedIn, slot_start: datetime
) -> None:
    application = _apply(citizen, official, slot_start)
    official.agency.conference = "gone"
    official.agency.save()
    moderator = get_user_model().objects.create_superuser("admin")
    with pytest.raises(errors.ConferenceUnavailable):
        moderation.confirm(moderator=moderator, public_id=application.public_id, version=1, now=NOW)
    application.refresh_from_db()
    assert application.state == "submitted"
