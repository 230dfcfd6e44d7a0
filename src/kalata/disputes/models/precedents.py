"""Decisions that may be cited: the Court's own once published, and those of the past that the pack tells."""

from __future__ import annotations

from django.db import models


class Precedent(models.Model):
    """One decision to search and cite. origin: "ruling:12", or "pack:ml:CH01"; day: its date as known, "2013-12" too.

    marks: |kind:value| of its articles, grounds and outcomes, each once; folded: every word of it as it is searched.
    source, confidence: of a decision of the past, none of the Court's own.
    """

    origin = models.CharField(max_length=80, unique=True)
    ruling = models.OneToOneField("disputes.Ruling", null=True, on_delete=models.PROTECT, related_name="precedent")
    number = models.CharField(max_length=60, blank=True)
    ecli = models.CharField(max_length=80, blank=True)
    day = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField(db_index=True)
    kind = models.CharField(max_length=60, db_index=True)
    title = models.CharField(max_length=400)
    text = models.TextField()
    folded = models.TextField()
    marks = models.TextField(blank=True)
    source = models.CharField(max_length=200, blank=True)
    confidence = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["-day", "-id"], name="precedent_newest")]

    def __str__(self) -> str:
        return self.number or self.origin
