"""Setting up the second factor: an app on the phone, and recovery codes that are shown once."""

import json
from base64 import b32encode
from collections.abc import Callable
from functools import update_wrapper
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diia_videoreception import errors
from diia_videoreception.downloads import as_download
from diia_videoreception.personal_data import decrypt, encrypt
from diia_videoreception.providers import signature_provider
from diia_videoreception.rules.second_factor import shown_recovery_code
from diia_videoreception.second_factor import second_factor_required, verified_only
from diia_videoreception.selectors.accounts.second_factor import (
    has_app,
    has_device,
    has_other_device,
    is_verified,
    roles_of,
    totp_devices,
)
from diia_videoreception.services.accounts import second_factor
from diia_videoreception.web.browser_state import PENDING_PHONE, RECOVERY_CODES
from diia_videoreception.web.official.forms import AppCodeForm
from diia_videoreception.web.official.second_factor import (
    count_attempt,
    follow_sheet,
    form_page,
    home_of,
    next_of,
    prove,
    with_next,
    words_of,
)
from diia_videoreception.web.official.staff import (
    signed_in_staff,
    staff_page,
    staff_sign_in_required,
)
from diia_videoreception.web.qr import drawn
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import show_form_again

View = Callable[[HttpRequest], HttpResponseBase]


def enrolment(view: View) -> View:
    """Return a screen of who may set up a second factor.

    The first one whoever has signed in; in the place of one only who has just given that, and
    beside one of the portal's own only who has signed in with it.
    """
    guarded = second_factor_required(view, fresh=True)

    def wrapper(request: HttpRequest) -> HttpResponseBase:
        user = signed_in_staff(request)
        if has_device(user):
            return guarded(request)
        if not roles_of(user):
            raise errors.Forbidden
        if has_other_device(user) and not is_verified(user):
            return _other_first(request)
        return view(request)

    return staff_sign_in_required(update_wrapper(wrapper, view))


def _other_first(request: HttpRequest) -> HttpResponse:
    """Show the way to the portal's own second factor: by signing in again.

    Raises:
        OtherFactorFirst: a form was sent.
    """
    if request.method == "POST":
        raise errors.OtherFactorFirst
    return staff_page(
        request,
        "second_factor_other.html",
        heading=_("Sign in with your second factor first"),
        reason=errors.OtherFactorFirst.message,
        status=HTTPStatus.FORBIDDEN,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@enrolment
def begin(request: HttpRequest) -> HttpResponse:
    """Say what is needed; the POST makes a secret for the phone."""
    if request.method == "POST":
        device_id = second_factor.begin(signed_in_staff(request), now=timezone.now())
        # Whoever knows the session of before does not see the secret.
        request.session.cycle_key()
        PENDING_PHONE.save(request, device_id)
        return SeeOther(with_next(request, "second_factor_enrol"))
    return staff_page(
        request,
        "second_factor_begin.html",
        heading=_("Set up the second factor"),
        next_url=next_of(request),
        replaces=has_app(signed_in_staff(request)),
        takes_keys=signature_provider() is not None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@enrolment
def enrol(request: HttpRequest) -> HttpResponse:
    """Show the secret as a picture and as text, and take the first code that the phone makes of it.

    Only in the session that has begun; another one begins anew.
    """
    user = signed_in_staff(request)
    begun = PENDING_PHONE.load(request)
    device = totp_devices().filter(pk=begun, user_id=user.pk, confirmed=False).first()
    if device is None:
        return SeeOther(with_next(request, "second_factor_begin"))
    if request.method != "POST":
        return _enrol_page(request, device)
    here = with_next(request, "second_factor_enrol")
    form = AppCodeForm(request.POST)
    if not form.is_valid():
        return show_form_again(request, here, form, secret=["code"])
    try:
        count_attempt(request)
        device, codes = second_factor.confirm(
            user, device_id=device.pk, code=form.cleaned_data["code"], now=timezone.now()
        )
    except errors.ActRefused as refusal:
        form.add_error("code", words_of(refusal))
        return show_form_again(request, here, form, secret=["code"])
    PENDING_PHONE.drop(request)
    prove(request, device)
    return keep_codes(request, codes)


def keep_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Lead to the page that shows new recovery codes."""
    RECOVERY_CODES.save(request, encrypt(json.dumps(codes)))
    return SeeOther(with_next(request, "second_factor_codes"))


def _enrol_page(request: HttpRequest, device: Any) -> HttpResponse:
    secret = b32encode(device.bin_key).decode()
    return form_page(
        request,
        "second_factor_enrol.html",
        AppCodeForm(),
        heading=_("Add the portal to the app"),
        picture=drawn(_address_for_app(request, device, secret)),
        secret=" ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        account=_account(request),
    )


def _address_for_app(request: HttpRequest, device: Any, secret: str) -> str:
    """Return what the picture holds, in the way that all apps for codes read."""
    issuer = str(getattr(settings, "WAGTAIL_SITE_NAME", "") or request.get_host()).replace(":", "")
    query = urlencode(
        {"secret": secret, "issuer": issuer, "digits": device.digits, "period": device.step},
        quote_via=quote,
    )
    return f"otpauth://totp/{quote(issuer)}:{quote(_account(request))}?{query}"


def _account(request: HttpRequest) -> str:
    return str(signed_in_staff(request).get_username())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_sign_in_required
@verified_only
def codes(request: HttpRequest) -> HttpResponse:
    """Show the new recovery codes until the person says that they are kept."""
    shown = _codes_of(request)
    if not shown:
        return SeeOther(reverse("diia_videoreception:second_factor_overview"))
    if request.method == "POST":
        RECOVERY_CODES.drop(request)
        return SeeOther(next_of(request) or home_of(request))
    return staff_page(
        request,
        "second_factor_codes.html",
        heading=_("Keep your recovery codes"),
        codes=shown,
        next_url=next_of(request),
    )


@require_safe
@staff_sign_in_required
@verified_only
def codes_file(request: HttpRequest) -> HttpResponseBase:
    """Give the codes as a text, for as long as the page shows them."""
    shown = _codes_of(request)
    if not shown:
        raise errors.NotFound
    head = gettext("Recovery codes of %(account)s") % {"account": _account(request)}
    text = "\n".join([head, "", *shown, ""])
    return as_download(
        text.encode(), name="recovery-codes.txt", media_type="text/plain; charset=utf-8"
    )


@require_POST
@enrolment
def renew_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes in the place of the ones before."""
    user = signed_in_staff(request)
    if not has_device(user):
        raise errors.Forbidden
    sheet, made = second_factor.renew_recovery_codes(user, now=timezone.now())
    follow_sheet(request, sheet)
    return keep_codes(request, made)


def _codes_of(request: HttpRequest) -> list[str]:
    kept = RECOVERY_CODES.load(request)
    try:
        return [shown_recovery_code(code) for code in json.loads(decrypt(kept))] if kept else []
    except InvalidToken:
        return []
