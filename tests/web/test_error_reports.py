"""What Django tells the administrators of an error: never what a citizen has sent."""

from typing import Any

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.views.debug import ExceptionReporter, get_exception_reporter_filter

from diia_videoreception.models import Citizen, Document
from diia_videoreception.services.booking.drafts import DraftAnswers
from diia_videoreception.web.citizen.application import form
from diia_videoreception.web.decorators import screen
from tests.factories import CitizenFactory, signed_in
from tests.steps.people import sign_in

PERSONAL = "ОЗНАКА"


def failing(*args: HttpRequest, **kwargs: object) -> Any:
    raise RuntimeError


@pytest.mark.django_db
def test_the_report_of_a_screen_that_fails__hides_what_was_sent() -> None:
    request = RequestFactory().post("/", {"topic": "ОЗНАКА", "token": "eyJhbGciOiJFUzI1NiJ9"})
    request.session = SessionBase()

    with pytest.raises(RuntimeError):
        screen(failing)(request)

    reported = get_exception_reporter_filter(request).get_post_parameters(request)
    assert set(reported) == {"topic", "token"}
    assert not any("ОЗНАКА" in value or "eyJ" in value for value in reported.values())


@pytest.mark.django_db
def test_the_report_of_a_screen_that_fails__hides_what_it_worked_with() -> None:
    """For example the secret of the portal in what it sends to a provider of identities."""

    def ask(form: str) -> HttpResponse:
        raise RuntimeError(len(form))

    request = RequestFactory().get("/")
    request.session = SessionBase()
    with pytest.raises(RuntimeError) as failure:
        screen(lambda request: ask("client_secret=ОЗНАКА"))(request)

    reporter = ExceptionReporter(request, failure.type, failure.value, failure.tb)
    reported = [item for frame in reporter.get_traceback_frames()[1:] for item in frame["vars"]]
    assert "form" in dict(reported)
    assert "ОЗНАКА" not in str(reported)


@pytest.mark.django_db
def test_the_report_of_a_failing_form__hides_the_answers(
    client: Client, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any], settings: Any
) -> None:
    settings.ADMINS = [("Адміністратор", "admin@example.com")]
    settings.DEBUG = False
    sign_in(client)
    client.raise_request_exception = False
    monkeypatch.setattr(form, "save_answers", failing)

    answer = client.post("/videoreception/application/", {"topic": "ОЗНАКА"})

    assert answer.status_code == 500
    assert len(mailoutbox) == 1
    assert "ОЗНАКА" not in mailoutbox[0].body


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_who_meets_an_error__gets_its_number_and_the_log_the_place(
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    accept: str,
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError(PERSONAL)

    settings.ROOT_URLCONF = "sandbox.urls"
    client = Client(raise_request_exception=False, headers={"Accept": accept})
    sign_in(client)
    monkeypatch.setattr(form, "draft_of", fail)
    # Whatever else is broken: the page asks neither the session nor the database.
    monkeypatch.setattr("diia_videoreception.web.pages.signed_in_citizen", fail)

    answer = client.get("/videoreception/application/?write")

    assert answer.status_code == 500
    (record,) = (record for record in caplog.records if "Unexpected error" in record.message)
    number = record.message.split()[2].rstrip(":")
    assert number in answer.text
    assert "form.py" in record.message
    assert PERSONAL not in record.message + answer.text
    assert answer["Content-Type"].startswith(accept)


@pytest.mark.django_db
def test_what_stands_in_tracebacks__names_nobody() -> None:
    citizen: Citizen = CitizenFactory(last_name="Ознакенко")
    document = Document(name="Ознакенко паспорт.pdf")
    answers = DraftAnswers(
        topic="Ознакенко", phone="Ознакенко", email="Ознакенко", companion="Ознакенко"
    )

    for value in (citizen, signed_in(citizen), document, answers, [citizen]):
        assert "Ознакенко" not in repr(value)
    assert str(citizen.public_id) in repr(citizen)
