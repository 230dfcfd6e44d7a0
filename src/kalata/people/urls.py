from django.urls import path

from kalata.people import approval_views, mandate_views, views

app_name = "people"
urlpatterns = [
    path("", views.people, name="list"),
    path("nouvelle/", views.new, name="new"),
    path("importer/", views.import_file, name="import"),
    path("importer/modele.csv", views.import_template, name="import_template"),
    path("approbations/", approval_views.approvals, name="approvals"),
    path("approbations/mandats/", mandate_views.mandates, name="mandates"),
    path("approbations/<int:pk>/", approval_views.approval, name="approval"),
    path("export.csv", views.export, name="export"),
    path("<str:username>/", views.person, name="person"),
]
