from django.urls import path

from kalata.country import views

app_name = "country"
urlpatterns = [
    path("", views.index, name="index"),
    path("charger/", views.load, name="load"),
    path("decoupages/", views.geographies, name="geographies"),
    path("decoupages/<str:code>/", views.geography, name="geography"),
    path("<slug:code>/", views.pack, name="pack"),
    path("<slug:code>/versions/", views.versions, name="versions"),
    path("<slug:code>/<slug:section>/", views.section, name="section"),
]
