"""Addresses of the cascades that are kept."""

from django.urls import path

from kalata.training.views import plans

app_name = "plans"
urlpatterns = [
    path("", plans.index, name="list"),
    path("nouveau/", plans.new, name="new"),
    path("<int:pk>/", plans.plan, name="plan"),
    path("<int:pk>/<slug:what>.<slug:form>", plans.file, name="file"),
]
