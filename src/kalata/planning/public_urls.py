"""What everybody reads of the plans."""

from django.urls import path

from kalata.planning.views import public

app_name = "plan_public"
urlpatterns = [
    path("", public.index, name="index"),
    path("<slug:code>/", public.page, name="plan"),
    path("<slug:code>/calendrier.ics", public.ics, name="ics"),
]
