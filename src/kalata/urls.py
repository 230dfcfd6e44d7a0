"""Addresses: each room's under its own prefix, then the API. The house's own pages ask for a right."""

from django.urls import include, path

from kalata import rooms
from kalata.api import api
from kalata.ui import edge

urlpatterns = [path(one.prefix, include(one.module)) for one in rooms.addresses()]
urlpatterns.append(path("api/", api.urls))
edge.typed(urlpatterns)
handler404 = "kalata.ui.views.not_found"
handler500 = "kalata.ui.views.fault"
