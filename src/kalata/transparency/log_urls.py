from django.urls import path

from kalata.transparency import log_views

app_name = "log"
urlpatterns = [
    path("", log_views.index, name="index"),
    path("temoins/", log_views.witness, name="witness"),
    path("<slug:name>/usb", log_views.usb, name="usb"),
]
