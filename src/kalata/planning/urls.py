"""Addresses of the room of the operational plan."""

from django.urls import path

from kalata.planning.views import budget, files, moving, odds, plans, progress, version, workshop

app_name = "planning"
urlpatterns = [
    path("", plans.page, name="plans"),
    path("<int:pk>/", workshop.page, name="workshop"),
    path("<int:pk>/version/", version.page, name="version"),
    path("<int:pk>/fichier/<str:kind>", files.file, name="file"),
    path("<int:pk>/scrutin/", moving.page, name="moving"),
    path("<int:pk>/chances/", odds.page, name="odds"),
    path("avancement/", progress.page, name="progress"),
    path("budget/", budget.budget, name="budget"),
    path("budget/classeur.xlsx", budget.workbook, name="budget_workbook"),
]
