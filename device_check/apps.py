"""The Django app of the device check."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeviceCheckConfig(AppConfig):
    name = "device_check"
    label = "diia_device_check"
    verbose_name = _("Device check")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from device_check import checks  # noqa: F401  (registers the system checks)
