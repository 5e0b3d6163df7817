"""Files that leave the portal: for saving, never shown in place, whoever asks for them."""

from io import BytesIO

from django.http import FileResponse, Http404

from diia_videoreception.models import Application, Document
from diia_videoreception.services.booking.answer_signing import signed_answer_of
from diia_videoreception.services.booking.document_signatures import container_of
from diia_videoreception.services.documents.storage import read


def document_response(document: Document) -> FileResponse:
    """Answer with the stored bytes of a document that the caller may read.

    Raises:
        Http404: The file is gone, as after a restored backup.
        StorageUnavailable: The storage does not give it now.
    """
    try:
        content = read(document)
    except FileNotFoundError as error:
        raise Http404 from error
    return as_download(content, name=document.name, media_type=document.media_type)


def container_response(document: Document) -> FileResponse:
    """Answer with a document and the citizen's signature on it, of a document that the caller may read.

    Raises:
        NotFound, StorageUnavailable: as `container_of`.
    """
    file = container_of(document)
    return as_download(file.data, name=file.name, media_type=file.media_type)


def signed_answer_response(application: Application | None) -> FileResponse:
    """Answer with the agency's answer as it is signed, of an application that the caller may read.

    Raises:
        Http404: There is no such application, or neither a КЕП nor a scan.
        StorageUnavailable: The storage does not give the scan now.
    """
    file = signed_answer_of(application) if application is not None else None
    if file is None:
        raise Http404
    return as_download(file.data, name=file.name, media_type=file.media_type)


def as_download(content: bytes, *, name: str, media_type: str) -> FileResponse:
    """Answer with a file to be saved under its name.

    Args:
        content: The file.
        name: As the person sees it; letters beyond ASCII are encoded (RFC 6266).
        media_type: What the file is; browsers do not guess another one.

    Nobody on the way keeps a copy, and what is opened all the same runs nothing of ours.
    """
    return FileResponse(
        BytesIO(content),
        as_attachment=True,
        filename=name,
        content_type=media_type,
        headers={
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
