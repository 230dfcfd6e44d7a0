"""Addresses of the certificates: what anybody checks, and what the office keeps."""

from django.urls import path

from kalata.training.views import certificates as pages
from kalata.training.views import refreshers

app_name = "certificates"
urlpatterns = [
    path("", pages.check, name="check"),
    path("emetteur.json", pages.issuer, name="issuer"),
    path("liste.jwt", pages.status, name="status"),
    path("verifier-hors-ligne.html", pages.offline, name="offline"),
    path("rappel/<int:pk>/", refreshers.course, name="course"),
    path("mises-a-jour/", refreshers.updates, name="updates"),
    path("gerer/", pages.index, name="list"),
    path("gerer/<int:pk>/", pages.one, name="certificate"),
    path("gerer/<int:pk>/attestation.pdf", pages.pdf, name="pdf"),
    path("gerer/<int:pk>/badge.jwt", pages.badge, name="badge"),
]
