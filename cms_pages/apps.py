"""The Django app of the page types."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsPagesConfig(AppConfig):
    name = "cms_pages"
    label = "diia_cms_pages"
    verbose_name = _("Pages about the service")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.signals import page_published, page_unpublished

        from cms_pages import publishing

        page_published.connect(publishing.on_published, dispatch_uid="cms_pages.published")
        page_unpublished.connect(publishing.on_unpublished, dispatch_uid="cms_pages.unpublished")
