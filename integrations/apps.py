"""Makes the texts of the integrations known to Django; they have no tables."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "integrations"
    label = "diia_integrations"
    verbose_name = _("Integrations")
