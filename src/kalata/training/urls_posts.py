"""Addresses of the posts."""

from django.urls import path

from kalata.training.views import posts, posts_day, posts_register, station_record

app_name = "posts"
urlpatterns = [
    path("", posts.index, name="index"),
    path("independance/", posts_register.independence, name="independence"),
    path("independance/ouvrir/", posts_register.independence_open, name="independence_open"),
    path("<slug:code>/", posts_day.board, name="board"),
    path("<slug:code>/liste/", posts.listed, name="list"),
    path("<slug:code>/importer/", posts.bring, name="import"),
    path("<slug:code>/actes/", posts.acts, name="acts"),
    path("<slug:code>/reserves/", posts_day.reserves, name="reserves"),
    path("<slug:code>/tirages/", posts_register.draws, name="draws"),
    path("<slug:code>/codes.csv", posts_day.codes, name="codes"),
    path("<slug:code>/bureaux/<int:pk>/", posts_day.station, name="station"),
    path("<slug:code>/bureaux/<int:pk>/fiche/", station_record.record, name="record"),
    path("<slug:code>/postes/<int:pk>/", posts.post, name="post"),
    path("<slug:code>/postes/<int:pk>/papier/<int:replacement>/", posts.paper, name="paper"),
]
