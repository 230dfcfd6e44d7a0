"""The Court's own count: the stations it counts, what two of its clerks read blind, what a third settled, each difference
with the house's records explained. Append-only save what is said once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly


class CourtCount(models.Model):
    """One count of a contest. size: 0 for every station; else how many are drawn, by a seed whose SHA-256
    (commitment) was told before, and which is opened once."""

    contest = models.OneToOneField("country.Contest", on_delete=models.PROTECT, related_name="court_count")
    size = models.PositiveIntegerField(default=0)
    commitment = models.CharField(max_length=64, blank=True)
    seed = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("DIS-340", once=("seed",))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(size=0, commitment="") | (Q(size__gt=0) & ~Q(commitment="")), name="court_count_drawn"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contest_id}"


class CourtSheet(models.Model):
    """A station of the count. Append-only: none leaves it."""

    count = models.ForeignKey(CourtCount, on_delete=models.PROTECT, related_name="sheets")
    station = models.ForeignKey("country.Station", on_delete=models.PROTECT, related_name="+")

    append_only = AppendOnly("DIS-340")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["count", "station"], name="court_sheet_once")]

    def __str__(self) -> str:
        return f"{self.count_id} {self.station_id}"


class CourtEntry(models.Model):
    """What one clerk of the Court read on the signed record. rank 1, 2: blind; 3: by a third person where they differ."""

    sheet = models.ForeignKey(CourtSheet, on_delete=models.PROTECT, related_name="entries")
    rank = models.PositiveSmallIntegerField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    figures = models.BinaryField()
    at = models.DateTimeField()

    told = Told("sheet_id", "rank", "by_id", "figures", "at", station="sheet__station")
    append_only = AppendOnly("DIS-340")

    class Meta:
        ordering = ["sheet", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "rank"], name="court_entry_once"),
            models.UniqueConstraint(fields=["sheet", "by"], name="court_entry_persons"),
            models.CheckConstraint(condition=Q(rank__gte=1, rank__lte=3), name="court_entry_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.rank}"


class CourtExplained(models.Model):
    """Why the Court's figures of a station are not the house's. on: the fingerprint of both; other figures, and it is
    to be explained again."""

    sheet = models.ForeignKey(CourtSheet, on_delete=models.PROTECT, related_name="explained")
    on = models.CharField(max_length=64)
    words = models.CharField(max_length=400)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("DIS-340")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="court_explained_says")]

    def __str__(self) -> str:
        return f"{self.sheet_id}"
