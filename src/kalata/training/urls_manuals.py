"""Addresses of the register of manuals."""

from django.urls import path

from kalata.training.views import manuals_register as manuals

app_name = "manuals"
urlpatterns = [
    path("", manuals.index, name="list"),
    path("commande.csv", manuals.order, name="order"),
    path("<int:pk>/", manuals.run, name="run"),
]
