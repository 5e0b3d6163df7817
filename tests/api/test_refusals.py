"""What programs read of a refusal."""

from rest_framework.test import APIClient

from diia_videoreception.models import ConsentAcceptance, Official
from tests.factories import ApplicationFactory
from tests.harness.clock import NOW, START
from tests.steps.api import API


def test_a_declined_application__says_why_on_what_ground_and_whom_to_ask(
    client: APIClient, official: Official
) -> None:
    consent = ConsentAcceptance.objects.get()
    declined = ApplicationFactory(
        official=official,
        citizen=consent.citizen,
        consent=consent,
        start=START,
        state="declined",
        decided_at=NOW,
        reason="Питання громади.",
        legal_ground="Стаття 7.",
        whom_to_ask="Управління громади, 0 800 000 015",
    )

    shown = client.get(f"{API}/applications/{declined.public_id}").json()

    assert shown["reason"] == "Питання громади."
    assert shown["legal_ground"] == "Стаття 7."
    assert shown["whom_to_ask"] == "Управління громади, 0 800 000 015"
