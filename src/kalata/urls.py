"""Addresses. Public pages first; the house's own pages ask for a right."""

from django.urls import include, path

from kalata.results.api import api
from kalata.transparency import log_views
from kalata.ui import edge
from kalata.ui import views as ui

urlpatterns = [
    path("", ui.home, name="home"),
    path("langue/<str:code>/", ui.set_language, name="set_language"),
    path("apparence/", ui.appearance, name="appearance"),
    path("accessibilite/", ui.accessibility, name="accessibility"),
    path("aide/codes/", ui.codes, name="codes"),
    path("sante", ui.health, name="health"),
    path("compte/", include("kalata.people.account_urls")),
    path("compte/", include("allauth.urls")),
    path("personnes/", include("kalata.people.urls")),
    path("preuves/", include("kalata.transparency.log_urls")),
    path("publication/", log_views.site, {"path": ""}, name="site_root"),
    path("publication/<path:path>", log_views.site, name="site"),
    path("journal/", include("kalata.ledger.urls")),
    path("pays/", include("kalata.country.urls")),
    path("resultats/", include("kalata.results.urls")),
    path("api/", api.urls),
    path("echeances/", include("kalata.deadlines.urls")),
]
edge.typed(urlpatterns)
handler404 = "kalata.ui.views.not_found"
handler500 = "kalata.ui.views.fault"
