"""The people of an agency for its head: who has which right, who has a second factor; giving, taking, resetting."""

from typing import Any, cast

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.viewsets.base import ViewSet

from diia_videoreception.errors import NotFound
from diia_videoreception.models import AgencyModerator, OfficialSubstitute
from diia_videoreception.selectors.access import agencies_headed_by
from diia_videoreception.selectors.accounts.second_factor import is_installed
from diia_videoreception.selectors.accounts.staff import heads, people_of, staff_reset_by
from diia_videoreception.selectors.centres.access import operates_portal
from diia_videoreception.selectors.reference import agencies_staffed_by
from diia_videoreception.services.accounts import second_factor, staff_rights
from diia_videoreception.wagtail_admin.addresses import OurAddresses, shown_to
from diia_videoreception.wagtail_admin.forms import ScopedForm, user_called
from diia_videoreception.wagtail_admin.guard import freshly_proven
from diia_videoreception.wagtail_admin.pages import StaffPage
from diia_videoreception.wagtail_admin.scoped import ScopedModelViewSet, YesNoColumn


class HeadPage(StaffPage):
    """A page in Wagtail's frame that heads and superusers see."""

    header_icon = "group"

    def is_for(self, user: Any) -> bool:
        return heads(user)


class PeoplePage(HeadPage):
    template_name = "diia_videoreception/admin/people.html"
    page_title = _("People of the agency")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            people=people_of(self.request.user),
            has_second_factor=is_installed(),
            may_take_heads=getattr(self.request.user, "is_superuser", False),
            add_url=reverse("videoreception_moderators:add"),
            officials_url=reverse("videoreception_officials:index"),
            substitute_url=reverse("videoreception_substitutes:add"),
            **kwargs,
        )


class ResetSecondFactor(HeadPage):
    """Asks first, then takes the second factor of a person away who has lost phone and codes."""

    template_name = "diia_videoreception/admin/reset_second_factor.html"
    page_title = _("Reset the second factor")
    http_method_names = ["get", "head", "post"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = staff_reset_by(self.request.user).filter(pk=self.kwargs["user_id"]).first()
        if person is None:
            raise Http404
        return super().get_context_data(
            person=person, back_url=reverse("videoreception_people:index"), **kwargs
        )

    @method_decorator(freshly_proven)
    def post(self, request: HttpRequest, *, user_id: int) -> HttpResponse:
        staff = cast(AbstractBaseUser, request.user)
        try:
            is_told = second_factor.reset(user_id, staff=staff, now=timezone.now())
        except NotFound:
            raise Http404 from None
        if is_told:
            messages.success(
                request, gettext("The second factor is reset. We will tell the person by letter.")
            )
        else:
            messages.warning(
                request,
                gettext(
                    "The second factor is reset. The account has no e-mail: tell the person yourself."
                ),
            )
        return redirect("videoreception_people:index")


class PeopleViewSet(OurAddresses, ViewSet):
    name = "people"
    icon = "group"
    menu_label = _("People of the agency")
    menu_item_class = shown_to(heads)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", PeoplePage.as_view(), name="index"),
            path("<int:user_id>/reset/", ResetSecondFactor.as_view(), name="reset"),
        ]


class ModeratorForm(ScopedForm):
    """Gives a right in an agency that who fills it in heads; whose, is told by the user's name."""

    user_name = forms.CharField(
        label=_("User name"),
        max_length=150,
        help_text=_("The name by which the person signs in here as a member of staff."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies_staffed_by(self.for_user)
        if not operates_portal(self.for_user):
            del self.fields["is_head"]
        elif not heads(self.for_user):
            self.fields["is_head"].initial = self.fields["is_head"].disabled = True
        if self.instance.pk:
            # What a right is about stays; another one is given anew.
            self.initial["user_name"] = self.instance.user.get_username()
            for name in ("user_name", "agency"):
                self.fields[name].disabled = True

    def clean_user_name(self) -> str:
        typed = str(self.cleaned_data["user_name"]).strip()
        self.instance.user = user_called(typed)
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        right = AgencyModerator.objects.filter(
            agency=cleaned.get("agency"), user=self.instance.user_id
        ).exclude(pk=self.instance.pk)
        if cleaned.get("is_head"):
            right = right.filter(is_head=True)
        if not self.errors and right.exists():
            self.add_error("user_name", _("This person has the right already."))
        return cleaned


class ModeratorViewSet(ScopedModelViewSet):
    model = AgencyModerator
    name = "moderators"
    icon = "group"
    save = staticmethod(staff_rights.save_moderator)
    remove = staticmethod(staff_rights.take_moderator)
    menu_label = _("Moderators")
    list_display = (
        "user",
        "agency",
        YesNoColumn("is_head", label=capfirst(_("head of the agency")), sort_key="is_head"),
    )
    edit_handler = ObjectList(
        [FieldPanel("agency"), FieldPanel("user_name"), FieldPanel("is_head")],
        base_form_class=ModeratorForm,
    )


class SubstituteForm(ScopedForm):
    """Names who receives in the place of an official of the own agency, and when."""

    user_name = forms.CharField(
        label=_("User name"),
        max_length=150,
        help_text=_("The name by which the person signs in here as a member of staff."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        headed = agencies_headed_by(self.for_user)
        officials = self.fields["official"].queryset.filter(unit__agency__in=headed)
        self.fields["official"].queryset = officials.select_related("unit__agency")
        if self.instance.pk:
            self.initial["user_name"] = self.instance.user.get_username()

    def clean_user_name(self) -> str:
        typed = str(self.cleaned_data["user_name"]).strip()
        self.instance.user = user_called(typed)
        return typed


class SubstituteViewSet(ScopedModelViewSet):
    """Who sees the day of an official, gets the letters and may open the room, for some days."""

    model = OfficialSubstitute
    name = "substitutes"
    icon = "user"
    save = staticmethod(staff_rights.save_substitute)
    remove = staticmethod(staff_rights.withdraw_substitute)
    menu_label = _("Substitutes")
    list_display = ("user", "official", "first_day", "last_day")
    edit_handler = ObjectList(
        [
            FieldPanel("official"),
            FieldPanel("user_name"),
            FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")]),
        ],
        base_form_class=SubstituteForm,
    )
