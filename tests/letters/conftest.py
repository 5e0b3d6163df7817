"""Letters about one application of Tuesday, 1 December 2026, 10:30 in Kyiv."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from diia_videoreception.models import Application, Letter, Official, Reception
from diia_videoreception.personal_data import encrypt
from diia_videoreception.services import letters
from tests.factories import NOW, ApplicationFactory, CitizenFactory, ScheduleRuleFactory
from tests.harness.clock import START
from tests.harness.sms_gateway import Gateway, sms_gateway
from tests.steps.letters import PASSWORD
from tests.steps.sms import configure


@pytest.fixture
def official(db: None) -> Official:
    return ScheduleRuleFactory(
        official__last_name="Коваленко",
        official__unit__agency__name="Міністерство соціальної політики",
        official__unit__agency__short_name="Мінсоцполітики",
    ).official


@pytest.fixture
def application(official: Official) -> Application:
    return ApplicationFactory(
        number="ВП-2026-000123-7",
        official=official,
        start=START,
        citizen=CitizenFactory(email="melnyk@example.com"),
    )


@pytest.fixture
def confirmed(application: Application) -> Application:
    Application.objects.filter(pk=application.pk).update(state="confirmed", decided_at=NOW)
    Reception.objects.create(
        application=application,
        conference="default",
        login="vp-a2b3c4d5",
        password_encrypted=encrypt(PASSWORD),
        confirmed_at=NOW,
    )
    application.refresh_from_db()
    return application


@pytest.fixture
def queued() -> Callable[..., Letter]:
    """`queued("receipt", application)`: a letter in the outbox, due at NOW."""

    def queue(kind: str, application: Application, **facts: object) -> Letter:
        return letters.queue(Letter.Kind(kind), application=application, now=NOW, facts=facts)

    return queue


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    with sms_gateway() as listening:
        configure(settings, listening.url)
        yield listening
