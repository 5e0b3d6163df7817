"""The form base of our screens."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from diia_videoreception.errors import AddressMalformed, NotFound, OutsideSchedule
from diia_videoreception.selectors.booking.availability import require_conceivable
from integrations.identity.values import is_letters_address

_TYPED = (forms.TextInput, forms.Textarea, forms.Select)
MAX_KEY = 2**63 - 1


def read_uuid(text: str) -> UUID:
    """Give the id that was sent.

    Raises:
        NotFound: it can be nobody's.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def validate_address(value: str) -> None:
    """Refuse an address that no letter reaches, as the services do."""
    if not is_letters_address(value):
        raise ValidationError(AddressMalformed.message, code=AddressMalformed.code)


class MomentField(forms.Field):
    """A moment in ISO 8601 with its offset, as `web.moments.moment_value` writes it."""

    def to_python(self, value: object) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            moment = datetime.fromisoformat(str(value))
            if moment.tzinfo is None:
                raise ValueError("no offset")
            require_conceivable(moment)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError, OutsideSchedule) as error:
            raise ValidationError(_("This time is not in the schedule."), code="time") from error


class ScreenForm(forms.Form):
    """A form whose ids are the names of its fields, checked by the server alone."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "%s")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, _TYPED) and not field.widget.is_hidden:
                css = field.widget.attrs.get("class", "")
                field.widget.attrs["class"] = f"vr-input {css}".strip()

    @property
    def error_summary(self) -> list[tuple[str, str]]:
        """The errors as `render_page` wants them: id of the field and text, in reading order."""
        return [
            (self._id_of(name) if name in self.fields else "main", str(text))
            for name, texts in self.errors.items()
            for text in texts
        ]

    def _id_of(self, name: str) -> str:
        """Return the id of a field; a group of choices has no label of its own, and gives the name of the field."""
        return self[name].id_for_label or name
