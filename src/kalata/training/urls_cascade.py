"""Addresses of the planner of the cascade."""

from django.urls import path

from kalata.training.views import cascade

app_name = "cascade"
urlpatterns = [path("", cascade.page, name="plan"), path("essai/", cascade.trial, name="trial")]
