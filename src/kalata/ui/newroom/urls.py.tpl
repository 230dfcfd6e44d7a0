from django.urls import path

from PACKAGE import views

app_name = "toy"
urlpatterns = [path("", views.page, name="list")]
