from django.urls import path

from kalata.deadlines import desk_views as desk
from kalata.deadlines import views
from kalata.notices.views import notices

app_name = "deadlines"
urlpatterns = [
    path("", views.index, name="index"),
    path("essayer/", views.try_rule, name="try"),
    path("avis/", notices, name="notices"),
    path("nouveau/", desk.new, name="new"),
    path("<slug:code>/", views.calendar, name="calendar"),
    path("<slug:code>/calendrier.ics", views.ics, name="ics"),
    path("<slug:code>/calendrier.csv", views.table, name="table"),
    path("<slug:code>/affiche.pdf", views.poster, name="poster"),
    path("<slug:code>/regle/<str:key>/", views.rule, name="rule"),
    path("<slug:code>/suivre/", views.follow, name="follow"),
    path("<slug:code>/reglages/", desk.settings_of, name="settings"),
    path("<slug:code>/evenements/", desk.events, name="events"),
    path("<slug:code>/evenements/<str:key>/", desk.event, name="event"),
    path("<slug:code>/derogations/", desk.derogations, name="derogations"),
    path("<slug:code>/pieces/<str:sha256>", desk.evidence, name="evidence"),
    path("<slug:code>/faisabilite/", desk.possible, name="possible"),
    path("<slug:code>/et-si/", desk.what_if, name="what_if"),
]
