"""The menu «Відеоприйом» and everything behind it."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSetGroup

from diia_videoreception.wagtail_admin.accesses import AccessesViewSet
from diia_videoreception.wagtail_admin.agency_lists import AgencyListViewSet
from diia_videoreception.wagtail_admin.agenda import AgendaViewSet
from diia_videoreception.wagtail_admin.cases.worklist import ApplicationViewSet
from diia_videoreception.wagtail_admin.centres.viewset import CentresViewSet
from diia_videoreception.wagtail_admin.help_desk import HelpDeskViewSet
from diia_videoreception.wagtail_admin.integrations import IntegrationsViewSet
from diia_videoreception.wagtail_admin.journal import JournalViewSet
from diia_videoreception.wagtail_admin.letter_texts import LetterTextsViewSet
from diia_videoreception.wagtail_admin.my_day import MyDayViewSet
from diia_videoreception.wagtail_admin.officials import OfficialViewSet
from diia_videoreception.wagtail_admin.people import (
    ModeratorViewSet,
    PeopleViewSet,
    SubstituteViewSet,
)
from diia_videoreception.wagtail_admin.reference import (
    AbsenceViewSet,
    AgencyViewSet,
    HolidayViewSet,
    ScheduleExceptionViewSet,
    ScheduleRuleViewSet,
    UnitViewSet,
)
from diia_videoreception.wagtail_admin.refusal_reasons import RefusalReasonViewSet
from diia_videoreception.wagtail_admin.reports.viewset import ReportsViewSet
from diia_videoreception.wagtail_admin.sign_in_cases import SignInCasesViewSet
from diia_videoreception.wagtail_admin.terms import TermsViewSet
from diia_videoreception.wagtail_admin.trouble import TroubleViewSet
from diia_videoreception.wagtail_admin.unusual_looks import UnusualLooksViewSet
from diia_videoreception.wagtail_admin.visit_phrases import VisitPhraseViewSet


class VideoReceptionGroup(ModelViewSetGroup):
    menu_label = _("Video reception")
    menu_name = "videoreception"
    menu_icon = "calendar-check"
    menu_order = 150
    items = (
        ApplicationViewSet,
        AccessesViewSet,
        AgencyViewSet,
        UnitViewSet,
        OfficialViewSet,
        AgencyListViewSet,
        AbsenceViewSet,
        HolidayViewSet,
        PeopleViewSet,
        ModeratorViewSet,
        SubstituteViewSet,
        UnusualLooksViewSet,
        LetterTextsViewSet,
        RefusalReasonViewSet,
        TermsViewSet,
        CentresViewSet,
        VisitPhraseViewSet,
        SignInCasesViewSet,
        IntegrationsViewSet,
        JournalViewSet,
    )


WITHOUT_MENU = (ScheduleRuleViewSet, ScheduleExceptionViewSet)
BESIDE = (MyDayViewSet, AgendaViewSet, TroubleViewSet, ReportsViewSet, HelpDeskViewSet)
"""With a place of their own in the menu, not below «Відеоприйом»."""
