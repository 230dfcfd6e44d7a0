from django.urls import path

from kalata.tally.views import commission, custody, entry, intake, lots, overview, papers, papers_out, publishing

app_name = "tally"
urlpatterns = [
    path("", overview.index, name="index"),
    path("<slug:code>/", overview.overview, name="overview"),
    path("<slug:code>/reception/", intake.reception, name="reception"),
    path("<slug:code>/reception/code", intake.read_code, name="read_code"),
    path("<slug:code>/numerisation/", intake.scanning_desk, name="scanning"),
    path("<slug:code>/numerisation/<int:pk>/image", papers.loose_image, name="loose_image"),
    path("<slug:code>/saisie/", entry.entry, name="entry"),
    path("<slug:code>/saisie/brouillon", entry.draft, name="draft"),
    path("<slug:code>/arbitrage/", entry.arbitration, name="arbitration"),
    path("<slug:code>/visa/", papers.visas, name="visas"),
    path("<slug:code>/controle/", papers.review, name="review"),
    path("<slug:code>/pv/", papers.papers, name="papers"),
    path("<slug:code>/pv/<int:pk>/", papers.paper, name="paper"),
    path("<slug:code>/pv/<int:pk>/image/<str:sha>", papers.image, name="paper_image"),
    path("<slug:code>/pv/<int:pk>/formulaire.pdf", papers_out.one_form, name="one_form"),
    path("<slug:code>/pv/<int:pk>/remplacer", custody.replace, name="replace_form"),
    path("<slug:code>/scelles/", custody.bags, name="custody"),
    path("<slug:code>/scelles/<int:pk>/", custody.bag, name="bag"),
    path("<slug:code>/scelles/<int:pk>/bordereau.pdf", papers_out.label, name="bag_label"),
    path("<slug:code>/commission/", commission.sittings, name="commission"),
    path("<slug:code>/commission/<int:pk>/", commission.sitting, name="sitting"),
    path("<slug:code>/commission/<int:pk>/pv.pdf", papers_out.minutes, name="minutes"),
    path("<slug:code>/formulaires/", papers_out.choose, name="printing"),
    path("<slug:code>/formulaires/pv.pdf", papers_out.forms, name="forms_pdf"),
    path("<slug:code>/formulaires/recap.pdf", papers_out.recap_form, name="recap_pdf"),
    path("<slug:code>/copies/", publishing.copies_desk, name="copies"),
    path("<slug:code>/tirages/", lots.desk, name="lots_desk"),
    path("<slug:code>/lots/", publishing.batches, name="batches"),
]
