"""Addresses of the application, its documents and the address for letters."""

from django.urls import path

from diia_videoreception.web.citizen.application import address, check, documents, done, form

urlpatterns = [
    path("application/", form.application, name="application"),
    path("application/documents/", documents.add, name="application_documents"),
    path(
        "application/documents/<uuid:public_id>/remove/",
        documents.remove,
        name="application_document_remove",
    ),
    path("application/check/", check.check, name="check"),
    path("application/submit/", check.submit, name="submit"),
    path("application/filing/<uuid:draft>/", check.filing, name="filing"),
    path("application/<uuid:public_id>/done/", done.done, name="done"),
    path("documents/<uuid:public_id>/", documents.document, name="document"),
    path("documents/<uuid:public_id>/signed/", documents.container, name="document_container"),
    path("address/", address.address, name="address"),
    path("address/confirm/", address.confirm, name="address_confirm"),
]
