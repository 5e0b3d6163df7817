"""Errors of a sent form, kept for the page that the browser is sent to (POST, redirect, GET).

A form that is refused answers by a redirect, so that neither Back nor a reload sends it again. The
last refused form of a browser waits in its session, encrypted; the address of the page names it.

What still answers a POST itself:
- scripts and programs, which want the status, and browsers that do not say that they follow a form
  (`Sec-Fetch-Mode`) or have no session yet: strangers shall not fill the table of sessions;
- a form whose CSRF token is wrong: whoever sent it must not write to the session;
- the token that the portal's page posts: it comes from another site, hence without a session;
- a long text sent after the session had ended, which is handed back and stored nowhere.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.fernet import InvalidToken
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise

from diia_videoreception.personal_data import decrypt, encrypt
from diia_videoreception.web.forms import ScreenForm
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther

F = TypeVar("F", bound=ScreenForm)

SESSION_KEY = "diia_videoreception_refused"
PARAMETER = "again"
MAX_VALUE = 1000
"""Longest value that is kept, in characters; long texts are in the draft."""


@dataclass(frozen=True, slots=True)
class Refused:
    """What was wrong, and what was typed: names of fields or ids of places, with texts."""

    errors: Mapping[str, Sequence[str]]
    values: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)
    extra: Sequence[Any] = field(default=(), repr=False)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """The errors as `render_page` wants them."""
        return [(place, text) for place, texts in self.errors.items() for text in texts]


def show_again(request: HttpRequest, url: str, refused: Refused) -> HttpResponse:
    """Send the browser to `url`, where `refused_of` finds what was wrong."""
    key = secrets.token_hex(4)
    parts = urlsplit(url)
    request.session[SESSION_KEY] = [key, parts.path, encrypt(json.dumps(asdict(refused)))]
    kept = [pair for pair in parse_qsl(parts.query, True) if pair[0] != PARAMETER]
    return SeeOther(parts._replace(query=urlencode([*kept, (PARAMETER, key)])).geturl())


def show_form_again(
    request: HttpRequest, url: str, form: ScreenForm, *, secret: Sequence[str] = ()
) -> HttpResponse:
    """Send the browser to `url`, where `again` gives the form as it was sent.

    Args:
        secret: names of fields that are to be typed anew.
    """
    errors = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    values = {
        name: [
            value[:MAX_VALUE] for value in cast("MultiValueDict[str, str]", form.data).getlist(name)
        ]
        for name in form.fields
        if name not in secret
    }
    return show_again(request, url, Refused(errors, values))


def refused_of(request: HttpRequest) -> Refused | None:
    """Return what the address of the page names; None for any other page of the browser."""
    match request.session.get(SESSION_KEY):
        case [str(key), str(path), str(data)]:
            pass
        case _:
            return None
    if (request.GET.get(PARAMETER), request.path) != (key, path):
        return None
    try:
        return Refused(**json.loads(decrypt(data)))
    except InvalidToken:
        return None


def take_refused(request: HttpRequest) -> Refused | None:
    """Return what the address of the page names, once: a reload finds nothing."""
    found = refused_of(request)
    if found is not None:
        del request.session[SESSION_KEY]
    return found


def refusal_page(
    request: HttpRequest, template: str, *, heading: str | Promise, status: int, **context: object
) -> HttpResponse:
    """Show why nothing was done: to who has sent a form by a redirect, else as the answer itself.

    Args:
        context: further variables: texts, numbers and truths.
    """
    if not is_sent_form(request):
        values: dict[str, Any] = context
        return render_page(request, template, heading=heading, status=status, **values)
    page = {"template": template, "heading": heading, "status": int(status), **context}
    texts = {
        name: str(value) if isinstance(value, Promise) else value for name, value in page.items()
    }
    return show_again(request, reverse("diia_videoreception:refused"), Refused({}, extra=[texts]))


def is_sent_form(request: HttpRequest) -> bool:
    """Return whether a browser follows a form, so that a redirect shows it a page of its own."""
    navigates = request.headers.get("Sec-Fetch-Mode") == "navigate"
    return request.method == "POST" and navigates and request.session.session_key is not None


def fill(form: F, refused: Refused) -> F:
    """Put what was typed and what was wrong with it into a fresh form."""
    form.is_bound = True
    form.data = MultiValueDict({name: list(values) for name, values in refused.values.items()})
    form.cleaned_data = {}
    # Not checked again: what was wrong may depend on the moment it was sent.
    form._errors = ErrorDict(renderer=form.renderer)  # type: ignore[attr-defined]
    for name, texts in refused.errors.items():
        form.add_error(name if name in form.fields else None, list(texts))
    return form
