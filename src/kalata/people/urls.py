from django.urls import path

from kalata.people import views

app_name = "people"
urlpatterns = [
    path("", views.people, name="list"),
    path("nouvelle/", views.new, name="new"),
    path("importer/", views.import_file, name="import"),
    path("approbations/", views.approvals, name="approvals"),
    path("export.csv", views.export, name="export"),
    path("<str:username>/", views.person, name="person"),
]
