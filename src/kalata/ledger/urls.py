from django.urls import path

from kalata.ledger import views

app_name = "ledger"
urlpatterns = [path("", views.acts, name="list"), path("export.<str:kind>", views.export, name="export")]
