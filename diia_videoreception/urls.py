"""The addresses of the app, for the portal's URL configuration:

path("videoreception/", include("diia_videoreception.urls"))
"""

from django.urls import include, path

from diia_videoreception.selectors.accounts.second_factor import is_installed
from diia_videoreception.web.calendar_feed import feed
from diia_videoreception.web.room.events import events
from diia_videoreception.web.sms import reports

app_name = "diia_videoreception"

urlpatterns = [
    path("", include("diia_videoreception.web.citizen.urls")),
    path("", include("diia_videoreception.web.room.urls")),
    path("", include("diia_videoreception.web.official.urls")),
    path("", include("diia_videoreception.web.centre.urls")),
    path("", include("diia_videoreception.web.kiosk.urls")),
    path("", include("diia_videoreception.web.person.urls")),
    path("calendar/<str:secret>", feed, name="calendar_feed"),
    path("sms/<slug:alias>/reports/", reports, name="sms_reports"),
    path("conference/<slug:alias>/events/", events, name="conference_events"),
    path("api/v1/", include("diia_videoreception.api.urls")),
]

if is_installed():
    urlpatterns.append(path("", include("diia_videoreception.web.official.second_factor_urls")))
