"""Who may report a case and who does: conflicts, recusals, the draw and each of its lines."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kalata.disputes.rules.recusals import RECUSAL
from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly
from kalata.states import states_constraint


class Conflict(models.Model):
    """A declaration that meets a case: it bars its member until somebody decides, and after if it is upheld.

    matched: the party or the place it meets. decision: barred, clear; empty until it is decided, with its reason.
    """

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="conflicts")
    member = models.ForeignKey("disputes.BenchMember", on_delete=models.PROTECT, related_name="conflicts")
    declaration = models.ForeignKey("disputes.Declaration", on_delete=models.PROTECT, related_name="hits")
    matched = models.CharField(max_length=200)
    at = models.DateTimeField()
    decision = models.CharField(max_length=6, null=True)  # noqa: DJ001  null: nobody has decided yet
    reason = models.CharField(max_length=400, null=True)  # noqa: DJ001
    decided_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    told = Told("petition_id", "member_id", "declaration_id", "matched", "at")
    append_only = AppendOnly("DIS-101", once=("decision", "reason", "decided_by_id", "decided_at"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["petition", "declaration", "matched"], name="conflict_once"),
            models.CheckConstraint(condition=Q(decision=None) | Q(decision__in=["barred", "clear"]), name="conflict_decision"),
            models.CheckConstraint(
                condition=Q(decision=None, decided_by=None) | (Q(decision__isnull=False, decided_by__isnull=False, reason__isnull=False) & ~Q(reason="")),
                name="conflict_decided_by_somebody",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.petition_id} {self.member_id}"


class Recusal(models.Model):
    """A member challenged by a party, or who steps aside (aside). allowed, article: what the pack said that day."""

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="recusals")
    member = models.ForeignKey("disputes.BenchMember", on_delete=models.PROTECT, related_name="recusals")
    party = models.ForeignKey("disputes.Party", null=True, on_delete=models.PROTECT, related_name="recusals")
    aside = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default="demanded")
    grounds = models.CharField(max_length=2_000)
    reply = models.CharField(max_length=2_000, blank=True)
    decision = models.CharField(max_length=2_000, blank=True)
    allowed = models.BooleanField()
    article = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            states_constraint(RECUSAL),
            models.CheckConstraint(
                condition=~Q(state="granted") | Q(allowed=True), name="recusal_granted_where_allowed"
            ),
            models.CheckConstraint(condition=Q(aside=True) | Q(party__isnull=False), name="recusal_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.member_id}"


class Draw(models.Model):
    """The draw of reporting judges of a contest. commit: SHA-256 of the seed, before the first petition; two persons.

    per_stations: one more weight for each so many stations challenged, 0: every case weighs one. seed: published at the end, with which anybody replays every line; until then the house does not hold it.
    """

    contest = models.OneToOneField("country.Contest", on_delete=models.PROTECT, related_name="draw")
    commit = models.CharField(max_length=64)
    tolerance = models.PositiveSmallIntegerField(default=1)
    per_stations = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    seed = models.CharField(max_length=512, null=True)  # noqa: DJ001  null: it is not published
    published_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)

    told = Told("contest_id", "commit", "tolerance", "per_stations", "by_id", "second_id", "at")
    append_only = AppendOnly("DIS-101", once=("seed", "published_by_id", "published_at"))

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(by=F("second")), name="draw_by_two")]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.commit[:12]}"


class DrawLine(models.Model):
    """A case and its reporting judge: drawn, or given by a written decision. Append-only; the last of a case is in force.

    loads: of the eligible before it; barred: who was not eligible that day; digest: the number that won; why: the
    decision that gave it.
    """

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="draw_lines")
    number = models.PositiveIntegerField()
    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="draw_lines")
    member = models.ForeignKey("disputes.BenchMember", on_delete=models.PROTECT, related_name="draw_lines")
    roll = models.PositiveIntegerField()
    weight = models.PositiveSmallIntegerField()
    given = models.BooleanField(default=False)
    why = models.CharField(max_length=400, blank=True)
    barred = models.JSONField(default=list)
    loads = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told(
        "contest_id",
        "number",
        "petition_id",
        "member_id",
        "roll",
        "weight",
        "given",
        "why",
        "barred",
        "digest",
        "by_id",
        "at",
    )
    append_only = AppendOnly("DIS-101")

    class Meta:
        ordering = ["contest", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="draw_line_in_order"),
            models.UniqueConstraint(fields=["petition"], condition=Q(given=False), name="draw_once"),
            models.CheckConstraint(condition=Q(given=False) | ~Q(why=""), name="draw_given_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.number}"
