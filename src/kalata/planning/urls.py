"""Addresses of the room of the operational plan."""

from django.urls import path

from kalata.planning.views import (
    accounts,
    budget,
    buying,
    files,
    importing,
    money,
    moving,
    odds,
    offline,
    papers,
    payments,
    plans,
    progress,
    readiness,
    resources,
    version,
    workshop,
)

app_name = "planning"
urlpatterns = [
    path("", plans.page, name="plans"),
    path("<int:pk>/", workshop.page, name="workshop"),
    path("<int:pk>/version/", version.page, name="version"),
    path("<int:pk>/fichier/<str:kind>", files.file, name="file"),
    path("<int:pk>/importer/", importing.page, name="importing"),
    path("<int:pk>/papier/<slug:what>.pdf", papers.paper, name="paper"),
    path("<int:pk>/scrutin/", moving.page, name="moving"),
    path("<int:pk>/chances/", odds.page, name="odds"),
    path("<int:pk>/ressources/", resources.page, name="resources"),
    path("argent/", money.index, name="funds"),
    path("plans/<slug:code>/argent/", money.page, name="money"),
    path("plans/<slug:code>/paiements/", payments.page, name="payments"),
    path("plans/<slug:code>/comptes/", accounts.page, name="accounts"),
    path("promesses/<int:pk>/", money.pledge, name="pledge"),
    path("paiements/<int:pk>/", payments.one, name="payment"),
    path("marches/", buying.index, name="buying"),
    path("plans/<slug:code>/marches/", buying.page, name="purchases"),
    path("marches/<int:pk>/", buying.one, name="purchase"),
    path("preparation/", readiness.index, name="readiness"),
    path("plans/<slug:code>/preparation/", readiness.board, name="ready"),
    path("plans/<slug:code>/preparation/<int:unit>/", readiness.place, name="ready_place"),
    path("avancement/", progress.page, name="progress"),
    path("avancement/hors-reseau/", offline.page, name="offline"),
    path("avancement/hors-reseau/page.html", offline.file, name="offline_page"),
    path("budget/", budget.budget, name="budget"),
    path("budget/classeur.xlsx", budget.workbook, name="budget_workbook"),
]
