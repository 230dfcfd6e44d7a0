"""What the registry holds beside a case: its sheet for the docket, measures, the checklist, who answers for a party."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from kalata.ledger.locks import AppendOnly


class CaseSheet(models.Model):
    """The case as the docket lists it, made anew by each act on it. revision: what a page has read, so that of two
    registrars on one case the second reads again.

    next_at: the nearest limit that runs; unserved, reached: parties that a paper has not reached, has;
    points: the last checklist, a letter a point (`rules.points`), empty where none was drawn; verdict: of its grounds
    together; ceiling, votes, seats, stations: what is at stake, where it was computed; last_act_at, held_by: who acts.
    """

    petition = models.OneToOneField("disputes.Petition", on_delete=models.CASCADE, related_name="sheet")
    revision = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=250, blank=True)
    where = models.CharField(max_length=200, blank=True)
    petitioner = models.CharField(max_length=200, blank=True)
    folded = models.TextField(blank=True)
    stations = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=12, blank=True)
    next_at = models.DateTimeField(null=True, db_index=True)
    next_limit = models.CharField(max_length=20, blank=True)
    next_kind = models.CharField(max_length=8, blank=True)
    unserved = models.PositiveSmallIntegerField(default=0)
    reached = models.PositiveSmallIntegerField(default=0)
    points = models.CharField(max_length=7, blank=True)
    ceiling = models.CharField(max_length=8, default="unknown")
    votes = models.PositiveIntegerField(default=0)
    seats = models.PositiveSmallIntegerField(default=0)
    last_act_at = models.DateTimeField()
    held_by = models.CharField(max_length=40, blank=True)
    open = models.BooleanField(default=True)
    rank = models.PositiveIntegerField(default=0, db_index=True)

    class Meta:
        ordering = ["rank", "pk"]

    def __str__(self) -> str:
        return f"{self.petition_id} r{self.revision}"

    @property
    def next_soon(self) -> bool:
        """Less than a day is left."""
        return self.next_at is not None and self.next_at - timezone.now() <= timedelta(days=1)


class Measure(models.Model):
    """A measure of instruction: asked by the rapporteur, answered by the liaison of the EMB, who reads it and nothing else."""

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="measures")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    what = models.TextField()
    to = models.CharField(max_length=200, blank=True)
    due = models.DateTimeField(null=True)
    asked_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    exhibit = models.ForeignKey("disputes.Exhibit", null=True, on_delete=models.PROTECT, related_name="+")
    struck_at = models.DateTimeField(null=True)
    struck_why = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["petition_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["petition", "number"], name="measure_number"),
            models.CheckConstraint(
                condition=Q(kind__in=["report", "originals", "recount", "hearing", "observations"]), name="measure_kind"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="measure_answered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} M{self.number}"


class Checklist(models.Model):
    """What the checklist said of a case, once: items by article, a proposal, draft reasons. A draft, never a decision. Append-only."""

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="checklists")
    proposal = models.CharField(max_length=20)
    said = models.JSONField()
    form = models.JSONField(default=dict)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("DIS-101")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.proposal}"


class Representation(models.Model):
    """An account asks to answer for a party, by a document; the registry decides. Accepted, the account is the party's."""

    party = models.ForeignKey("disputes.Party", on_delete=models.PROTECT, related_name="representations")
    account = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="representations")
    words = models.CharField(max_length=200)
    exhibit = models.ForeignKey("disputes.Exhibit", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=8, blank=True)
    why = models.CharField(max_length=400, blank=True)
    decided_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=["", "accepted", "refused", "ended"]), name="representation_answer"
            ),
            models.CheckConstraint(
                condition=Q(answer="", decided_by=None) | (~Q(answer="") & Q(decided_by__isnull=False)),
                name="representation_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["party", "account"], condition=Q(answer=""), name="representation_asked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.account_id} {self.answer or 'asked'}"


class Dissolution(models.Model):
    """A party that no longer exists: since when, by which act, who succeeds it (none: nobody). Its case goes on. Append-only."""

    party = models.OneToOneField("disputes.Party", on_delete=models.PROTECT, related_name="dissolution")
    since = models.DateField()
    act = models.CharField(max_length=200)
    successor = models.ForeignKey("disputes.Party", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("DIS-101")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(act=""), name="dissolution_by_an_act")]

    def __str__(self) -> str:
        return f"{self.party_id} {self.since}"
