"""How people come into a centre: they ask for its access, take an invitation up, choose where they work."""

from functools import partial
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from diia_videoreception import errors
from diia_videoreception.models import CentreMember
from diia_videoreception.selectors.centres.access import memberships_of
from diia_videoreception.selectors.centres.rights import own_facts, own_obstacles
from diia_videoreception.services.centres import granting, invitations
from diia_videoreception.web import notices
from diia_videoreception.web.browser_state import CENTRE_INVITATION
from diia_videoreception.web.centre.acting import sent, shown, summary_of
from diia_videoreception.web.centre.forms import AccessForm, SecretForm
from diia_videoreception.web.centre.guard import (
    centre_page,
    centre_staff_required,
    member_required,
)
from diia_videoreception.web.centre.words import words_of
from diia_videoreception.web.decorators import screen
from diia_videoreception.web.official.staff import (
    signed_in_staff,
    staff_page,
    staff_sign_in_required,
)
from diia_videoreception.web.redirects import SeeOther
from diia_videoreception.web.throttling import throttled


@screen
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("centre_request")
def apply(request: HttpRequest) -> HttpResponse:
    """Let anybody ask for the access of a centre; the operator decides."""
    here = reverse("diia_videoreception:centre_apply")
    if request.method == "POST":

        def act(form: AccessForm) -> None:
            proof = request.POST.get("altcha", "")
            granting.request_access(form.request(), captcha=proof, now=timezone.now())

        return sent(
            request,
            AccessForm(request.POST),
            act,
            here=here,
            there=reverse("diia_videoreception:centre_applied"),
            notice="",
            page=partial(_apply_page, request),
        )
    return _apply_page(request, shown(request, AccessForm()))


def _apply_page(
    request: HttpRequest, form: AccessForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    return staff_page(
        request,
        "apply.html",
        folder="centre",
        heading=_("Access for a centre"),
        form=form,
        error_summary=summary_of(form),
        status=status,
    )


@screen
@require_safe
def applied(request: HttpRequest) -> HttpResponse:
    """Say what becomes of a request that was sent."""
    return staff_page(request, "applied.html", folder="centre", heading=_("The request is sent"))


@screen
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("centre_join")
def join(request: HttpRequest) -> HttpResponse:
    """Exchange the secret of an invitation for a note in this session; nothing is spent by it."""
    here = reverse("diia_videoreception:centre_join")
    if request.method == "POST":

        def act(form: SecretForm) -> None:
            code = form.cleaned_data["code"]
            try:
                found = invitations.invitation_of(code, now=timezone.now())
            except errors.InvitationInvalid as refusal:
                raise errors.Incomplete(fields={"code": str(refusal)}) from None
            CENTRE_INVITATION.save(request, found.public_id)

        return sent(
            request,
            SecretForm(request.POST),
            act,
            here=here,
            there=reverse("diia_videoreception:centre_confirm"),
            notice="",
            page=partial(_join_page, request),
        )
    return _join_page(request, shown(request, SecretForm()))


def _join_page(request: HttpRequest, form: SecretForm, status: int = HTTPStatus.OK) -> HttpResponse:
    return staff_page(
        request,
        "join.html",
        folder="centre",
        heading=_("Invitation to a centre"),
        form=form,
        error_summary=summary_of(form),
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_sign_in_required
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask who is signed in whether they join the centre; the POST joins."""
    key = CENTRE_INVITATION.load(request)
    if key is None:
        return SeeOther(reverse("diia_videoreception:centre_join"))
    now = timezone.now()
    if request.method == "POST":
        member = invitations.join(key, user=signed_in_staff(request), now=now)
        CENTRE_INVITATION.drop(request)
        notices.add(request, "centre_joined")
        return SeeOther(reverse("diia_videoreception:centre_home", args=[member.centre.public_id]))
    return staff_page(
        request,
        "confirm.html",
        folder="centre",
        heading=_("Join the centre"),
        invitation=invitations.invitation_with(key, now=now),
    )


@require_safe
@centre_staff_required
def front(request: HttpRequest) -> HttpResponse:
    """Lead to the centre where somebody works, or let them choose among several."""
    members = list(memberships_of(signed_in_staff(request)))
    if not members:
        raise errors.Forbidden
    if len(members) == 1:
        return SeeOther(
            reverse("diia_videoreception:centre_home", args=[members[0].centre.public_id])
        )
    return staff_page(
        request, "front.html", folder="centre", heading=_("Your centres"), members=members
    )


@require_safe
@member_required
def home(request: HttpRequest, member: CentreMember) -> HttpResponse:
    """Show a member their own right, and what is missing for it."""
    user, now = signed_in_staff(request), timezone.now()
    return centre_page(
        request,
        member,
        "home.html",
        here="home",
        heading=_("My right to act on behalf of people"),
        facts=own_facts(user, member),
        obstacles=[words_of(one) for one in own_obstacles(user, member, now=now)],
    )
