"""«Заявки»: the moderators' work list and the addresses of the case page and its acts."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, cast

from django.core.paginator import Page
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from diia_videoreception.models import Application, Look
from diia_videoreception.selectors.booking.move_requests import is_requested
from diia_videoreception.selectors.booking.proposals import (
    is_proposed,
)
from diia_videoreception.selectors.booking.worklist import (
    document_counts,
    find_applications,
    in_full,
    priority_first,
    work_list,
)
from diia_videoreception.services.journal import record_look
from diia_videoreception.wagtail_admin.cases import (
    acts,
    answer_tasks,
    answering,
    assigning,
    clarifying,
    closing,
    deciding,
    downloads,
    extending,
    printing,
    reassigning,
    several,
    times,
    views,
)
from diia_videoreception.wagtail_admin.cases.deadlines import DeadlineColumn
from diia_videoreception.wagtail_admin.cases.filters import ApplicationFilters
from diia_videoreception.wagtail_admin.cases.mentioned import case_url, topic_line
from diia_videoreception.wagtail_admin.cases.send_again import RemindToAnswer, SendAgain
from diia_videoreception.wagtail_admin.cases.whose import who_sees_to
from diia_videoreception.wagtail_admin.scoped import (
    CountingPaginator,
    ScopedHistory,
    ScopedList,
    ScopedModelViewSet,
    Selector,
)
from diia_videoreception.wording import short_moment


def state_in_words(application: Application) -> str:
    """Return where an application stands, and whether another time waits for somebody's answer."""
    now = timezone.now()
    state = application.state_in_words_at(now)
    if application.corrected_at is not None:
        state = f"{state}, {gettext('corrected by the citizen')}"
    if application.claims_priority:
        state = f"{state}, {gettext('claims priority')}"
    if is_requested(application, now=now):
        return f"{state}, {gettext('asks for another time')}"
    if not is_proposed(application, now=now):
        return state
    return f"{state}, {gettext('another time proposed')}"


class MarkColumn(Column):
    """A box by which an application is chosen, for what is done with several at once."""

    header_template_name = "diia_videoreception/admin/mark_header.html"
    cell_template_name = "diia_videoreception/admin/mark_cell.html"


class CasePaginator(CountingPaginator):
    """Finds the keys of a page first, then reads what the page shows of those."""

    def page(self, number: int | str) -> Page[Application]:
        page: Page[Application] = super().page(number)
        page.object_list = in_full(cast(QuerySet[Application], page.object_list))
        return page


class WorkList(ScopedList):
    """Newest first; a person, a phone or a number is found however it is typed."""

    filterset_class = ApplicationFilters
    paginator_class = CasePaginator
    is_searchable = True
    default_ordering = "-submitted_at"
    document_counts: Mapping[int, int] = MappingProxyType({})
    template_name = "wagtailadmin/generic/index.html"
    results_template_name = "diia_videoreception/admin/case_list_results.html"
    table_classname = "listing vr-table vr-table--cards"

    def get_base_queryset(self) -> QuerySet[Application]:
        return work_list(self.request.user)

    def order_queryset(self, queryset: QuerySet[Application]) -> QuerySet[Application]:
        """Order rows that were submitted at one moment too, as the index does.

        Of what waits those with priority come first, unless a column is asked for.
        """
        if self.request.GET.get("waiting") == "yes" and "ordering" not in self.request.GET:
            return priority_first(queryset)
        if self.ordering in ("submitted_at", "-submitted_at"):
            sign = "-" if self.ordering.startswith("-") else ""
            return queryset.order_by(self.ordering, f"{sign}pk")
        return super().order_queryset(queryset)

    def get_table(self, object_list: Sequence[Application]) -> Any:
        self.document_counts = document_counts(object_list)
        return super().get_table(object_list)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        of_several = {
            "several": [(name, one.label) for name, one in several.ACTS.items()],
            "list_query": self.request.GET.urlencode(),
        }
        context: dict[str, Any] = super().get_context_data(*args, **of_several, **kwargs)
        return context

    def search_queryset(self, queryset: QuerySet[Application]) -> QuerySet[Application]:
        return find_applications(queryset, self.search_query) if self.is_searching else queryset

    @cached_property
    def columns(self) -> list[Column]:
        return [
            MarkColumn("mark", label=_("Choose"), accessor="number", classname="vr-row__mark"),
            TitleColumn(
                "number",
                label=_("Number"),
                get_url=case_url,
                sort_key="number",
                classname="vr-row__number",
            ),
            Column(
                "citizen",
                label=_("Citizen"),
                accessor="citizen.full_name",
                classname="vr-row__citizen",
            ),
            Column(
                "topic", label=pgettext_lazy("of an application", "Question"), accessor=topic_line
            ),
            Column("official", label=_("Official"), accessor="official.full_name"),
            Column(
                "start",
                label=_("Time"),
                sort_key="start",
                accessor=lambda row: short_moment(row.start, row.official.agency.time_zone),
                classname="vr-row__time",
            ),
            DeadlineColumn("deadline", label=_("Deadline"), classname="vr-row__deadline"),
            Column(
                "state",
                label=_("State"),
                accessor=state_in_words,
                sort_key="state",
                classname="vr-row__state",
            ),
            Column(
                "assignment",
                label=_("Who sees to it"),
                accessor=who_sees_to,
                classname="vr-row__more",
            ),
            Column(
                "submitted_at",
                label=_("Submitted"),
                sort_key="submitted_at",
                accessor=lambda row: short_moment(row.submitted_at, row.official.agency.time_zone),
                classname="vr-row__submitted",
            ),
            Column(
                "channel",
                label=_("Channel"),
                accessor="get_channel_display",
                classname="vr-row__more",
            ),
            Column(
                "documents",
                label=_("Documents"),
                accessor=lambda row: self.document_counts.get(row.pk, 0),
                classname="vr-row__more",
            ),
        ]


class CaseHistory(ScopedHistory):
    """Wagtail's own history of the staff's acts; the journal is on the case page."""

    pk_url_kwarg = "public_id"

    def get_object(self) -> Application:
        found: Application = get_object_or_404(self.visible(), public_id=self.pk)
        record_look(self.request.user, found, what=Look.What.CASE, now=timezone.now())
        return found

    def get_edit_url(self, instance: Application) -> str:
        return case_url(instance)

    def get_history_url(self, instance: Application) -> str:
        return reverse("videoreception_applications:history", args=[instance.public_id])

    def get_history_results_url(self, instance: Application) -> str:
        return reverse("videoreception_applications:history_results", args=[instance.public_id])

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(label=gettext("Application"), url=case_url(self.object), icon_name="view")
        ]


class CaseURLFinder(ModelAdminURLFinder):
    def construct_edit_url(self, instance: Application) -> str:
        return case_url(instance)


class ApplicationViewSet(ScopedModelViewSet):
    """Applications are read and decided upon; nothing is added, edited or deleted by hand."""

    model = Application
    name = "applications"
    icon = "mail"
    menu_label = _("Applications")
    list_per_page = 50
    index_view_class = WorkList
    history_view_class = CaseHistory
    url_finder_class = CaseURLFinder

    @property
    def selector(self) -> Selector:
        return work_list

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        kwargs = super().get_index_view_kwargs(**kwargs)
        return {
            key: kwargs[key] for key in kwargs if key not in {"filterset_class", "search_fields"}
        }

    def get_urlpatterns(self) -> list[URLPattern]:
        one = "<uuid:public_id>/"
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("several/", several.SeveralCases.as_view(), name="several"),
            path(one, views.CasePage.as_view(), name="inspect"),
            path(f"{one}history/", self.history_view, name="history"),
            path(f"{one}history-results/", self.history_results_view, name="history_results"),
            path(f"{one}accept/", deciding.AcceptForReview.as_view(), name="accept"),
            path(f"{one}confirm/", deciding.Confirm.as_view(), name="confirm"),
            path(f"{one}other-time/", times.OtherTime.as_view(), name="other_time"),
            path(f"{one}propose/", times.ProposeTime.as_view(), name="propose"),
            path(f"{one}withdraw/", times.WithdrawProposal.as_view(), name="withdraw"),
            path(f"{one}ask/", clarifying.AskQuestion.as_view(), name="ask"),
            path(
                f"{one}withdraw-question/",
                clarifying.WithdrawQuestion.as_view(),
                name="withdraw_question",
            ),
            path(f"{one}reassign/", reassigning.Reassign.as_view(), name="reassign"),
            path(f"{one}refuse-move/", answering.RefuseMove.as_view(), name="refuse_move"),
            path(f"{one}answer/", answering.AnswerInWriting.as_view(), name="answer"),
            path(f"{one}extend/", extending.ExtendTerm.as_view(), name="extend"),
            path(f"{one}answer/assign/", answer_tasks.AssignAnswer.as_view(), name="assign_answer"),
            path(
                f"{one}answer/extend/", extending.ExtendAnswerTerm.as_view(), name="extend_answer"
            ),
            path(f"{one}answer/pass-on/", answer_tasks.PassOn.as_view(), name="pass_on"),
            path(
                f"{one}end-consideration/",
                closing.EndConsideration.as_view(),
                name="end_consideration",
            ),
            path(f"{one}decline/", deciding.Decline.as_view(), name="decline"),
            path(f"{one}outcome/", acts.NoteOutcome.as_view(), name="outcome"),
            path(f"{one}objection/", acts.AnswerObjection.as_view(), name="objection"),
            path(f"{one}presence/", assigning.Presence.as_view(), name="presence"),
            path(f"{one}take/", assigning.Take.as_view(), name="take"),
            path(f"{one}hand-over/", assigning.HandOverCase.as_view(), name="hand_over"),
            path(f"{one}give-back/", assigning.GiveBack.as_view(), name="give_back"),
            path(f"{one}registration/", acts.SetRegistration.as_view(), name="registration"),
            path(f"{one}print/", printing.PrintApplication.as_view(), name="print"),
            path(f"{one}card/", printing.PrintCard.as_view(), name="card"),
            path(f"{one}note/", acts.AddNote.as_view(), name="note"),
            path(f"{one}read-correction/", acts.ReadCorrection.as_view(), name="read_correction"),
            path(f"{one}authority/", acts.CheckAuthority.as_view(), name="authority"),
            path(f"{one}comment/", acts.JudgeComment.as_view(), name="comment"),
            path(f"{one}ask-check/", acts.AskForCheck.as_view(), name="ask_check"),
            path(f"{one}end-sessions/", acts.EndSessions.as_view(), name="end_sessions"),
            path(f"{one}remind/", RemindToAnswer.as_view(), name="remind"),
            path(f"{one}letters/<uuid:letter_id>/", SendAgain.as_view(), name="send_again"),
            path(f"{one}password/", views.RevealPassword.as_view(), name="password"),
            path(f"{one}signature/", downloads.SignatureDownload.as_view(), name="signature"),
            path(
                f"{one}answer-signature/",
                downloads.AnswerSignatureDownload.as_view(),
                name="answer_signature",
            ),
            path(
                f"{one}documents/<uuid:document_id>/", downloads.Download.as_view(), name="document"
            ),
            path(
                f"{one}documents/<uuid:document_id>/signed/",
                downloads.ContainerDownload.as_view(),
                name="container",
            ),
        ]
