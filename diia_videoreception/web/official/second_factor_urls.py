"""Addresses of the second factor; there where the portal has installed what it needs."""

from django.urls import path

from diia_videoreception.web.official import enrolment, keys, second_factor

urlpatterns = [
    path("staff/second-factor/", second_factor.overview, name="second_factor_overview"),
    path("staff/second-factor/step/", second_factor.step, name="second_factor"),
    path("staff/second-factor/step/key/", keys.step, name="second_factor_key_step"),
    path("staff/second-factor/key/", keys.bind, name="second_factor_key"),
    path("staff/second-factor/set-up/", enrolment.begin, name="second_factor_begin"),
    path("staff/second-factor/app/", enrolment.enrol, name="second_factor_enrol"),
    path("staff/second-factor/codes/", enrolment.codes, name="second_factor_codes"),
    path("staff/second-factor/codes/file/", enrolment.codes_file, name="second_factor_codes_file"),
    path("staff/second-factor/codes/new/", enrolment.renew_codes, name="second_factor_renew"),
]
