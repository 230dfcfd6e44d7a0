import time

from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path

from kalata.ledger.kinds import READ_LEDGER
from kalata.ledger.services import record
from kalata.urls import urlpatterns as ours


def sleepy(request, tenths):
    for _n in range(tenths):
        time.sleep(0.1)
    return HttpResponse("fait")


def query(request):
    with connection.cursor() as cursor:
        cursor.execute("with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n")
    return HttpResponse("fait")


def fill(request):
    with transaction.atomic():
        for _n in range(10_000):
            record(by=None, kind=READ_LEDGER, subject="ledger", reason="y" * 4000)
    return HttpResponse("fait")


urlpatterns = [path("remplir", fill), path("lent/<int:tenths>", sleepy), path("requete", query), *ours]
