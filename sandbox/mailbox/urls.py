from django.urls import path

from sandbox.mailbox import views

urlpatterns = [path("", views.mailbox, name="sandbox_mailbox")]
