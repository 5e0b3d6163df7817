"""The addresses of the operator's pages, in the menu «Відеоприйом»."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.selectors.centres.access import operates_portal
from diia_videoreception.wagtail_admin.addresses import OurAddresses, shown_to
from diia_videoreception.wagtail_admin.centres.consent_texts import (
    ConsentTextsPage,
    PublishConsentText,
)
from diia_videoreception.wagtail_admin.centres.lists import ImportPage
from diia_videoreception.wagtail_admin.centres.pages import (
    AddCentre,
    CentresPage,
    EditCentre,
    OneCentre,
    OneRequest,
    RequestsPage,
)


class CentresViewSet(OurAddresses, ViewSet):
    name = "centres"
    icon = "home"
    menu_label = _("Centres")
    menu_item_class = shown_to(operates_portal)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", CentresPage.as_view(), name="index"),
            path("add/", AddCentre.as_view(), name="add"),
            path("requests/", RequestsPage.as_view(), name="requests"),
            path("requests/<uuid:public_id>/", OneRequest.as_view(), name="request"),
            path("import/", ImportPage.as_view(), name="import"),
            path("texts/", ConsentTextsPage.as_view(), name="texts"),
            path("texts/<slug:language>/", PublishConsentText.as_view(), name="text"),
            path("<uuid:public_id>/", OneCentre.as_view(), name="one"),
            path("<uuid:public_id>/edit/", EditCentre.as_view(), name="edit"),
        ]
