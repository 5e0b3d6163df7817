"""What comes of a reception: for the signed-in citizen."""

import uuid
from http import HTTPStatus

from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from diia_videoreception import errors
from diia_videoreception.api.applications import ApplicationSerializer
from diia_videoreception.api.base import CitizenView
from diia_videoreception.api.objections import ObjectionRequest
from diia_videoreception.downloads import container_response
from diia_videoreception.selectors.booking import applications as own
from diia_videoreception.services.booking.objections import object_to_outcome


class SignedDocument(CitizenView):
    @extend_schema(
        operation_id="document_signed",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, public_id: uuid.UUID) -> FileResponse:
        """Return an own document with the signature that was put on it in the room (ASiC-E)."""
        document = own.document_of(self.actor.citizen, public_id)
        if document is None:
            raise errors.NotFound
        return container_response(document)


class ObjectionToOutcome(CitizenView):
    @extend_schema(
        operation_id="objection",
        request=ObjectionRequest,
        responses={201: ApplicationSerializer},
    )
    def post(self, request: Request, public_id: uuid.UUID) -> Response:
        """Object to what the agency noted of the reception: once, within five days."""
        wanted = ObjectionRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        object_to_outcome(
            actor=self.actor,
            public_id=public_id,
            text=wanted.validated_data["text"],
            now=timezone.now(),
        )
        application = own.application_of(self.actor.citizen, public_id)
        return Response(ApplicationSerializer(application).data, status=HTTPStatus.CREATED)
