from django.urls import path

from kalata.country import division_views, views

app_name = "country"
urlpatterns = [
    path("", views.index, name="index"),
    path("charger/", views.load, name="load"),
    path("decoupages/", division_views.geographies, name="geographies"),
    path("decoupages/<str:code>/", division_views.geography, name="geography"),
    path("decoupages/<str:code>/zones/<int:pk>/", division_views.zone, name="zone"),
    path("<slug:code>/", views.pack, name="pack"),
    path("<slug:code>/versions/", views.versions, name="versions"),
    path("<slug:code>/<slug:section>/", views.section, name="section"),
]
