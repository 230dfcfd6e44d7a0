from django.urls import path

from kalata.people import views

urlpatterns = [
    path("", views.me, name="me"),
    path("activer/", views.activate, name="activate"),
]
