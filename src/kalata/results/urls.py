from django.urls import path

from kalata.results import desk_views as desk
from kalata.results import views

app_name = "results"
urlpatterns = [
    path("", views.index, name="index"),
    path("archives/", views.archives, name="archives"),
    path("archives/<slug:pack>/<slug:election>/", views.archive, name="archive"),
    path("gerer/", desk.contests, name="desk"),
    path("gerer/nouveau/", desk.new_contest, name="new"),
    path("gerer/imports/", desk.imports, name="imports"),
    path("gerer/imports/<int:pk>/", desk.import_step, name="import"),
    path("gerer/imports/<int:pk>/avancement/", desk.import_progress, name="import_progress"),
    path("gerer/profils/", desk.profiles, name="profiles"),
    path("gerer/profils/<int:pk>/profil.yaml", desk.profile_yaml, name="profile_yaml"),
    path("gerer/<slug:code>/", desk.contest, name="setup"),
    path("gerer/<slug:code>/importer/", desk.start_import, name="start_import"),
    path("<slug:code>/", views.contest, name="contest"),
    path("<slug:code>/zone/<int:unit_id>/", views.area, name="area"),
    path("<slug:code>/bureaux/", views.stations, name="stations"),
    path("<slug:code>/bureaux/<int:pk>/", views.station, name="station"),
    path("<slug:code>/bureaux/<int:pk>/demande/", desk.station_request, name="station_request"),
    path("<slug:code>/calcul/", views.seats, name="seats"),
    path("<slug:code>/controles/", views.findings, name="findings"),
    path("<slug:code>/donnees/", views.data, name="data"),
    path("<slug:code>/donnees/<str:name>", views.download, name="download"),
]
