"""Files that leave the portal: for saving, never shown in place, whoever asks for them."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def as_download(octets: bytes, *, name: str, media_type: str) -> HttpResponse:
    """Answers with a file to be saved under its name, of which nobody on the way keeps a copy.

    Args:
        octets: The file.
        name: As the person sees it; letters beyond ASCII are encoded (RFC 6266).
        media_type: What the file is; browsers do not guess another one.
    """
    return HttpResponse(
        octets,
        content_type=media_type,
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
