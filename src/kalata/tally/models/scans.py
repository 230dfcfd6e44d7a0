"""Files of images as given, and each page of them."""

from __future__ import annotations

from django.db import models

from kalata.states import states_constraint
from kalata.tally.rules.scans import SCANS

from .papers import Paper


class ScanBatch(models.Model):
    """One file of images given to the scanning desk, and what became of each of its pages.

    origin: SHA-256 of the file as given. report: counts by outcome, once done. unit: the territory in whose name
    it was given; null: the nation's.
    """

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="scan_batches")
    unit = models.ForeignKey("country.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    origin = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, default="waiting")
    report = models.JSONField(default=dict)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "results_scanbatch"
        ordering = ["-pk"]
        constraints = [states_constraint(SCANS)]

    def __str__(self) -> str:
        return self.name


class Scan(models.Model):
    """One page as scanned, kept for ever under its SHA-256. paper: null until its form is known.

    outcome: attached, kept (another page or version of a paper already scanned), or why it waits.
    form_page, lines: which page of the form it shows, and the box of each line on it (`rules.placing`); 0 and none where
    the form was not recognised, null where it was never sought.
    """

    batch = models.ForeignKey(ScanBatch, on_delete=models.PROTECT, related_name="scans")
    number = models.PositiveIntegerField()
    paper = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="scans")
    page = models.PositiveSmallIntegerField(default=1)
    sha256 = models.CharField(max_length=64)
    code = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=16)
    detail = models.CharField(max_length=300, blank=True)
    form_page = models.PositiveSmallIntegerField(null=True)
    lines = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        db_table = "results_scan"
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="scan_page_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}.{self.number}"
