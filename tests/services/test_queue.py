"""Papers that came at one instant wait in an order that an index gives: the first of a country costs no sorting of it."""

import pytest
from django.db import connection
from django.utils import timezone

from kalata.country.models import Station
from kalata.ledger.locks import lifted
from kalata.tally.models import Paper

pytestmark = pytest.mark.django_db


def test_the_paper_that_waits_longest_is_found_without_sorting_those_of_the_same_instant(contest):
    now = timezone.now()
    made = Station.objects.bulk_create([Station(contest=contest, code=f"Z{i}") for i in range(30)])
    with lifted():
        Paper.objects.bulk_create([Paper(contest=contest, station=s, since=now, state="scanned") for s in made])
    waiting = Paper.objects.filter(contest=contest, state="scanned").order_by("since", "pk")
    if (
        connection.vendor == "postgresql"
    ):  # so few rows would be read whole: what is asked is whether the index gives the order
        with connection.cursor() as cursor:
            cursor.execute("set local enable_seqscan = off")
            cursor.execute("set local enable_bitmapscan = off")
            cursor.execute("set local enable_sort = off")
    plan = waiting[:1].explain()
    assert "paper_queue_in_turn" in plan
    assert "Sort" not in plan and "TEMP B-TREE" not in plan
    assert waiting[0].pk == min(Paper.objects.values_list("pk", flat=True))
