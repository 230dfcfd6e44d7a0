"""Papers of the procedure, their service on each party, and what was tried."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kalata.disputes.rules.service import PAPERS, Mode, Outcome
from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly

KINDS = tuple(PAPERS)


class Filing(models.Model):
    """A paper of the procedure: the petition, a brief, an order, a notice. It is served on the parties that it concerns.

    party: who filed it; none: the Court. exhibit: the piece that is it, where it is a file. term_n, term_unit (hour,
    day) or term_until: the time that its service opens to each party, by the act term_order. verdict: in time, late or
    undetermined against the readings of the clock it answers. Struck, it stays legible.
    """

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="filings")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    exhibit = models.ForeignKey("disputes.Exhibit", null=True, on_delete=models.PROTECT, related_name="filings")
    party = models.ForeignKey("disputes.Party", null=True, on_delete=models.PROTECT, related_name="filings")
    filed_at = models.DateTimeField()
    verdict = models.CharField(max_length=12, blank=True)
    term_n = models.PositiveSmallIntegerField(default=0)
    term_unit = models.CharField(max_length=4, default="hour")
    term_until = models.CharField(max_length=20, blank=True)
    term_order = models.CharField(max_length=120, blank=True)
    struck_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    struck_why = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told(
        "petition_id", "number", "kind", "title", "exhibit_id", "party_id", "filed_at", "verdict", "term_n", "term_unit",
        "term_until", "term_order", "struck_at", "struck_why", "by_id", "at", again=True,
    )  # fmt: skip

    class Meta:
        ordering = ["petition_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["petition", "number"], name="filing_number"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="filing_kind"),
            models.CheckConstraint(condition=Q(term_unit__in=["hour", "day"]), name="filing_term_unit"),
            models.CheckConstraint(condition=Q(struck_at=None) | ~Q(struck_why=""), name="filing_struck_why"),
            models.CheckConstraint(
                condition=Q(verdict__in=["", "in_time", "late", "undetermined"]), name="filing_verdict"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.number} {self.kind}"


class Service(models.Model):
    """One paper for one party: served once, at an instant, with its proof; or waived by an act that is named.

    twin_of: the delivery that reached the same person for another case of the group. acknowledged_at: in the portal.
    """

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="services")
    document = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="services")
    party = models.ForeignKey("disputes.Party", on_delete=models.PROTECT, related_name="services")
    twin_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="twins")
    mode = models.CharField(max_length=8, blank=True)
    address = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    served_at = models.DateTimeField(null=True)
    proof = models.ForeignKey("disputes.Exhibit", null=True, on_delete=models.PROTECT, related_name="+")
    waiver = models.CharField(max_length=200, blank=True)
    struck_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    struck_why = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told(
        "petition_id", "document_id", "party_id", "twin_of_id", "mode", "address", "attempts", "served_at", "proof_id",
        "waiver", "struck_at", "struck_why", "by_id", "at", again=True,
    )  # fmt: skip

    class Meta:
        ordering = ["document_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["document", "party"], condition=Q(struck_at=None), name="service_once"),
            models.CheckConstraint(condition=Q(mode__in=["", *[m.value for m in Mode]]), name="service_mode"),
            models.CheckConstraint(
                condition=Q(served_at=None) | Q(proof__isnull=False) | Q(mode="portal"), name="service_has_proof"
            ),
            models.CheckConstraint(condition=Q(struck_at=None) | ~Q(struck_why=""), name="service_struck_why"),
        ]
        indexes = [
            models.Index(
                fields=["petition"], condition=Q(served_at=None, struck_at=None, waiver=""), name="service_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id} > {self.party_id}"


class ServiceAttempt(models.Model):
    """One try to serve: how, when, what became of it. Append-only."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="tried")
    mode = models.CharField(max_length=8)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8)
    note = models.CharField(max_length=300, blank=True)
    proof = models.ForeignKey("disputes.Exhibit", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    append_only = AppendOnly("DIS-101")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(mode__in=[m.value for m in Mode]), name="attempt_mode"),
            models.CheckConstraint(condition=Q(outcome__in=[o.value for o in Outcome]), name="attempt_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.mode} {self.outcome}"
