"""An answer in writing, read by a program."""

from rest_framework.test import APIClient

from diia_videoreception.models import ConsentAcceptance, Official
from tests.factories import ApplicationFactory
from tests.harness.clock import START
from tests.steps.api import API
from tests.steps.moderation import moderator_of
from tests.steps.written_answers import ANSWER, NUMBER, answer_in_writing


def test_an_application__has_the_answer_and_its_number(
    client: APIClient, official: Official
) -> None:
    consent = ConsentAcceptance.objects.get()
    application = ApplicationFactory(
        official=official, citizen=consent.citizen, start=START, consent=consent
    )
    answer_in_writing(application, moderator_of(official.agency))

    body = client.get(f"{API}/applications/{application.public_id}").json()

    assert (body["state"], body["written_answer"], body["outgoing_number"]) == (
        "answered", ANSWER, NUMBER,
    )  # fmt: skip
