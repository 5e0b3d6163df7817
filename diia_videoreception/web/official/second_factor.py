"""The second factor of staff: the step after the host's sign-in, and what keeps it working."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from diia_videoreception import errors
from diia_videoreception.models import StaffKey
from diia_videoreception.providers import signature_provider
from diia_videoreception.rules.second_factor import Role
from diia_videoreception.second_factor import (
    DEVICE_KEY,
    FRESH,
    keep_proof,
    proof_of,
)
from diia_videoreception.selectors.accounts.second_factor import (
    has_app,
    has_device,
    key_of,
    recovery_codes_left,
    roles_of,
)
from diia_videoreception.services.accounts import second_factor
from diia_videoreception.web.forms import ScreenForm
from diia_videoreception.web.official.forms import AppCodeForm, RecoveryCodeForm
from diia_videoreception.web.official.staff import (
    signed_in_staff,
    staff_page,
    staff_required,
    staff_sign_in_required,
)
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.refused import fill, refused_of, show_form_again
from diia_videoreception.web.throttling import enforce_rate_limit
from integrations.common.local_urls import local_url

RECOVERY = "recovery"
"""The way by a recovery code, in the address of the step."""


@require_http_methods(["GET", "HEAD", "POST"])
@staff_sign_in_required
def step(request: HttpRequest) -> HttpResponse:
    """Ask for a code, of the app or for recovery; then goes on to where the person wanted to be."""
    user = signed_in_staff(request)
    if not has_device(user):
        return SeeOther(with_next(request, "second_factor_begin"))
    by_recovery = request.GET.get("way") == RECOVERY
    if not by_recovery and not has_app(user):
        return SeeOther(_key_url(request))
    form_class = RecoveryCodeForm if by_recovery else AppCodeForm
    if request.method != "POST":
        return _step_page(request, form_class(), by_recovery=by_recovery)
    form = form_class(request.POST)
    here = step_url(request, by_recovery=by_recovery)
    if not form.is_valid():
        return show_form_again(request, here, form, secret=["code"])
    verify = second_factor.verify_recovery if by_recovery else second_factor.verify
    try:
        count_attempt(request)
        device = verify(user, code=form.cleaned_data["code"], now=timezone.now())
    except errors.ActRefused as refusal:
        form.add_error("code", words_of(refusal))
        return show_form_again(request, here, form, secret=["code"])
    prove(request, device)
    return SeeOther(next_of(request) or home_of(request))


def count_attempt(request: HttpRequest) -> None:
    """Count a code that was typed, by the person and from whichever browser.

    Raises:
        TooManyRequests
    """
    enforce_rate_limit(request, "second_factor", who=f"staff {signed_in_staff(request).pk}")


def prove(request: HttpRequest, device: Any) -> None:
    """Let the session count as verified by this device, under a new key and a new CSRF secret."""
    request.session.cycle_key()
    request.session[DEVICE_KEY] = device.persistent_id
    keep_proof(request, device=device.persistent_id, now=timezone.now())
    rotate_token(request)


def follow_sheet(request: HttpRequest, sheet: Any) -> None:
    """Let a session that a recovery code has verified go on by the new sheet, from when it was given."""
    proof = proof_of(request)
    if (
        proof is not None
        and proof.device == request.session.get(DEVICE_KEY)
        and proof.device.startswith(f"{sheet.model_label()}/")
    ):
        request.session[DEVICE_KEY] = sheet.persistent_id
        keep_proof(request, device=sheet.persistent_id, now=proof.at)


def words_of(refusal: errors.ActRefused) -> str:
    """Return why a code was not taken, with the seconds to wait where there are any."""
    seconds = refusal.retry_after(timezone.now())
    if seconds is None:
        return str(refusal)
    return gettext("Too many attempts. Try again in %(seconds)s s.") % {"seconds": seconds}


@require_safe
@staff_required
def overview(request: HttpRequest) -> HttpResponse:
    """Show whether a second factor is set up, and what can be done about it."""
    user = signed_in_staff(request)
    if not roles_of(user) and not has_device(user):
        raise errors.Forbidden
    return staff_page(
        request,
        "second_factor.html",
        heading=_("Second factor"),
        has_device=has_device(user),
        has_app=has_app(user),
        key=key_of(user),
        takes_keys=signature_provider() is not None,
        codes_left=recovery_codes_left(user),
    )


def next_of(request: HttpRequest) -> str:
    """Return where the person wants to go, a local address or empty."""
    return local_url(request.POST.get("next") or request.GET.get("next"))


def with_next(request: HttpRequest, name: str, **query: str) -> str:
    """Return the address of a page of ours that remembers where the person wants to go."""
    following = next_of(request)
    values = ({"next": following} if following else {}) | query
    url = reverse(f"diia_videoreception:{name}")
    return f"{url}?{urlencode(values)}" if values else url


def home_of(request: HttpRequest) -> str:
    """Return where a member of staff begins: in the admin, if they come in there; else with their own."""
    user: Any = request.user
    if user.has_perm("wagtailadmin.access_admin"):
        return reverse("wagtailadmin_home")
    is_of_centre = roles_of(user) == {Role.CENTRE}
    return reverse(f"diia_videoreception:{'centre_front' if is_of_centre else 'official_day'}")


def form_page(
    request: HttpRequest,
    template: str,
    form: ScreenForm,
    *,
    heading: str | Promise,
    **context: object,
) -> HttpResponse:
    """Show a page with a form, with what was wrong when it was sent."""
    refused = refused_of(request)
    if refused is not None:
        fill(form, refused)
    values: dict[str, Any] = {
        "form": form,
        "error_summary": form.error_summary if form.is_bound else [],
        "next_url": next_of(request),
        **context,
    }
    return staff_page(request, template, heading=heading, **values)


def step_url(request: HttpRequest, *, by_recovery: bool) -> str:
    """Return the address of the step by a code, which remembers where the person wants to go and why."""
    query = {"way": RECOVERY} if by_recovery else {}
    return with_next(request, "second_factor", **query, **_reason(request))


def _key(request: HttpRequest) -> StaffKey | None:
    """Return the key that may be used, where the portal verifies any."""
    return key_of(signed_in_staff(request)) if signature_provider() else None


def _key_url(request: HttpRequest) -> str:
    return with_next(request, "second_factor_key_step", **_reason(request))


def _reason(request: HttpRequest) -> dict[str, str]:
    return {"reason": FRESH} if request.GET.get("reason") == FRESH else {}


def _step_page(request: HttpRequest, form: ScreenForm, *, by_recovery: bool) -> HttpResponse:
    return form_page(
        request,
        "second_factor_step.html",
        form,
        heading=_("Confirm that it is you"),
        is_again=request.GET.get("reason") == FRESH,
        by_recovery=by_recovery,
        here=step_url(request, by_recovery=by_recovery),
        other_way=step_url(request, by_recovery=not by_recovery),
        has_app=has_app(signed_in_staff(request)),
        key_url=_key_url(request) if _key(request) else "",
    )
