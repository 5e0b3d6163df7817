"""Files that leave the portal: for saving, never shown in place, whoever asks for them."""

from io import BytesIO
from typing import IO, Any

from django.http import FileResponse, Http404

from diia_videoreception.models import Document
from diia_videoreception.services.documents.storage import private_storage


def document_response(document: Document) -> FileResponse:
    """Answer with the stored bytes of a document that the caller may read.

    Raises:
        Http404: The file is gone, as after a restored backup.
    """
    try:
        content = private_storage().open(document.path)
    except FileNotFoundError as error:
        raise Http404 from error
    return _attachment(content, name=document.name, media_type=document.media_type)


def as_download(content: bytes, *, name: str, media_type: str) -> FileResponse:
    """Answer with a file to be saved under its name.

    Args:
        content: The file.
        name: As the person sees it; letters beyond ASCII are encoded (RFC 6266).
        media_type: What the file is; browsers do not guess another one.
    """
    return _attachment(BytesIO(content), name=name, media_type=media_type)


def _attachment(content: IO[Any], *, name: str, media_type: str) -> FileResponse:
    """Nobody on the way keeps a copy, and what is opened all the same runs nothing of ours."""
    return FileResponse(
        content,
        as_attachment=True,
        filename=name,
        content_type=media_type,
        headers={
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
