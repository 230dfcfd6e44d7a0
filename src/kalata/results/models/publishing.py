"""What was published: numbered batches, notices of recall."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kalata.ledger.locks import AppendOnly


class Batch(models.Model):
    """Reports published together under a number, asked by one person and approved by another.

    digest: SHA-256 over the lines (station, version, figures), in order of station code.
    """

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    document = models.CharField(max_length=300)
    note = models.CharField(max_length=400, blank=True)
    asked_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="batch_number"),
            models.CheckConstraint(condition=~Q(asked_by=F("approved_by")), name="batch_two_persons"),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} n° {self.number}"


class BatchLine(models.Model):
    """One report as it was published. Append-only."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="lines")
    station = models.ForeignKey("country.Station", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    sheet = models.BinaryField()

    append_only = AppendOnly("RES-400")

    class Meta:
        ordering = ["station__code"]
        constraints = [models.UniqueConstraint(fields=["batch", "station"], name="batch_line_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.station_id}"


class RecallNotice(models.Model):
    """The public notice that a published report was taken back: which, why, by which act. Append-only.

    version: rank of the row in the house. published: False only in notices of validated reports, written before this was
    the public's alone; nobody is shown those.
    """

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="recalls")
    station = models.ForeignKey("country.Station", on_delete=models.PROTECT, related_name="recalls")
    number = models.PositiveIntegerField()
    version = models.PositiveSmallIntegerField()
    published = models.BooleanField()
    reason = models.CharField(max_length=400)
    document = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    append_only = AppendOnly("RES-400")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["contest", "number"], name="recall_number")]

    def __str__(self) -> str:
        return f"{self.contest_id} n° {self.number}"
