"""The page on which a person signs a text of ours, whatever for (screen C04).

By the state's signing widget where the portal has one, else with a program of the person's own:
the text is a file to take away, the signature a file to bring back. Neither needs a key here.
"""

import base64
import binascii
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diia_videoreception.downloads import as_download
from diia_videoreception.models import Application, Challenge
from diia_videoreception.selectors.accounts.challenges import waiting_challenge
from diia_videoreception.web.browser_state import SIGNING
from diia_videoreception.web.csp import allow
from diia_videoreception.web.decorators import screen
from diia_videoreception.web.middleware import signed_in_citizen
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.refused import Refused, refused_of, show_again
from diia_videoreception.web.throttling import enforce_rate_limit
from integrations.identity.base import IdentityError, SignatureProvider
from integrations.identity.reasons import SignInRefusal
from integrations.kep.containers import Container

FILE_NAME = "text-to-sign.txt"
_NO_FILE = _("Choose the file with your signature.")
_NO_SIGNATURE = _(
    "This file is not a signature. Choose the file that your signing program "
    "created: its name usually ends with p7s."
)
_TOO_LARGE = _(
    "This file is too large to be a signature of this text. Sign only the text that "
    "you saved from this page, and choose the CAdES format: the file name ends with "
    "p7s."
)
_CONTAINER = _(
    "This file is a container with the signature and the text (ASiC). We cannot read "
    "these files yet. Sign the text again and choose the CAdES format in your "
    "program: the file name ends with p7s."
)
_FORMATS: Mapping[str, str | Promise] = {
    Container.ASIC_E: _CONTAINER,
    Container.ASIC_S: _CONTAINER,
    Container.XADES: _(
        "This file is a signature in XML (XAdES). We cannot read these files yet. Sign "
        "the text again and choose the CAdES format in your program: the file name ends "
        "with p7s."
    ),
    Container.PDF: _(
        "This file is a PDF. We cannot read signatures inside a PDF (PAdES). Sign the "
        "text that you saved from this page and choose the CAdES format: the file name "
        "ends with p7s."
    ),
    Container.UA1_SIGN: _(
        "This file is a signature from reporting software (UA1_SIGN). We cannot read "
        "these files yet. Sign the text again and choose the CAdES format: the file name "
        "ends with p7s."
    ),
}
"""What a signature in another format is, and what to do."""


class NotASignature(Exception):
    """What was chosen is no signature: the text is good for another try, with the right file."""


_FILE = "signature_file"
"""Id of the input."""


@dataclass(frozen=True, slots=True)
class SigningPage:
    """What the page says around the text.

    Attributes:
        heading: The one h1.
        lead: What signing does.
        button: On the button that sends the signature.
        back_url: Where the person changes their mind; empty in a tab of its own.
        back: On the link there.
    """

    heading: str | Promise
    lead: str | Promise
    button: str | Promise
    back_url: str = ""
    back: str | Promise = ""


def session_secret(request: HttpRequest) -> str:
    """Return random value that ties challenges to this browser's session; made when first asked for."""
    secret = SIGNING.load(request)
    if not secret:
        secret = secrets.token_urlsafe(32)
        SIGNING.save(request, secret)
    return secret


def signing_page(
    request: HttpRequest,
    words: SigningPage,
    *,
    challenge: Challenge,
    provider: SignatureProvider,
    application: Application | None = None,
    document: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Show the text with both ways to sign it.

    Args:
        challenge: Of this browser's session.
        application: Whose manifest the challenge is; shown in words, the manifest below them.
        document: Name, size and address of the document whose manifest it is.
    """
    return render_page(
        request,
        "citizen/signing.html",
        heading=words.heading,
        application=application,
        document=document,
        **text_to_show(request, words, challenge=challenge, provider=provider),
    )


def text_to_show(
    request: HttpRequest,
    words: SigningPage,
    *,
    challenge: Challenge,
    provider: SignatureProvider,
) -> dict[str, Any]:
    """Return what `includes/signing.html` shows, and let the widget in on this page.

    A portal with a policy of its own lets it in by `frame-src` with `provider.widget_origin`.
    """
    refused = refused_of(request)
    problem = refused.summary[0][1] if refused else ""
    if provider.widget_origin:
        allow(request, "frame-src", provider.widget_origin)
    return {
        "words": words,
        "challenge": challenge,
        "content": base64.b64encode(challenge.content.encode()).decode(),
        "widget_url": provider.widget_url,
        "widget_origin": provider.widget_origin,
        "max_octets": provider.max_signature_bytes,
        "file_error": problem,
        "error_summary": [(_FILE, problem)] if problem else [],
    }


def choose_file_again(request: HttpRequest, error: object) -> HttpResponse:
    """Lead back to the text, with a fresh challenge and with what is wrong with the file."""
    return show_again(request, request.get_full_path(), Refused({_FILE: [str(error)]}))


def posted_signature(request: HttpRequest, provider: SignatureProvider) -> bytes:
    """Read the signature of the form, from the widget or from the file.

    Counts the act before anything expensive is done with it.

    Raises:
        TooManyRequests: by address or citizen, or by session.
        NotASignature: there is none, it is too large, in another format, or something else altogether.
        IdentityError: `malformed` from a broken script.
    """
    enforce_rate_limit(request, "kep")
    enforce_rate_limit(request, "kep_session", who=f"session {session_secret(request)}")
    text = request.POST.get("signature", "")
    try:
        if not text:
            return _chosen_file(request, provider)
        if len(text) > provider.max_upload_bytes:
            raise NotASignature(_TOO_LARGE)
        data = base64.b64decode(text, validate=True)
        provider.require_signature(data)
        return data
    except (binascii.Error, ValueError):
        raise IdentityError(SignInRefusal.MALFORMED) from None
    except IdentityError as error:
        raise _unusable(error) from None


def _chosen_file(request: HttpRequest, provider: SignatureProvider) -> bytes:
    file = request.FILES.get("file")
    if file is None or not file.size:
        raise NotASignature(_NO_FILE)
    # Of a larger file the beginning is enough to tell what it is.
    data = bytes(file.read(provider.max_upload_bytes + 1))
    provider.require_signature(data)
    return data


def _unusable(error: IdentityError) -> NotASignature:
    if error.reason is SignInRefusal.UNSUPPORTED_CONTAINER:
        return NotASignature(_FORMATS.get(error.detail, _NO_SIGNATURE))
    return NotASignature(_TOO_LARGE if error.reason is SignInRefusal.TOO_LARGE else _NO_SIGNATURE)


@screen
def text_to_sign(request: HttpRequest, key: uuid.UUID) -> FileResponse:
    """Return the bytes of a challenge as a file, for this browser and this person only."""
    secret = SIGNING.load(request) or ""
    challenge = waiting_challenge(key, session_secret=secret, now=timezone.now())
    actor = signed_in_citizen(request)
    if challenge is None or challenge.citizen_id not in (None, actor and actor.citizen.pk):
        raise Http404
    if challenge.user_id not in (None, request.user.pk):
        raise Http404
    return as_download(
        challenge.content.encode(), name=FILE_NAME, media_type="text/plain; charset=utf-8"
    )
