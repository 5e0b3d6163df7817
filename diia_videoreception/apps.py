"""The Django app of the booking domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VideoReceptionConfig(AppConfig):
    name = "diia_videoreception"
    label = "diia_videoreception"
    verbose_name = _("Video receptions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from diia_videoreception import checks  # noqa: F401  (registers the system checks)
