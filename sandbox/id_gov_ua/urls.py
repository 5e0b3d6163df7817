from django.urls import path

from sandbox.id_gov_ua import views

urlpatterns = [
    path("", views.choose, name="sandbox_id_gov_ua"),
    path("get-access-token", views.get_access_token),
    path("get-user-info", views.get_user_info),
    path("get-user-logout", views.get_user_logout),
]
