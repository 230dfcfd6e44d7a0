"""Addresses of the test papers."""

from django.urls import path

from kalata.training.views import tests

app_name = "tests"
urlpatterns = [path("", tests.index, name="list"), path("<int:pk>/epreuve.pdf", tests.paper, name="paper")]
