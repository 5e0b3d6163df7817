from django.urls import path

from sandbox.identity import views

urlpatterns = [
    path("", views.choose, name="sandbox_identity"),
    path("jwks.json", views.jwks, name="sandbox_jwks"),
]
