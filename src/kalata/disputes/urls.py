"""Addresses of the Court's room."""

from django.urls import path

from kalata.disputes.views import (
    bench,
    case,
    count,
    deliberation,
    docket,
    drawing,
    hearings,
    instruction,
    papers,
    portal,
    registry,
    rulings,
)

app_name = "disputes"
urlpatterns = [
    path("greffe/", registry.page, name="registry"),
    path("greffe/enregistrer/", registry.register, name="register"),
    path("greffe/fusion/", registry.merge, name="merge"),
    path("greffe/recepisses/<str:number>/", registry.receipt, name="receipt"),
    path("greffe/pieces/<str:number>/", registry.exhibits, name="exhibits"),
    path("role/", docket.page, name="docket"),
    path("role/jonctions/", docket.proposals, name="proposals"),
    path("affaires/<str:number>/", case.page, name="case"),
    path("siege/", bench.page, name="bench"),
    path("affaires/<str:number>/formation/", bench.of_case, name="panel"),
    path("tirages/", drawing.public, name="draws"),
    path("tirages/<slug:code>/", drawing.page, name="draw"),
    path("tirages/<slug:code>/<slug:what>.csv", drawing.file, name="draw_file"),
    path("audiences/", hearings.public, name="cause_list"),
    path("audiences/<slug:code>/", hearings.page, name="hearings"),
    path("delibere/<str:number>/", deliberation.page, name="deliberation"),
    path("delibere/<str:number>/<int:round_>/<int:item>/", deliberation.sealed, name="sealed"),
    path("affaires/<str:number>/recevabilite/", instruction.checklist, name="checklist"),
    path("affaires/<str:number>/pieces/<int:n>/", instruction.piece, name="piece"),
    path("mesures/", instruction.asked, name="measures"),
    path("mes-affaires/", portal.mine, name="mine"),
    path("mes-affaires/<str:number>/", portal.my_case, name="my_case"),
    path("mes-affaires/<str:number>/calendrier.ics", portal.my_calendar, name="my_calendar"),
    path("mes-affaires/<str:number>/dossier.pdf", portal.my_file, name="my_file"),
    path("affaires/<str:number>/papiers/", papers.page, name="papers"),
    path("affaires/<str:number>/papiers/lots/<int:pk>.pdf", papers.batch, name="letters"),
    path("affaires/<str:number>/papiers/<int:pk>.pdf", papers.file, name="paper"),
    path("recensement/<slug:code>/", count.page, name="count"),
    path("recensement/<slug:code>/lecture/", count.reading, name="count_reading"),
    path("decisions/<int:pk>/", rulings.decision, name="decision"),
    path("decisions/<int:pk>/controle/", rulings.gate, name="gate"),
]
