"""What the choosing page is asked for: read forgivingly from links, strictly when a time is reserved."""

import uuid
from datetime import date, datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from diia_videoreception.selectors.booking.centre_seats import MAX_SEARCH
from diia_videoreception.web.forms import MAX_KEY, MomentField


def _key_field() -> forms.IntegerField:
    return forms.IntegerField(min_value=1, max_value=MAX_KEY, required=False)


class ChoiceForm(forms.Form):
    """What a link or the page itself says is chosen; what is unreadable counts as not said."""

    agency = _key_field()
    unit = _key_field()
    official = _key_field()
    week = forms.DateField(input_formats=["%Y-%m-%d"], required=False)
    time = MomentField(required=False)
    q = forms.CharField(max_length=100, required=False)
    free = forms.BooleanField(required=False)
    seat = forms.UUIDField(required=False)
    near = forms.CharField(max_length=MAX_SEARCH, required=False)

    @property
    def seat_key(self) -> uuid.UUID | None:
        value = self._readable().get("seat")
        return value if isinstance(value, uuid.UUID) else None

    @property
    def near_what(self) -> str:
        return str(self._readable().get("near", ""))

    def key(self, name: str) -> int | None:
        value = self._readable().get(name)
        return value if isinstance(value, int) else None

    @property
    def week_of(self) -> date | None:
        value = self._readable().get("week")
        return value if isinstance(value, date) and 2000 < value.year < 9000 else None

    @property
    def moment(self) -> datetime | None:
        value = self._readable().get("time")
        return value if isinstance(value, datetime) else None

    @property
    def search(self) -> str:
        return str(self._readable().get("q", ""))

    @property
    def only_free(self) -> bool:
        return bool(self._readable().get("free"))

    def _readable(self) -> dict[str, object]:
        self.is_valid()
        return self.cleaned_data


class ReserveForm(forms.Form):
    """The time to be held and the proof that no robot asks."""

    official = forms.IntegerField(
        min_value=1,
        max_value=MAX_KEY,
        error_messages={"required": _("Choose an official"), "invalid": _("Choose an official")},
    )
    time = MomentField(error_messages={"required": _("Choose a time for the reception")})
    seat = forms.UUIDField(required=False)
    altcha = forms.CharField(max_length=20_000, required=False)
