"""Pages every house has; their names stand without a namespace."""

from django.urls import path

from kalata.ui import views

urlpatterns = [
    path("", views.home, name="home"),
    path("mise-en-service/", views.first_day, name="first_day"),
    path("langue/<str:code>/", views.set_language, name="set_language"),
    path("apparence/", views.appearance, name="appearance"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("aide/codes/", views.codes, name="codes"),
    path("sante", views.health, name="health"),
]
