"""What the evidence of a case bears on, and what was read in it: links, copies read by two persons, officers replaced."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly


class EvidenceLink(models.Model):
    """A piece bears on a ground, at a station of it or (none) on the whole ground. note: what it shows. Undone by a
    strike, which stays. Append-only."""

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="evidence_links")
    exhibit = models.ForeignKey("disputes.Exhibit", on_delete=models.PROTECT, related_name="links")
    ground = models.ForeignKey("disputes.Ground", on_delete=models.PROTECT, related_name="links")
    station = models.ForeignKey("country.Station", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    struck_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    struck_at = models.DateTimeField(null=True)

    told = Told("petition_id", "exhibit_id", "ground_id", "station_id", "note", "by_id", "at")
    append_only = AppendOnly("DIS-101", once=("struck_by_id", "struck_at"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["exhibit", "ground", "station"], condition=Q(struck_at=None, station__isnull=False),
                name="evidence_link_once",
            ),
            models.UniqueConstraint(
                fields=["exhibit", "ground"], condition=Q(struck_at=None, station=None), name="evidence_link_ground_once"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.exhibit_id} {self.ground_id} {self.station_id or ''}"


class OfficerReplaced(models.Model):
    """An officer of a station replaced on the day: which place, when, who decided it, by which text. No name is needed.

    listed: was the one who took the place on the list of appointments: yes, no, unknown.
    """

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="replaced")
    station = models.ForeignKey("country.Station", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12)
    happened_at = models.DateTimeField()
    decided_by = models.CharField(max_length=200)
    basis = models.CharField(max_length=300, blank=True)
    listed = models.CharField(max_length=8)
    exhibit = models.ForeignKey("disputes.Exhibit", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    struck_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    struck_at = models.DateTimeField(null=True)

    told = Told("petition_id", "station_id", "role", "happened_at", "decided_by", "basis", "listed", "exhibit_id", "by_id", "at")  # fmt: skip
    append_only = AppendOnly("DIS-101", once=("struck_by_id", "struck_at"))

    class Meta:
        ordering = ["happened_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["president", "secretary", "assessor", "other"]), name="officer_role"
            ),
            models.CheckConstraint(condition=Q(listed__in=["yes", "no", "unknown"]), name="officer_listed"),
            models.CheckConstraint(condition=~Q(decided_by=""), name="officer_decided_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.station_id} {self.role}"


class CopyReading(models.Model):
    """The figures of a copy that a party gave, read from a page of a piece: by a first person, then looked at again by a
    second, who reads the same or says otherwise. Only what two persons read alike is established. Append-only.

    lines: {line: value, None where the paper is empty}. verdict: agrees, differs; empty until the second has looked.
    """

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="copies_read")
    exhibit = models.ForeignKey("disputes.Exhibit", on_delete=models.PROTECT, related_name="readings")
    page = models.PositiveIntegerField(default=1)
    station = models.ForeignKey("country.Station", on_delete=models.PROTECT, related_name="+")
    lines = models.JSONField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    verdict = models.CharField(max_length=8, null=True)  # noqa: DJ001  null: nobody has looked yet
    second = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    second_at = models.DateTimeField(null=True)

    told = Told("petition_id", "exhibit_id", "page", "station_id", "lines", "by_id", "at")
    append_only = AppendOnly("DIS-101", once=("verdict", "second_id", "second_at"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict=None, second=None)
                | (Q(verdict__in=["agrees", "differs"], second__isnull=False) & ~Q(second=F("by"))),
                name="copy_reading_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.station_id} P{self.exhibit_id}"
