from django.urls import path

from kalata.chain import views

app_name = "search"
urlpatterns = [path("", views.search, name="all")]
