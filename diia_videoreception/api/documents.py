"""Documents in the API: how they arrive, and what is told of them."""

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request

from diia_videoreception import errors
from diia_videoreception.conf import app_settings
from diia_videoreception.models import Document

ROOM_FOR_FORM = 1024 * 1024
"""What the form around a document may take, in bytes."""


class DocumentSerializer(serializers.ModelSerializer[Document]):
    id = serializers.UUIDField(source="public_id")
    size = serializers.IntegerField()
    url = serializers.SerializerMethodField()
    signed_url = serializers.SerializerMethodField(
        help_text="The document with the citizen's signature; null where it is not signed.",
    )

    class Meta:
        model = Document
        fields = [
            "id",
            "name",
            "media_type",
            "size",
            "sha256",
            "is_signed",
            "has_attachments",
            "proves_authority",
            "url",
            "signed_url",
        ]

    def get_url(self, document: Document) -> str:
        return reverse("diia_videoreception:api:document", args=[document.public_id])

    def get_signed_url(self, document: Document) -> str | None:
        if document.signature is None:
            return None
        return reverse("diia_videoreception:api:document_signed", args=[document.public_id])


class DocumentUpload(serializers.Serializer[object]):
    file = serializers.FileField(allow_empty_file=True, max_length=1000)


class DraftDocumentUpload(DocumentUpload):
    proves_authority = serializers.BooleanField(
        default=False,
        help_text="Whether it is the scan of what allows the applicant to speak for somebody else.",
    )


def uploaded(request: Request) -> UploadedFile:
    """Return the one file of a request, of which no more is read than its announced size allows.

    Raises:
        DocumentsTooLarge: the request is larger than one document may be.
    """
    limits = app_settings.upload_limits
    announced = request.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > limits.bytes + ROOM_FOR_FORM:
        raise errors.DocumentsTooLarge(limit=limits.megabytes)
    upload = DocumentUpload(data=request.data)
    upload.is_valid(raise_exception=True)
    file: UploadedFile = upload.validated_data["file"]
    return file
