"""What a page showed when its form was sent: acts compare it with what is now."""

from datetime import datetime

from django import forms
from django.http import HttpRequest

from diia_videoreception.errors import RequestUnreadable
from diia_videoreception.services.booking.holds import ShownTime
from diia_videoreception.web.forms import MAX_KEY, MomentField


class _HeldForm(forms.Form):
    held_official = forms.IntegerField(min_value=1, max_value=MAX_KEY)
    held_start = MomentField()


class _StartForm(forms.Form):
    start = MomentField()


def shown_hold(request: HttpRequest) -> ShownTime | None:
    """Read the held time that the page showed (includes/held_time.html); None if it showed none.

    Raises:
        RequestUnreadable: what was sent is no time.
    """
    if not request.POST.keys() & _HeldForm.base_fields.keys():
        return None
    form = _HeldForm(request.POST)
    if not form.is_valid():
        raise RequestUnreadable
    return ShownTime(form.cleaned_data["held_official"], form.cleaned_data["held_start"])


def shown_start(request: HttpRequest) -> datetime | None:
    """Read the beginning of the reception that the page showed; None if it showed none.

    Raises:
        RequestUnreadable: what was sent is no time.
    """
    if "start" not in request.POST:
        return None
    form = _StartForm(request.POST)
    if not form.is_valid():
        raise RequestUnreadable
    return form.cleaned_data["start"]  # type: ignore[no-any-return]
