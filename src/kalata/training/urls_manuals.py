"""Addresses of manuals: what is made, what is printed, where it went."""

from django.urls import path

from kalata.training.views import manual_builds as builds
from kalata.training.views import manuals_register as manuals
from kalata.training.views import packs

app_name = "manuals"
urlpatterns = [
    path("", builds.index, name="list"),
    path("pieces/<int:pk>/", builds.one, name="build"),
    path("pieces/<int:pk>/tout.zip", builds.every, name="every"),
    path("pieces/<int:pk>/<str:name>", builds.piece, name="piece"),
    path("remis/", manuals.index, name="handed"),
    path("centres/", manuals.centres, name="centres"),
    path("colis/", packs.index, name="packs"),
    path("colis/lots/<int:pk>.pdf", packs.lot, name="lot"),
    path("colis/registre/", packs.register, name="papers"),
    path("colis/registre/<int:pk>.pdf", packs.paper, name="paper"),
    path("commande.csv", manuals.order, name="order"),
    path("<int:pk>/", manuals.run, name="run"),
]
