"""Addresses of the lists of payment."""

from django.urls import path

from kalata.training.views import payments

app_name = "payments"
urlpatterns = [
    path("", payments.index, name="list"),
    path("<int:pk>/", payments.one, name="payment"),
    path("<int:pk>/<slug:what>.csv", payments.file, name="file"),
]
