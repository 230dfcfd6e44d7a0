"""The last published site, from its files; the names stand without a namespace."""

from django.urls import path

from kalata.transparency import log_views

urlpatterns = [
    path("", log_views.site, {"path": ""}, name="site_root"),
    path("<path:path>", log_views.site, name="site"),
]
