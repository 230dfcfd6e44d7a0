"""Addresses of moot cases, of their sittings and of plans of action."""

from django.urls import path

from kalata.training.views import moot_editor, moot_sittings, moots

app_name = "moots"
urlpatterns = [
    path("", moot_sittings.index, name="sittings"),
    path("dossiers/", moots.index, name="cases"),
    path("dossiers/nouvelle/", moot_editor.new, name="new"),
    path("dossiers/<int:pk>/", moots.one, name="version"),
    path("dossiers/<int:pk>/editeur/", moot_editor.page, name="edit"),
    path("dossiers/<int:pk>/affaire.yaml", moot_editor.file, name="file"),
    path("plans/", moot_sittings.plans, name="plans"),
    path("<int:pk>/", moot_sittings.one, name="sitting"),
    path("<int:pk>/dossier.pdf", moot_sittings.dossier, name="dossier"),
    path("<int:pk>/page.html", moot_sittings.offline, name="offline"),
]
