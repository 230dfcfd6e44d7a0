"""Clocks of a case: one a ground, one a party, each with every reading of its limit."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kalata.disputes.rules.service import CLOCK_LABELS
from kalata.ledger.bonds import Told

CLOCKS = tuple(CLOCK_LABELS)


class Clock(models.Model):
    """One limit of one case. kind: filing (of a ground), reply (of a party), cure, measure, report, decision.

    limit: the one that people act on, as the law prints it; bound: the first instant that is too late. readings: every
    reading, {rule, deadline, default, filed?, trace?}; order, article: what it rests on. override: the act that decides
    it, by two persons; the computed readings stay. met_at: what it waited for was done; stopped_at: it no longer runs.
    """

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=8)
    ground = models.ForeignKey("disputes.Ground", null=True, on_delete=models.PROTECT, related_name="clocks")
    party = models.ForeignKey("disputes.Party", null=True, on_delete=models.PROTECT, related_name="clocks")
    service = models.OneToOneField("disputes.Service", null=True, on_delete=models.PROTECT, related_name="clock")
    about = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(null=True)
    limit = models.CharField(max_length=20, blank=True)
    bound = models.DateTimeField(null=True)
    readings = models.JSONField(default=list)
    verdict = models.CharField(max_length=12, blank=True)
    order = models.CharField(max_length=120, blank=True)
    article = models.CharField(max_length=200, blank=True)
    confidence = models.CharField(max_length=60, blank=True)
    override = models.JSONField(null=True)
    met_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_why = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    told = Told(
        "petition_id", "kind", "ground_id", "party_id", "service_id", "about", "started_at", "limit", "bound", "readings",
        "verdict", "order", "article", "override", "met_at", "stopped_at", "stopped_why", "at", again=True,
    )  # fmt: skip

    class Meta:
        ordering = ["bound", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CLOCKS), name="clock_kind"),
            models.CheckConstraint(condition=Q(ground=None) | Q(party=None), name="clock_of_one"),
            models.CheckConstraint(
                condition=Q(verdict__in=["", "in_time", "late", "undetermined"]), name="clock_verdict"
            ),
            models.UniqueConstraint(
                fields=["ground"], condition=Q(kind="filing", stopped_at=None), name="clock_one_a_ground"
            ),
        ]
        indexes = [
            models.Index(fields=["petition", "bound"], name="clock_next"),
            models.Index(fields=["bound"], condition=Q(met_at=None, stopped_at=None), name="clock_running"),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.kind} {self.limit}"
