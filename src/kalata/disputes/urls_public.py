"""Addresses of the Court for everybody."""

from django.urls import path

from kalata.disputes.views import public, public_files

app_name = "court"
urlpatterns = [
    path("", public.docket, name="docket"),
    path("affaires/<str:number>/", public.case, name="case"),
    path("affaires/<str:number>/archive.zip", public_files.archive, name="archive"),
    path("premiere-instance/", public.first, name="first"),
    path("audiences/", public.hearings, name="hearings"),
    path("audiences/audiences.ics", public_files.calendar, name="calendar"),
    path("decisions/", public.decisions, name="decisions"),
    path("decisions/<str:slug>/", public.decision, name="decision"),
    path("decisions/<str:slug>/<str:name>", public_files.paper, name="paper"),
    path("statistiques/", public.figures_page, name="statistics"),
    path("normes/", public.standards, name="scorecard"),
    path("donnees/", public.data, name="data"),
    path("donnees/<str:name>", public_files.data, name="file"),
    path("verifier/", public.verify, name="verify"),
    path("proclamations/<slug:code>/", public.proclamation, name="proclaimed"),
    path("proclamations/<slug:code>.pdf", public_files.proclamation, name="proclamation"),
]
