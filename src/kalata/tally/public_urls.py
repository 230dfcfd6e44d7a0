"""What everybody may read of batches, beside the pages of their contest."""

from django.urls import path

from kalata.tally.views import publishing

app_name = "batches"
urlpatterns = [
    path("<slug:code>/lots/", publishing.public_batches, name="public"),
    path("<slug:code>/lots/<int:number>.csv", publishing.batch_csv, name="csv"),
]
