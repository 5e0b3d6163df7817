"""Holds, the draft with its documents, applications: for the signed-in citizen."""

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from diia_videoreception import errors
from diia_videoreception.api import serializers
from diia_videoreception.api.applications import (
    ApplicationSerializer,
    CancelRequest,
    MoveRequestRequest,
    ProposalRefusalRequest,
)
from diia_videoreception.api.base import CitizenView
from diia_videoreception.api.documents import DocumentSerializer, DraftDocumentUpload, uploaded
from diia_videoreception.api.schema import paged
from diia_videoreception.conf import app_settings
from diia_videoreception.downloads import document_response
from diia_videoreception.models import Application, Draft, Occupancy
from diia_videoreception.rules.merging import Known
from diia_videoreception.selectors.booking import applications as own
from diia_videoreception.selectors.booking.documents import with_documents
from diia_videoreception.selectors.booking.holds import hold_use, live_hold
from diia_videoreception.services.accounts import sessions
from diia_videoreception.services.booking import (
    applications,
    draft_documents,
    drafts,
    holds,
    move_requests,
    proposals,
)
from diia_videoreception.services.booking.drafts import DraftAnswers
from diia_videoreception.services.booking.holds import ShownTime


class Holds(CitizenView):
    throttle_scope = "hold"

    @extend_schema(operation_id="hold_current", responses=serializers.HoldSerializer)
    def get(self, request: Request) -> Response:
        """Return the time the citizen holds now; `hold_expired` when there is none."""
        return Response(serializers.HoldSerializer(self._live()).data)

    @extend_schema(
        operation_id="hold_create",
        request=serializers.HoldRequest,
        responses={201: serializers.HoldSerializer},
    )
    def post(self, request: Request) -> Response:
        """Hold a time for 15 minutes (A-33); a citizen who holds one already gets `hold_exists`."""
        wanted = serializers.HoldRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        hold = holds.reserve(
            actor=self.actor,
            official_id=wanted.validated_data["official"],
            start=wanted.validated_data["start"],
            captcha=wanted.validated_data["captcha"],
            now=timezone.now(),
            may_move=False,
        )
        return Response(serializers.HoldSerializer(hold).data, status=HTTPStatus.CREATED)

    def _live(self) -> Occupancy:
        hold = live_hold(self.actor.citizen, now=timezone.now())
        if hold is None:
            raise errors.HoldExpired
        return hold


class HoldDetail(CitizenView):
    throttle_scope = "hold"

    @extend_schema(operation_id="hold", responses=serializers.HoldSerializer)
    def get(self, request: Request, token: uuid.UUID) -> Response:
        """Return a hold of the citizen, while it lasts."""
        return Response(serializers.HoldSerializer(self._live(token)).data)

    @extend_schema(
        operation_id="hold_move",
        request=serializers.HoldMoveRequest,
        responses=serializers.HoldSerializer,
    )
    def patch(self, request: Request, token: uuid.UUID) -> Response:
        """Move the hold to another time; its deadline stays."""
        wanted = serializers.HoldMoveRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        self._live(token)
        hold = holds.reserve(
            actor=self.actor,
            official_id=wanted.validated_data["official"],
            start=wanted.validated_data["start"],
            captcha="",
            now=timezone.now(),
        )
        return Response(serializers.HoldSerializer(hold).data)

    @extend_schema(operation_id="hold_release", responses={204: None})
    def delete(self, request: Request, token: uuid.UUID) -> Response:
        """Give the time back; doing it again changes nothing."""
        holds.release(actor=self.actor, token=token, now=timezone.now())
        return Response(status=HTTPStatus.NO_CONTENT)

    def _live(self, token: uuid.UUID) -> Occupancy:
        """Return the hold of this token; the same answer for somebody else's as for none."""
        hold = live_hold(self.actor.citizen, now=timezone.now())
        if hold is not None and hold.token == token:
            return hold
        if hold_use(self.actor.citizen, token) is None:
            raise errors.NotFound
        raise errors.HoldExpired


class DraftView(CitizenView):
    @extend_schema(operation_id="draft", responses=serializers.DraftSerializer)
    def get(self, request: Request) -> Response:
        """Return what the citizen has written so far; kept for 24 hours."""
        draft = own.draft_of(self.actor.citizen)
        if draft is None:
            raise errors.NotFound
        return self._answer(draft)

    @extend_schema(
        operation_id="draft_save",
        request=serializers.DraftRequest,
        responses=serializers.DraftSerializer,
    )
    def put(self, request: Request) -> Response:
        """Save the answers, complete or not, with or without a held time.

        With `version`, answers that are not sent stay as they are.
        """
        wanted = serializers.DraftRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        version = wanted.validated_data.pop("version", None)
        answers = DraftAnswers(**wanted.validated_data)
        citizen, now = self.actor.citizen, timezone.now()
        if version is None:
            draft = drafts.save_answers(citizen=citizen, answers=answers, by_program=True, now=now)
            return self._answer(draft)
        saved = drafts.merge_answers(
            citizen=citizen,
            answers=answers,
            known=Known(version),
            only=[name for name in drafts.ANSWERS if name in request.data],
            keep_both=False,
            now=now,
        )
        return self._answer(saved.draft)

    def _answer(self, draft: Draft) -> Response:
        hold = live_hold(self.actor.citizen, now=timezone.now())
        official_id = hold.official_id if hold else None
        return Response(
            serializers.DraftSerializer(draft, context={"official_id": official_id}).data
        )


class DraftDocuments(CitizenView):
    parser_classes = [MultiPartParser]
    throttle_scope = "upload"

    @extend_schema(
        operation_id="document_add",
        request={"multipart/form-data": DraftDocumentUpload},
        responses={201: DocumentSerializer},
    )
    def post(self, request: Request) -> Response:
        """Add a document to the draft: png, jpg or pdf, up to 10 files of 5 MB (A-46, A-47)."""
        file = uploaded(request)
        wanted = DraftDocumentUpload(data=request.data)
        wanted.is_valid(raise_exception=True)
        document = draft_documents.add_document(
            citizen=self.actor.citizen,
            # One byte more than allowed is enough to refuse it.
            data=file.read(app_settings.max_file_bytes + 1),
            filename=file.name or "",
            proves_authority=wanted.validated_data["proves_authority"],
            now=timezone.now(),
        )
        return Response(DocumentSerializer(document).data, status=HTTPStatus.CREATED)


class DraftDocument(CitizenView):
    @extend_schema(operation_id="document_remove", responses={204: None})
    def delete(self, request: Request, public_id: uuid.UUID) -> Response:
        """Remove a document from the draft; doing it again changes nothing."""
        draft_documents.remove_document(citizen=self.actor.citizen, public_id=public_id)
        return Response(status=HTTPStatus.NO_CONTENT)


class DocumentDownload(CitizenView):
    @extend_schema(
        operation_id="document",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, public_id: uuid.UUID) -> FileResponse:
        """Return the stored bytes of an own document."""
        document = own.document_of(self.actor.citizen, public_id)
        if document is None:
            raise errors.NotFound
        return document_response(document)


def _shown(wanted: Mapping[str, Any]) -> ShownTime | None:
    """Return the held time that a program has seen, if it says which."""
    return ShownTime(wanted["official"], wanted["start"]) if "start" in wanted else None


class Applications(CitizenView):
    throttle_scope = "submit"

    @extend_schema(
        operation_id="applications",
        responses=paged("Applications", ApplicationSerializer),
    )
    def get(self, request: Request) -> Response:
        """Return the citizen's applications, newest first."""
        found = own.applications_of(self.actor.citizen).select_related("objection")
        rows = found.prefetch_related(
            with_documents(),
            "clarifications__documents__signature_request",
            "corrections__documents__signature_request",
            "corrections__replaced_documents",
        )
        return self.paginated(rows, ApplicationSerializer)

    @extend_schema(
        operation_id="application_submit",
        request=serializers.ApplicationRequest,
        responses={201: ApplicationSerializer},
    )
    def post(self, request: Request) -> Response:
        """File the draft for the held time; filing it again gives the same application (A-49)."""
        wanted = serializers.ApplicationRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        application = applications.submit(
            actor=self.actor,
            draft_token=wanted.validated_data["draft"],
            captcha=wanted.validated_data["captcha"],
            channel=Application.Channel.API,
            now=timezone.now(),
            shown=_shown(wanted.validated_data),
            version=wanted.validated_data.get("version"),
        )
        return Response(ApplicationSerializer(application).data, status=HTTPStatus.CREATED)


class ApplicationDetail(CitizenView):
    @extend_schema(operation_id="application", responses=ApplicationSerializer)
    def get(self, request: Request, public_id: uuid.UUID) -> Response:
        """Return one application of the citizen."""
        application = own.application_of(self.actor.citizen, public_id)
        if application is None:
            raise errors.NotFound
        return Response(ApplicationSerializer(application).data)


class ApplicationCancel(CitizenView):
    @extend_schema(
        operation_id="application_cancel",
        request=CancelRequest,
        responses=ApplicationSerializer,
    )
    def post(self, request: Request, public_id: uuid.UUID) -> Response:
        """Cancel an application and free its time; doing it again changes nothing."""
        wanted = CancelRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        application = applications.cancel(
            actor=self.actor,
            public_id=public_id,
            now=timezone.now(),
            shown=wanted.validated_data.get("start"),
        )
        return Response(ApplicationSerializer(application).data)


class ProposalAcceptance(CitizenView):
    @extend_schema(
        operation_id="proposal_accept",
        request=None,
        responses=ApplicationSerializer,
    )
    def post(self, request: Request, public_id: uuid.UUID, proposal_id: uuid.UUID) -> Response:
        """Accept a proposed time, which is confirmed then; doing it again changes nothing."""
        application = proposals.accept(
            actor=self.actor, public_id=public_id, proposal_id=proposal_id, now=timezone.now()
        )
        return Response(ApplicationSerializer(application).data)


class ProposalRefusal(CitizenView):
    @extend_schema(
        operation_id="proposal_refuse",
        request=ProposalRefusalRequest,
        responses=ApplicationSerializer,
    )
    def post(self, request: Request, public_id: uuid.UUID, proposal_id: uuid.UUID) -> Response:
        """Refuse a proposed time, with wishes; the earlier one stands. Doing it again changes nothing."""
        wanted = ProposalRefusalRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        application = proposals.refuse(
            actor=self.actor,
            public_id=public_id,
            proposal_id=proposal_id,
            **wanted.validated_data,
            now=timezone.now(),
        )
        return Response(ApplicationSerializer(application).data)


class MoveRequests(CitizenView):
    @extend_schema(
        operation_id="move_request",
        request=MoveRequestRequest,
        responses={201: ApplicationSerializer},
    )
    def post(self, request: Request, public_id: uuid.UUID) -> Response:
        """Ask the agency to move a confirmed reception; the confirmed time stands until it does."""
        wanted = MoveRequestRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        move_requests.request_move(
            actor=self.actor,
            public_id=public_id,
            starts=wanted.validated_data["times"],
            reason=wanted.validated_data["reason"],
            shown=wanted.validated_data.get("start"),
            now=timezone.now(),
        )
        application = own.application_of(self.actor.citizen, public_id)
        return Response(ApplicationSerializer(application).data, status=HTTPStatus.CREATED)


class MoveRequestWithdrawal(CitizenView):
    @extend_schema(
        operation_id="move_withdraw",
        request=None,
        responses=ApplicationSerializer,
    )
    def post(self, request: Request, public_id: uuid.UUID, request_id: uuid.UUID) -> Response:
        """Take an open request to move a reception back; doing it again changes nothing."""
        move_requests.withdraw(
            actor=self.actor, public_id=public_id, request_id=request_id, now=timezone.now()
        )
        application = own.application_of(self.actor.citizen, public_id)
        return Response(ApplicationSerializer(application).data)


class Token(CitizenView):
    @extend_schema(operation_id="token_revoke", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign the program out: the access token is not accepted any more."""
        sessions.revoke_access_token(
            request.headers["Authorization"].split()[1], now=timezone.now()
        )
        return Response(status=HTTPStatus.NO_CONTENT)
