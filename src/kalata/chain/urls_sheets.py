from django.urls import path

from kalata.chain import views

app_name = "chain"
urlpatterns = [
    path("<str:identifier>/", views.record, name="record"),
    path("<str:identifier>/<str:way>/", views.way, name="way"),
]
