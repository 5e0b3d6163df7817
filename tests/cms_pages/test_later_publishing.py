"""What counts when a page is published by the clock, or by somebody else than who wrote it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Workflow

from cms_pages.models import ServicePage
from diia_videoreception.models import ConsentText, Service

Publish = Callable[..., ServicePage]
pytestmark = pytest.mark.any_database


def test_scheduled_terms__count_from_their_hour(page: ServicePage) -> None:
    page.terms = "<p>Нові умови.</p>"
    page.go_live_at = timezone.now() + timedelta(hours=2)
    page.save_revision().publish()
    call_command("publish_scheduled")
    assert ConsentText.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        call_command("publish_scheduled")
    assert "Нові умови" in ConsentText.objects.latest("version").body
    assert ConsentText.objects.count() == 2


def test_a_page_that_expires__pauses_its_service(page: ServicePage) -> None:
    page.expire_at = timezone.now() + timedelta(hours=2)
    page.save_revision().publish()
    assert not Service.objects.get().is_paused
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        call_command("publish_scheduled")
    assert Service.objects.get().is_paused


def test_terms_in_a_workflow__count_when_they_are_approved(page: ServicePage, editor: User) -> None:
    chief = User.objects.create_superuser("chief")
    page.terms = "<p>Нові умови.</p>"
    page.save_revision(user=editor)
    state = Workflow.objects.get().start(page, editor)
    assert ConsentText.objects.count() == 1
    state.current_task_state.approve(user=chief)
    assert "Нові умови" in ConsentText.objects.latest("version").body
