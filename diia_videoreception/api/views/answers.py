"""Answering a question of the agency, and correcting what is not decided, with documents: for the signed-in citizen."""

import uuid
from http import HTTPStatus

from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from diia_videoreception.api.answers import CorrectionRequest, ReplyRequest
from diia_videoreception.api.applications import ApplicationSerializer
from diia_videoreception.api.base import CitizenView
from diia_videoreception.api.documents import DocumentSerializer, DocumentUpload, uploaded
from diia_videoreception.conf import app_settings
from diia_videoreception.downloads import signed_answer_response
from diia_videoreception.selectors.booking.applications import application_of
from diia_videoreception.services.booking import (
    clarifications,
    correction_documents,
    corrections,
    reply_documents,
)
from diia_videoreception.services.booking.drafts import DraftAnswers


class ReplyDocuments(CitizenView):
    parser_classes = [MultiPartParser]
    throttle_scope = "upload"

    @extend_schema(
        operation_id="reply_document_add",
        request={"multipart/form-data": DocumentUpload},
        responses={201: DocumentSerializer},
    )
    def post(self, request: Request, public_id: uuid.UUID, question_id: uuid.UUID) -> Response:
        """Add a document to the answer to a question; the agency sees it once the answer is sent."""
        file = uploaded(request)
        document = reply_documents.add(
            actor=self.actor,
            public_id=public_id,
            question_id=question_id,
            data=file.read(app_settings.max_file_bytes + 1),
            filename=file.name or "",
            now=timezone.now(),
        )
        return Response(DocumentSerializer(document).data, status=HTTPStatus.CREATED)


class ReplyDocument(CitizenView):
    @extend_schema(operation_id="reply_document_remove", responses={204: None})
    def delete(
        self, request: Request, public_id: uuid.UUID, question_id: uuid.UUID, document_id: uuid.UUID
    ) -> Response:
        """Remove a document from an answer that is not sent; doing it again changes nothing."""
        reply_documents.remove(
            actor=self.actor,
            public_id=public_id,
            question_id=question_id,
            document_id=document_id,
        )
        return Response(status=HTTPStatus.NO_CONTENT)


class SignedAnswer(CitizenView):
    @extend_schema(
        operation_id="answer_signature",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, public_id: uuid.UUID) -> FileResponse:
        """Return the answer of the agency with its KEP, or the scan of the paper where it has one."""
        return signed_answer_response(application_of(self.actor.citizen, public_id))


class QuestionAnswer(CitizenView):
    @extend_schema(
        operation_id="question_answer",
        request=ReplyRequest,
        responses=ApplicationSerializer,
    )
    def post(self, request: Request, public_id: uuid.UUID, question_id: uuid.UUID) -> Response:
        """Send the answer with its documents. Sending the same words again changes nothing."""
        wanted = ReplyRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        application = clarifications.answer(
            actor=self.actor,
            public_id=public_id,
            question_id=question_id,
            text=wanted.validated_data["text"],
            now=timezone.now(),
        )
        return Response(ApplicationSerializer(application).data)


class Corrections(CitizenView):
    @extend_schema(
        operation_id="correction",
        request=CorrectionRequest,
        responses=ApplicationSerializer,
    )
    def post(self, request: Request, public_id: uuid.UUID) -> Response:
        """Correct an application that is not decided, with the documents added before.

        Sending the same again with the same `version` changes nothing.
        """
        wanted = CorrectionRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        sent = dict(wanted.validated_data)
        about = {name: sent.pop(name) for name in ("replaced", "own_address")}
        corrections.correct(
            actor=self.actor,
            public_id=public_id,
            version=sent.pop("version", None),
            answers=DraftAnswers(**sent),
            only=sent.keys(),
            now=timezone.now(),
            **about,
        )
        application = application_of(self.actor.citizen, public_id)
        return Response(ApplicationSerializer(application).data)


class CorrectionDocuments(CitizenView):
    parser_classes = [MultiPartParser]
    throttle_scope = "upload"

    @extend_schema(
        operation_id="correction_document_add",
        request={"multipart/form-data": DocumentUpload},
        responses={201: DocumentSerializer},
    )
    def post(self, request: Request, public_id: uuid.UUID) -> Response:
        """Add a document to a correction; the agency sees it once the correction is sent."""
        file = uploaded(request)
        document = correction_documents.add(
            actor=self.actor,
            public_id=public_id,
            data=file.read(app_settings.max_file_bytes + 1),
            filename=file.name or "",
            now=timezone.now(),
        )
        return Response(DocumentSerializer(document).data, status=HTTPStatus.CREATED)


class CorrectionDocument(CitizenView):
    @extend_schema(operation_id="correction_document_remove", responses={204: None})
    def delete(self, request: Request, public_id: uuid.UUID, document_id: uuid.UUID) -> Response:
        """Remove a document from a correction that is not sent; doing it again changes nothing."""
        correction_documents.remove(actor=self.actor, public_id=public_id, document_id=document_id)
        return Response(status=HTTPStatus.NO_CONTENT)
