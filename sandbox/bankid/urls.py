from django.urls import path

from sandbox.bankid import views

urlpatterns = [
    path("api/banks", views.banks, name="sandbox_bankid_banks"),
    path("v1/bank/oauth2/authorize", views.choose, name="sandbox_bankid"),
    path("v1/bank/oauth2/token", views.token),
    path("v1/bank/resource/client", views.client),
]
