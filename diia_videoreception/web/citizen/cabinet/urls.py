"""Addresses of the cabinet."""

from django.urls import path

from diia_videoreception.web.citizen.cabinet import (
    after,
    case,
    clarifying,
    correcting,
    equipment,
    letters,
    move_requests,
    overview,
    proposals,
    signing,
)

urlpatterns = [
    path("cabinet/", overview.cabinet, name="cabinet"),
    path("cabinet/<uuid:public_id>/", case.case, name="case"),
    path("cabinet/<uuid:public_id>/cancel/", case.cancel, name="case_cancel"),
    path("cabinet/<uuid:public_id>/password/", case.password, name="case_password"),
    path("cabinet/<uuid:public_id>/reception.ics", case.calendar, name="case_calendar"),
    path("cabinet/<uuid:public_id>/again/", after.again, name="case_again"),
    path("cabinet/<uuid:public_id>/rating/", after.rate, name="case_rate"),
    path("cabinet/<uuid:public_id>/objection/", after.object_to, name="case_object"),
    path(
        "cabinet/<uuid:public_id>/proposal/<uuid:proposal_id>/accept/",
        proposals.accept,
        name="case_accept",
    ),
    path(
        "cabinet/<uuid:public_id>/proposal/<uuid:proposal_id>/refuse/",
        proposals.refuse,
        name="case_refuse",
    ),
    path(
        "cabinet/<uuid:public_id>/question/<uuid:question_id>/",
        clarifying.reply,
        name="case_reply",
    ),
    path(
        "cabinet/<uuid:public_id>/question/<uuid:question_id>/documents/",
        clarifying.documents,
        name="case_reply_documents",
    ),
    path(
        "cabinet/<uuid:public_id>/question/<uuid:question_id>/documents/<uuid:document_id>/remove/",
        clarifying.remove,
        name="case_reply_document_remove",
    ),
    path("cabinet/<uuid:public_id>/correct/", correcting.correct, name="case_correct"),
    path(
        "cabinet/<uuid:public_id>/correct/documents/",
        correcting.documents,
        name="case_correct_documents",
    ),
    path(
        "cabinet/<uuid:public_id>/correct/documents/<uuid:document_id>/remove/",
        correcting.remove,
        name="case_correct_document_remove",
    ),
    path("cabinet/<uuid:public_id>/move/", move_requests.ask, name="case_move"),
    path(
        "cabinet/<uuid:public_id>/move/<uuid:request_id>/withdraw/",
        move_requests.withdraw,
        name="case_move_withdraw",
    ),
    path("cabinet/<uuid:public_id>/messages.txt", case.messages, name="case_messages"),
    path(
        "cabinet/<uuid:public_id>/device-check/",
        equipment.check_equipment,
        name="case_device_check",
    ),
    path("cabinet/<uuid:public_id>/sign/", signing.sign, name="case_sign"),
    path(
        "cabinet/<uuid:public_id>/answer-signature/",
        signing.answer_signature,
        name="case_answer_signature",
    ),
    path("cabinet/<uuid:public_id>/signature/", signing.signature, name="case_signature"),
    path("letters/", letters.letters, name="letters"),
    path("letters/<uuid:public_id>/", letters.letter, name="letter"),
]
