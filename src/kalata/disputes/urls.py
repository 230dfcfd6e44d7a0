"""Addresses of the Court's room."""

from django.urls import path

from kalata.disputes.views import registry

app_name = "disputes"
urlpatterns = [
    path("greffe/", registry.page, name="registry"),
]
