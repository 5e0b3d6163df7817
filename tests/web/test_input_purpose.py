"""Fields about the person tell the browser what they are, so that it can fill them in (WCAG 1.3.5)."""

import pytest
from django import forms

from diia_videoreception.web.citizen.application.forms import (
    AddressForm,
    ApplicationForm,
    CodeForm,
)
from diia_videoreception.web.citizen.profile.forms import RegistrationForm

PURPOSES = {"email": "email", "phone": "tel", "code": "one-time-code"}


@pytest.mark.parametrize("form", [AddressForm, ApplicationForm, CodeForm, RegistrationForm])
def test_fields_about_the_person__name_their_purpose(form: type[forms.Form]) -> None:
    declared = {
        name: field.widget.attrs.get("autocomplete") for name, field in form.base_fields.items()
    }
    asked = PURPOSES.keys() & declared

    assert asked, "the form asks nothing about the person any more"
    assert {name: declared[name] for name in asked} == {name: PURPOSES[name] for name in asked}
