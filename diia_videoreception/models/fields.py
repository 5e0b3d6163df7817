"""Model fields of our own."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from diia_videoreception.rules.folding import MAX_SORT_KEY, fold, sort_key
from diia_videoreception.rules.texts import clean_line, clean_text
from diia_videoreception.rules.transitions import State

if TYPE_CHECKING:
    _StateBase = models.CharField[State | str, State]
else:
    _StateBase = models.CharField


def validate_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(_("There is no time zone with this name."), code="time_zone")


class TimeZoneField(models.CharField):
    """The name of an IANA time zone, such as Europe/Kyiv."""

    default_validators = [validate_time_zone]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)


class HttpsURLField(models.URLField):
    """An address that is read from nobody else on the way, for what people download and run.

    Migrations see the plain field of Django.
    """

    default_validators = [
        URLValidator(
            schemes=["https"], message=_("The address must begin with https://."), code="https"
        )
    ]

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https"} | kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs


class _Cleaned(models.Field):
    """Text that people typed or another system told: it is cleaned wherever it is written.

    Forms validate what will be stored; `save()` leaves it on the instance, `update()` and lookups
    clean as well. Migrations see the plain field of Django.
    """

    clean_value: Any

    def to_python(self, value: Any) -> Any:
        return self._cleaned(super().to_python(value))

    def get_prep_value(self, value: Any) -> Any:
        return self._cleaned(super().get_prep_value(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self._cleaned(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.get_internal_type()}", args, kwargs

    def _cleaned(self, value: Any) -> Any:
        return self.clean_value(value) if isinstance(value, str) else value


class LineField(_Cleaned, models.CharField):
    """One line of typed text, without control and direction characters (A-39, A-41)."""

    clean_value = staticmethod(clean_line)


class TypedTextField(_Cleaned, models.TextField):
    """Several lines of typed text, without control and direction characters (A-39)."""

    clean_value = staticmethod(clean_text)


class StateField(_StateBase):
    """The state of an application, which is read as the rules know it. Migrations see plain text."""

    def from_db_value(self, value: str | None, *_args: object) -> State | None:
        # Nothing comes of an outer join.
        return None if value is None else State(value)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        if self.has_default():
            kwargs["default"] = State(self.default).value
        return name, "django.db.models.CharField", args, kwargs


def zone(name: str) -> ZoneInfo:
    """Return the zone of a stored name (cached by zoneinfo)."""
    return ZoneInfo(name)


class _DerivedField(models.Field):
    """A column that is written with the row, from the columns `of`; nobody types it."""

    def __init__(self, *args: Any, of: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **kwargs | {"editable": False, "default": ""})

    def deconstruct(self) -> Any:
        """Migrations see the plain field of Django."""
        name, _path, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.get_internal_type()}", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.derived(model_instance) if self.of else getattr(model_instance, self.attname)
        setattr(model_instance, self.attname, value)
        return value

    def derived(self, row: models.Model) -> str:
        """Return the value that belongs to the row as it is now."""
        return self.write(" ".join(str(getattr(row, name)) for name in self.of))

    def write(self, text: str) -> str:
        raise NotImplementedError


class FoldedField(_DerivedField, models.TextField):
    """What a search looks through: the texts of the columns `of`, folded."""

    def write(self, text: str) -> str:
        return fold(text)


class SortKeyField(_DerivedField, models.CharField):
    """What lists are sorted by: the texts of the columns `of` in the Ukrainian alphabet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": MAX_SORT_KEY, **kwargs})

    def write(self, text: str) -> str:
        return sort_key(text)


class DerivingModel(models.Model):
    """A row whose derived columns are written whenever it is saved, also in part."""

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if update_fields is not None:
            written = set(update_fields)
            update_fields = written | {
                field.name
                for field in self._meta.fields
                if isinstance(field, _DerivedField) and not written.isdisjoint(field.of)
            }
        super().save(*args, update_fields=update_fields, **kwargs)
