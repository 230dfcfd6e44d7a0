"""Station reports in versions, and the imports that brought them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Import(models.Model):
    """A file on its way in: uploaded, mapped, checked, then committed whole or refused whole."""

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="imports")
    name = models.CharField(max_length=200)
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    header = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=4, blank=True)
    profile = models.JSONField(null=True)
    create = models.CharField(max_length=10, default="none")
    partial = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default="uploaded")
    report = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk} {self.name}"


class MappingProfile(models.Model):
    """A mapping kept for the next file of the same kind. unit: the territory it serves; null: the nation."""

    name = models.CharField(max_length=120, unique=True)
    unit = models.ForeignKey("country.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    profile = models.JSONField()
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class StationReport(models.Model):
    """One version of what a station reported. A correction is a new row; the old one stays.

    sheet: int32 little-endian, the contest's boxes then the votes in ballot order, -1 where the
    paper is empty (`results.store` packs and unpacks it; docs/decisions/0004). One current row
    per station, said by the database too.
    """

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="+")
    station = models.ForeignKey("country.Station", on_delete=models.PROTECT, related_name="reports")
    version = models.PositiveIntegerField(default=1)
    current = models.BooleanField(default=True)
    standing = models.PositiveSmallIntegerField(default=0)
    sheet = models.BinaryField()
    source = models.ForeignKey(Import, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "version"], name="report_version"),
            models.UniqueConstraint(fields=["station"], condition=Q(current=True), name="report_one_current"),
        ]
        indexes = [models.Index(fields=["contest", "current", "station"])]

    def __str__(self) -> str:
        return f"{self.station_id} v{self.version}"
