"""Addresses of the procedures."""

from django.urls import path

from kalata.training.views import impact, procedures, procedures_editor

app_name = "procedures"
urlpatterns = [
    path("", procedures.index, name="list"),
    path("incidence/", impact.page, name="impact"),
    path("<slug:code>/source.zip", procedures.archive, name="archive"),
    path("<int:pk>/", procedures.page, name="version"),
    path("<int:pk>/difference/", procedures.differs, name="difference"),
    path("<int:pk>/procedure.yaml", procedures.file, name="file"),
    path("<int:pk>/editeur/", procedures_editor.page, name="edit"),
]
