"""The people of a centre for its head: who may act and until when, inviting, roles, blocking, training."""

import uuid
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diia_videoreception.models import CentreMember
from diia_videoreception.rules.centres import CentreRole
from diia_videoreception.selectors.accounts.staff import staff_reset_by
from diia_videoreception.selectors.centres.people import (
    CentrePerson,
    last_day_of_right,
    open_invitations,
    people_of_centre,
)
from diia_videoreception.selectors.centres.testing import own_test
from diia_videoreception.services.accounts import second_factor
from diia_videoreception.services.centres import invitations, testing
from diia_videoreception.services.centres import people as service
from diia_videoreception.web import notices
from diia_videoreception.web.centre.acting import ACT, sent, shown, summary_of
from diia_videoreception.web.centre.forms import BlockForm, InviteForm, RoleForm, TrainingForm
from diia_videoreception.web.centre.guard import centre_page, head_required
from diia_videoreception.web.centre.words import words_of
from diia_videoreception.web.official.staff import signed_in_staff
from diia_videoreception.web.redirects import SeeOther


def url_of(member: CentreMember, name: str, *args: object) -> str:
    """Return the address of a page of the member's centre."""
    return reverse(f"diia_videoreception:centre_{name}", args=[member.centre.public_id, *args])


@require_safe
@head_required
def people(request: HttpRequest, head: CentreMember) -> HttpResponse:
    """List who works in the centre and whom it has invited."""
    now = timezone.now()
    found = people_of_centre(head, now=now)
    return centre_page(
        request,
        head,
        "people.html",
        here="people",
        heading=_("People"),
        people=found,
        ending=[(person, last_day_of_right(person)) for person in found if person.ends_soon],
        invitations=open_invitations(head),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@partial(head_required, fresh=True)
def invite(request: HttpRequest, head: CentreMember) -> HttpResponse:
    """Invite somebody by letter."""
    here = url_of(head, "invite")
    if request.method == "POST":

        def act(form: InviteForm) -> None:
            invitations.invite(
                head.centre.public_id,
                role=CentreRole(form.cleaned_data["role"]),
                name=form.cleaned_data["name"],
                address=form.cleaned_data["address"],
                staff=signed_in_staff(request),
                now=timezone.now(),
            )

        there = url_of(head, "people")
        return sent(
            request, InviteForm(request.POST), act, here=here, there=there, notice="centre_invited"
        )
    form = shown(request, InviteForm())
    return centre_page(
        request,
        head,
        "invite.html",
        here="people",
        heading=_("Invite a person"),
        form=form,
        error_summary=summary_of(form),
    )


@require_POST
@head_required
def withdraw(request: HttpRequest, head: CentreMember, invitation: uuid.UUID) -> HttpResponse:
    """Withdraw an invitation."""
    invitations.withdraw(
        head.centre.public_id, invitation, staff=signed_in_staff(request), now=timezone.now()
    )
    notices.add(request, "centre_withdrawn")
    return SeeOther(url_of(head, "people"))


@require_http_methods(["GET", "HEAD", "POST"])
@partial(head_required, fresh=True)
def person(request: HttpRequest, head: CentreMember, member: uuid.UUID) -> HttpResponse:
    """Show one member with what keeps them from acting; the POST does one of the acts."""
    found = next(
        (
            one
            for one in people_of_centre(head, now=timezone.now())
            if one.member.public_id == member
        ),
        None,
    )
    if found is None:
        raise Http404
    if request.method == "POST":
        return _act(request, head, found)
    role = shown(request, RoleForm(initial={"role": found.member.role}))
    reason, training = shown(request, BlockForm()), shown(request, TrainingForm())
    return centre_page(
        request,
        head,
        "person.html",
        here="people",
        heading=found.user.get_full_name() or found.user.get_username(),
        person=found,
        may_reset=found.facts.has_second_factor
        and staff_reset_by(signed_in_staff(request)).filter(pk=found.member.user_id).exists(),
        is_oneself=found.member.user_id == head.user_id,
        obstacles=[words_of(one) for one in found.obstacles],
        test=own_test(found.member, language=get_language() or "", now=timezone.now()),
        role_form=role,
        reason_form=reason,
        training_form=training,
        error_summary=summary_of(role, reason, training),
    )


def who_acts(request: HttpRequest) -> dict[str, Any]:
    """Return who does an act and when, as the services want it."""
    return {"staff": signed_in_staff(request), "now": timezone.now()}


def _act(request: HttpRequest, head: CentreMember, found: CentrePerson) -> HttpResponse:
    about = (head.centre.public_id, found.member.public_id)
    who = who_acts(request)
    here, there = url_of(head, "person", found.member.public_id), url_of(head, "people")
    match request.POST.get(ACT):
        case "role":
            return sent(
                request,
                RoleForm(request.POST),
                lambda form: service.change_role(
                    *about, role=CentreRole(form.cleaned_data["role"]), **who
                ),
                here=here,
                notice="centre_saved",
            )
        case "training":
            return sent(
                request,
                TrainingForm(request.POST),
                lambda form: service.record_training(
                    *about,
                    valid_from=form.cleaned_data["valid_from"],
                    valid_until=form.cleaned_data["valid_until"],
                    **who,
                ),
                here=here,
                notice="centre_saved",
            )
        case "block":
            return sent(
                request,
                BlockForm(request.POST),
                lambda form: service.block(*about, reason=form.cleaned_data["reason"], **who),
                here=here,
                notice="centre_blocked",
            )
        case "test":
            testing.allow_again(*about, **who)
            notices.add(request, "centre_test_allowed")
            return SeeOther(here)
        case "reset":
            second_factor.reset(found.member.user_id, staff=who["staff"], now=who["now"])
            notices.add(request, "centre_reset")
            return SeeOther(here)
        case "unblock":
            service.unblock(*about, **who)
            notices.add(request, "centre_unblocked")
            return SeeOther(here)
        case "end":
            service.end_membership(*about, **who)
            notices.add(request, "centre_ended")
            return SeeOther(there)
    raise Http404
