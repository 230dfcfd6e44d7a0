"""Copies of agents and observers."""

from __future__ import annotations

from django.db import models

from kalata.states import states_constraint
from kalata.tally.rules.copies import COPY, COPY_ANSWER


class Copy(models.Model):
    """The figures of a candidate's agent or an observer, kept as given and compared with the report (W09)."""

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="copies")
    station = models.ForeignKey("country.Station", on_delete=models.PROTECT, related_name="copies")
    source = models.CharField(max_length=120)
    sheet = models.BinaryField()
    image = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=12, default="waiting")
    apart = models.JSONField(default=dict)
    stake = models.PositiveIntegerField(default=0)
    agreeing = models.PositiveSmallIntegerField(default=0)
    against = models.CharField(max_length=64, blank=True)
    answer = models.CharField(max_length=16, blank=True)
    note = models.CharField(max_length=400, blank=True)
    answered_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "results_copy"
        ordering = ["-agreeing", "-stake", "pk"]
        indexes = [models.Index(fields=["contest", "status"], name="copy_queue")]
        constraints = [states_constraint(COPY), states_constraint(COPY_ANSWER)]

    def __str__(self) -> str:
        return f"{self.station_id} {self.source}"
