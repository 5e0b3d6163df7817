"""Binding one more way to sign in, and taking one off (identity rule C.9, A-19)."""

import uuid

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diia_videoreception.errors import LastStrongCredential, LevelTooLow, NotFound
from diia_videoreception.models import Purpose
from diia_videoreception.selectors.accounts.credentials import credential_by_id
from diia_videoreception.services.accounts import credentials, sessions
from diia_videoreception.web.citizen.profile.views import done_url
from diia_videoreception.web.citizen.sign_in.login_methods import bindable_methods, rows_of
from diia_videoreception.web.decorators import citizen_required, to_sign_in
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import Refused, refused_of, show_again
from diia_videoreception.web.sign_in_reasons import SignInReason
from diia_videoreception.web.throttling import throttled


@citizen_required
def bind(request: CitizenRequest) -> HttpResponse:
    """Offer the ways that can be bound; needs a sign-in of the last minutes."""
    sessions.require_fresh(request.citizen, now=timezone.now())
    return render_page(
        request,
        "citizen/profile_bind.html",
        heading=_("Add another sign-in method"),
        ways=rows_of(bindable_methods()),
        purpose=Purpose.BIND,
        next_url=reverse("diia_videoreception:profile"),
    )


@citizen_required
@throttled("sign_in")
def unbind(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask whether the way shall go; the POST takes it off."""
    now = timezone.now()
    sessions.require_fresh(request.citizen, now=now)
    row = credential_by_id(request.citizen.citizen, public_id)
    if row is None:
        raise NotFound
    try:
        credentials.require_level(request.citizen, row, now=now)
    except LevelTooLow:
        return to_sign_in(request.path, reason=SignInReason.CREDENTIAL)
    if request.method == "POST":
        try:
            credentials.unbind(actor=request.citizen, public_id=public_id, now=now)
        except LastStrongCredential as error:
            return show_again(request, request.path, Refused({"main": [str(error)]}))
        return SeeOther(done_url("unbound"))
    refused = refused_of(request)
    return render_page(
        request,
        "citizen/profile_unbind.html",
        heading=_("Remove this sign-in method?"),
        credential=row,
        problem=refused.summary[0][1] if refused else "",
    )
