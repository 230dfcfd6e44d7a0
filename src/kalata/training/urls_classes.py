"""Addresses of the classes."""

from django.urls import path

from kalata.training.views import classes, classes_files

app_name = "classes"
urlpatterns = [
    path("", classes.index, name="list"),
    path("codes.csv", classes_files.codes, name="codes"),
    path("<int:pk>/", classes.one, name="class"),
    path("<int:pk>/feuille.pdf", classes_files.sheet, name="sheet"),
    path("<int:pk>/reponses.pdf", classes_files.answers, name="answers"),
    path("<int:pk>/page.html", classes_files.offline, name="offline"),
    path("<int:pk>/saisie.csv", classes_files.entries, name="entries"),
    path("<int:pk>/lectures/<int:reading>/", classes.reading, name="reading"),
    path("<int:pk>/lectures/<int:reading>/image", classes_files.image, name="image"),
]
