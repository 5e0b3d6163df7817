"""The addresses of the API, version 1."""

from django.urls import path, re_path

from diia_videoreception.api.views import account, answers, booking, catalogue, receptions
from diia_videoreception.api.views.schema import Schema
from diia_videoreception.api.views.unknown import Unknown

app_name = "api"

urlpatterns = [
    path("schema", Schema.as_view(), name="schema"),
    path("agencies", catalogue.Agencies.as_view(), name="agencies"),
    path("agencies/<int:pk>", catalogue.AgencyDetail.as_view(), name="agency"),
    path("agencies/<int:pk>/units", catalogue.Units.as_view(), name="units"),
    path("agencies/<int:pk>/officials", catalogue.Officials.as_view(), name="officials"),
    path("officials/suggestions", catalogue.Suggestions.as_view(), name="suggestions"),
    path("officials/<int:pk>", catalogue.OfficialDetail.as_view(), name="official"),
    path("officials/<int:pk>/slots", catalogue.Slots.as_view(), name="slots"),
    path("terms", catalogue.Terms.as_view(), name="terms"),
    path("terms/<int:pk>/acceptance", catalogue.TermsAcceptance.as_view(), name="accept_terms"),
    path("captcha", catalogue.CaptchaChallenge.as_view(), name="captcha"),
    path("holds", booking.Holds.as_view(), name="holds"),
    path("holds/<uuid:token>", booking.HoldDetail.as_view(), name="hold"),
    path("draft", booking.DraftView.as_view(), name="draft"),
    path("draft/documents", booking.DraftDocuments.as_view(), name="draft_documents"),
    path(
        "draft/documents/<uuid:public_id>", booking.DraftDocument.as_view(), name="draft_document"
    ),
    path("documents/<uuid:public_id>", booking.DocumentDownload.as_view(), name="document"),
    path(
        "documents/<uuid:public_id>/signed",
        receptions.SignedDocument.as_view(),
        name="document_signed",
    ),
    path("applications", booking.Applications.as_view(), name="applications"),
    path("applications/<uuid:public_id>", booking.ApplicationDetail.as_view(), name="application"),
    path(
        "applications/<uuid:public_id>/cancellation",
        booking.ApplicationCancel.as_view(),
        name="application_cancel",
    ),
    path(
        "applications/<uuid:public_id>/answer-signature",
        answers.SignedAnswer.as_view(),
        name="answer_signature",
    ),
    path("reminders", account.Reminders.as_view(), name="reminders"),
    path("calendar-address", account.CalendarAddress.as_view(), name="calendar_address"),
    path(
        "applications/<uuid:public_id>/proposals/<uuid:proposal_id>/acceptance",
        booking.ProposalAcceptance.as_view(),
        name="proposal_accept",
    ),
    path(
        "applications/<uuid:public_id>/proposals/<uuid:proposal_id>/refusal",
        booking.ProposalRefusal.as_view(),
        name="proposal_refuse",
    ),
    path(
        "applications/<uuid:public_id>/clarifications/<uuid:question_id>/documents",
        answers.ReplyDocuments.as_view(),
        name="reply_documents",
    ),
    path(
        "applications/<uuid:public_id>/clarifications/<uuid:question_id>/documents/<uuid:document_id>",
        answers.ReplyDocument.as_view(),
        name="reply_document",
    ),
    path(
        "applications/<uuid:public_id>/clarifications/<uuid:question_id>/answer",
        answers.QuestionAnswer.as_view(),
        name="question_answer",
    ),
    path(
        "applications/<uuid:public_id>/corrections",
        answers.Corrections.as_view(),
        name="corrections",
    ),
    path(
        "applications/<uuid:public_id>/corrections/documents",
        answers.CorrectionDocuments.as_view(),
        name="correction_documents",
    ),
    path(
        "applications/<uuid:public_id>/corrections/documents/<uuid:document_id>",
        answers.CorrectionDocument.as_view(),
        name="correction_document",
    ),
    path(
        "applications/<uuid:public_id>/move-requests",
        booking.MoveRequests.as_view(),
        name="move_request",
    ),
    path(
        "applications/<uuid:public_id>/move-requests/<uuid:request_id>/withdrawal",
        booking.MoveRequestWithdrawal.as_view(),
        name="move_withdraw",
    ),
    path(
        "applications/<uuid:public_id>/objection",
        receptions.ObjectionToOutcome.as_view(),
        name="objection",
    ),
    path("token", booking.Token.as_view(), name="token"),
    re_path("", Unknown.as_view(), name="unknown"),
]
