"""The address of errors joined to training."""

from django.urls import path

from kalata.training.views import errors

app_name = "errors"
urlpatterns = [path("", errors.page, name="page")]
