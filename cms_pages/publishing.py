"""Tells the booking domain what editors publish and take down."""

import re
from typing import Any

from django.utils import timezone

from cms_pages.models import CentreTestPageMixin, RulesPageMixin, ServicePageMixin
from diia_videoreception.selectors.accounts.consents import RULES
from diia_videoreception.services.accounts import consents
from diia_videoreception.services.centres import testing

_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
"""The editor's own marks: they change although the words do not, and would make a new edition."""


def on_published(*, instance: Any, **kwargs: Any) -> None:
    """Make the published terms, rules, pause and test count."""
    if isinstance(instance, ServicePageMixin):
        consents.publish_service(
            key=instance.service_key,
            language=instance.service_language,
            terms=_BLOCK_KEY.sub("", instance.terms),
            is_paused=instance.is_paused,
            paused_until=instance.paused_until,
            now=timezone.now(),
        )
    if isinstance(instance, RulesPageMixin):
        consents.publish_text(
            key=RULES,
            language=instance.locale.language_code,
            text=_BLOCK_KEY.sub("", instance.rules),
            now=timezone.now(),
        )

    if isinstance(instance, CentreTestPageMixin):
        testing.publish_test(
            instance.written(),
            key=str(instance.translation_key),
            language=instance.locale.language_code,
            now=timezone.now(),
        )


def on_unpublished(*, instance: Any, **kwargs: Any) -> None:
    """Pause booking when the last language of a service is taken down or deleted; begin no test that is."""
    if isinstance(instance, ServicePageMixin) and not instance.is_live_in_another_language():
        consents.pause_service(key=instance.service_key)
    if isinstance(instance, CentreTestPageMixin):
        testing.withdraw_test(
            key=str(instance.translation_key),
            language=instance.locale.language_code,
            now=timezone.now(),
        )
