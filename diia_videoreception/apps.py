"""The Django app of the booking domain."""

from pathlib import Path
from types import ModuleType

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

WAGTAIL_TEXTS = Path(__file__).parent / "wagtail_locale"
"""Ukrainian texts of Wagtail's admin that Wagtail itself lacks."""


class VideoReceptionConfig(AppConfig):
    name = "diia_videoreception"
    label = "diia_videoreception"
    verbose_name = _("Video receptions")
    default_auto_field = "django.db.models.BigAutoField"

    def __init__(self, app_name: str, app_module: ModuleType | None) -> None:
        super().__init__(app_name, app_module)
        # Before any model is imported: a catalogue is put together when its first word is asked for.
        # Behind the portal's own folders, which win; before those of the apps, whatever their order.
        if str(WAGTAIL_TEXTS) not in settings.LOCALE_PATHS:
            settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, str(WAGTAIL_TEXTS)]

    def ready(self) -> None:
        from diia_videoreception import checks  # noqa: F401  (registers the system checks)
