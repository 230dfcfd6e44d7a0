"""Addresses of the Court's room."""

from django.urls import path

from kalata.disputes.views import case, docket, registry

app_name = "disputes"
urlpatterns = [
    path("greffe/", registry.page, name="registry"),
    path("role/", docket.page, name="docket"),
    path("role/jonctions/", docket.proposals, name="proposals"),
    path("affaires/<str:number>/", case.page, name="case"),
]
