from django.urls import path

from kalata.results.views import contests as views
from kalata.results.views import desk, lots, setting_up
from kalata.results.views import imports as import_views
from kalata.results.views import ledger as ledger_views
from kalata.results.views import stations as station_views

app_name = "results"
urlpatterns = [
    path("", views.index, name="index"),
    path("archives/", views.archives, name="archives"),
    path("archives/<slug:pack>/<slug:election>/", views.archive, name="archive"),
    path("gerer/", desk.contests, name="desk"),
    path("gerer/nouveau/", setting_up.new_contest, name="new"),
    path("gerer/nouveau/<int:draft_id>/<int:step>/", setting_up.draft, name="draft"),
    path("gerer/imports/", import_views.imports, name="imports"),
    path("gerer/imports/<int:pk>/", import_views.import_step, name="import"),
    path("gerer/imports/<int:pk>/avancement/", import_views.import_progress, name="import_progress"),
    path("gerer/imports/<int:pk>/refusees.csv", import_views.import_refused, name="import_refused"),
    path("gerer/profils/", import_views.profiles, name="profiles"),
    path("gerer/profils/<int:pk>/profil.yaml", import_views.profile_yaml, name="profile_yaml"),
    path("gerer/<slug:code>/", desk.contest, name="setup"),
    path("gerer/<slug:code>/importer/", import_views.start_import, name="start_import"),
    path("<slug:code>/tirages/", lots.shown, name="lots"),
    path("<slug:code>/tirages/<int:number>.pdf", lots.minutes, name="lots_minutes"),
    path("<slug:code>/", views.contest, name="contest"),
    path("<slug:code>/zone/<int:unit_id>/", views.area, name="area"),
    path("<slug:code>/bureaux/", station_views.stations, name="stations"),
    path("<slug:code>/bureaux/<int:pk>/", station_views.station, name="station"),
    path("<slug:code>/bureaux/<int:pk>/ecart/", station_views.differs, name="differs"),
    path("<slug:code>/calcul/", views.seats, name="seats"),
    path("<slug:code>/controles/", views.findings, name="findings"),
    path("<slug:code>/corrections/", ledger_views.corrections, name="corrections"),
    path("<slug:code>/corrections/<str:name>", ledger_views.corrections_file, name="corrections_file"),
    path("<slug:code>/donnees/", views.data, name="data"),
    path("<slug:code>/donnees/<str:name>", views.download, name="download"),
]
