from django.urls import path

from kalata.people import account_views as views
from kalata.people.saved import views as saved

urlpatterns = [
    path("", views.me, name="me"),
    path("activer/", views.activate, name="activate"),
    path("sessions/", views.sessions),
    path("vues/", saved.page, name="saved_views"),
    path("avis/", views.notices_read, name="notices_read"),
    path("annuler-activation/", views.cancel_reissue, name="cancel_reissue"),
    # Doors of allauth that this house does not have: accounts are opened by persons, and a lost
    # passphrase comes back on paper, by two of them. The names must still be known to allauth.
    *(
        path(closed, views.closed)
        for closed in (
            "signup/",
            "email/",
            "confirm-email/",
            "password/set/",
            "password/reset/",
            "password/reset/done/",
            "password/reset/key/done/",
            "login/code/confirm/",
            "reauthenticate/code/",
            "reauthenticate/code/confirm/",
        )
    ),
    path("confirm-email/<str:key>/", views.closed),
    path("password/reset/key/<str:key>/", views.closed),
]
