"""Decisions of the Court as they changed the results: what each ordered, station by station, and what followed. Append-only."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kalata.ledger.bonds import Told
from kalata.ledger.limits import Limit, declare
from kalata.ledger.locks import AppendOnly


class Decision(models.Model):
    """A signed decision, carried out once on a contest.

    digest: SHA-256 of the signed decision; versions written under it name it as their proof. signed_by: who signed;
    carried_by: who carried it out, another person. acts: as they were signed. words: what the public reads as reason.
    """

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="decisions")
    number = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    acts = models.JSONField()
    words = models.CharField(max_length=400)
    signed_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    carried_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told("contest_id", "number", "digest", "acts", "words", "signed_by_id", "carried_by_id", "at")
    append_only = AppendOnly("RES-400")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="decision_once"),
            models.UniqueConstraint(fields=["contest", "digest"], name="decision_text_once"),
            models.CheckConstraint(condition=~Q(signed_by=F("carried_by")), name="decision_two_persons"),
            models.CheckConstraint(condition=~Q(number="") & ~Q(digest=""), name="decision_numbered"),
        ]

    def __str__(self) -> str:
        return self.number


class DecisionLine(models.Model):
    """What a decision makes of one station: the record it found, the one it orders. before: 0 where there was none."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="lines")
    station = models.ForeignKey("country.Station", on_delete=models.PROTECT, related_name="decision_lines")
    act = models.CharField(max_length=40)
    before = models.PositiveIntegerField()
    standing = models.PositiveSmallIntegerField()
    sheet = models.BinaryField()
    reason = models.CharField(max_length=400)

    told = Told("decision_id", "station_id", "act", "before", "standing", "sheet", "reason", station="station")
    append_only = AppendOnly("RES-400")

    class Meta:
        ordering = ["station__code"]
        constraints = [models.UniqueConstraint(fields=["decision", "station"], name="decision_line_once")]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.station_id}"


class DecisionEffect(models.Model):
    """Totals, seats, order and outcome before and after a decision, as they were computed in its own transaction."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="effect")
    before = models.JSONField()
    after = models.JSONField()

    append_only = AppendOnly("RES-400")

    def __str__(self) -> str:
        return f"{self.decision_id}"


class Contestation(models.Model):
    """A station that a petition attacks, whatever its record is: counted, annulled, set aside or missing."""

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="contestations")
    station = models.ForeignKey("country.Station", on_delete=models.PROTECT, related_name="contestations")
    petition = models.CharField(max_length=60)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decision = models.CharField(max_length=60, blank=True)

    append_only = AppendOnly("RES-400", once=("decision",))

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["station", "petition"], name="contestation_once")]

    def __str__(self) -> str:
        return f"{self.petition} {self.station_id}"


class Proclamation(models.Model):
    """The Court's final result of a contest. From then on no version of a record is written."""

    contest = models.OneToOneField("country.Contest", on_delete=models.PROTECT, related_name="proclamation")
    number = models.CharField(max_length=60)
    document = models.CharField(max_length=64)
    figures = models.CharField(max_length=64)
    outcome = models.CharField(max_length=64)
    signed_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    carried_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("RES-400")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(signed_by=F("carried_by")), name="proclamation_two_persons"),
            models.CheckConstraint(condition=~Q(number="") & ~Q(document=""), name="proclamation_numbered"),
        ]

    def __str__(self) -> str:
        return self.number


declare(
    Limit(
        "results_stationreport", "before_proclaimed", "insert",
        "exists (select 1 from results_proclamation p where p.contest_id = new.contest_id)",
        "RES-346 the Court has proclaimed", ("results_proclamation",),
    ),
)  # fmt: skip
