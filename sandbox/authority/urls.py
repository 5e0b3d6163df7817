from django.urls import path, register_converter

from sandbox.authority import views
from sandbox.authority.people import Algorithm


class AlgorithmConverter:
    """The name of an authority in an address."""

    regex = "|".join(Algorithm)

    def to_python(self, value: str) -> Algorithm:
        return Algorithm(value)

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(AlgorithmConverter, "authority")

urlpatterns = [
    path("", views.signing_page, name="sandbox_signing"),
    path("sign/", views.sign, name="sandbox_sign"),
    path("<authority:algorithm>/ca.crl", views.crl, name="sandbox_crl"),
    path("<authority:algorithm>/ocsp/", views.ocsp, name="sandbox_ocsp"),
]
