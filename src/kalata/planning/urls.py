"""Addresses of the room of the operational plan."""

from django.urls import path

from kalata.planning.views import budget

app_name = "planning"
urlpatterns = [
    path("budget/", budget.budget, name="budget"),
    path("budget/classeur.xlsx", budget.workbook, name="budget_workbook"),
]
